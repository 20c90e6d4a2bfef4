package confine

import (
	"errors"
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// Isolate leaves a process nothing but to compute and to use the files that it has open: no other file, no terminal, no
// socket, no program, no core file, nobody to look at its memory, nothing to be seen of what it prints, and at most so many
// bytes of memory beyond what it has. Its memory is kept out of the swap space where that is allowed.
func Isolate(memory uint64) (State, error) {
	if err := silence(); err != nil {
		return State{}, fmt.Errorf("isolate: %w", err)
	}
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	lockMemory()
	err := errors.Join(unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}), limitMemory(memory))
	if err != nil {
		return State{}, fmt.Errorf("isolate: %w", err)
	}
	return Apply(Rules{Alone: true})
}

// silence has all that is printed go to nowhere, and nothing come in.
func silence() error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	for fd := range 3 {
		if err := unix.Dup3(int(null.Fd()), fd, 0); err != nil {
			return err
		}
	}
	return nil
}

// limitMemory bounds what the process can write to, which is what fills the machine's memory.
func limitMemory(memory uint64) error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var skip, data uint64
	if _, err := fmt.Sscan(string(statm), &skip, &skip, &skip, &skip, &skip, &data); err != nil {
		return err
	}
	most := data*uint64(os.Getpagesize()) + memory
	return unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most})
}

// lockMemory keeps all memory out of the swap space, if the kernel lets us lock as much as we like: with a limit, and Go
// reserving far more than it uses, the next reservation would fail.
func lockMemory() {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit) == nil && (limit.Cur == math.MaxUint64 || mayLock()) {
		_ = unix.Mlockall(unix.MCL_CURRENT | unix.MCL_FUTURE | unix.MCL_ONFAULT)
	}
}

// mayLock reports whether the limit of locked memory does not hold for this process.
func mayLock() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	return unix.Capget(&header, &sets[0]) == nil && sets[0].Effective&(1<<unix.CAP_IPC_LOCK) != 0
}
