package confine

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

var (
	errNoFilter         = errors.New("seccomp: the kernel takes no filter")
	errUnknownProcessor = errors.New("seccomp: unknown processor")
)

// What a filter answers. A refused call fails as one that Landlock refuses does; the process lives on.
const (
	allow  = unix.SECCOMP_RET_ALLOW
	refuse = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
)

// Where struct seccomp_data has its fields, on processors with the low half of a word first.
const (
	numberAt    = 0
	processorAt = 4
	argumentsAt = 16
)

// x32 is the bit of the numbers by which 64-bit Intel processors can be called in a second way.
const x32 = 0x40000000

// socketKind are the bits of socket's second argument that are not flags (SOCK_TYPE_MASK).
const socketKind = 0xf

// installFilter has seccomp refuse, to all threads, the calls by which the rules could be got round.
func installFilter(rules Rules) error {
	program, err := filter(rules)
	if err != nil {
		return err
	}
	raw, err := bpf.Assemble(program)
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	code := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		code[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	return install(unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]})
}

func install(program unix.SockFprog) error {
	runtime.LockOSThread() // no_new_privs is this thread's until the filter carries it to the others
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return errNoFilter
	}
	// There is no wrapper of this call that would do without the pointer.
	other, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program)))
	switch {
	case errno == unix.ENOSYS, errno == unix.EINVAL, errno == unix.EPERM:
		return errNoFilter
	case errno != 0:
		return fmt.Errorf("seccomp: %w", errno)
	case other != 0:
		return fmt.Errorf("seccomp: thread %d has a filter of its own", other)
	}
	return nil
}

// processor is how the kernel names the processor of this program.
func processor() (uint32, error) {
	switch runtime.GOARCH {
	case "amd64":
		return unix.AUDIT_ARCH_X86_64, nil
	case "arm64":
		return unix.AUDIT_ARCH_AARCH64, nil
	case "riscv64":
		return unix.AUDIT_ARCH_RISCV64, nil
	default:
		return 0, fmt.Errorf("%w %q", errUnknownProcessor, runtime.GOARCH)
	}
}

// refused lists the calls that are refused whatever their arguments are.
func refused() []uint32 {
	return []uint32{
		// Starting programs goes through the door.
		unix.SYS_EXECVE, unix.SYS_EXECVEAT,
		// Nobody is to connect to us.
		unix.SYS_BIND, unix.SYS_LISTEN,
		// A ring does what system calls do, unseen by this filter.
		unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
		// Acting through another process, which is not confined.
		unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
		// Leaving for another namespace.
		unix.SYS_SETNS, unix.SYS_UNSHARE, unix.SYS_BPF,
	}
}

// signals lists the other calls by which a process interrupts, stops or ends one.
func signals() []uint32 {
	return []uint32{unix.SYS_KILL, unix.SYS_TKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO, unix.SYS_PIDFD_SEND_SIGNAL}
}

// filter assembles the program that looks at each system call.
func filter(rules Rules) ([]bpf.Instruction, error) {
	id, err := processor()
	if err != nil {
		return nil, err
	}
	program := []bpf.Instruction{
		// Another processor's calls, which this one may offer too, have other numbers.
		load(processorAt), when(bpf.JumpEqual, id, 1), answer(refuse),
		load(numberAt), when(bpf.JumpLessThan, x32, 1), answer(refuse),
	}
	for _, number := range refused() {
		program = append(program, when(bpf.JumpNotEqual, number, 1), answer(refuse))
	}
	// A message can open a connection as it is sent (TCP Fast Open), which Landlock does not see.
	for number, flags := range map[uint32]uint32{unix.SYS_SENDTO: 3, unix.SYS_SENDMSG: 2, unix.SYS_SENDMMSG: 3} {
		program = block(program, number, argument(flags), when(bpf.JumpBitsNotSet, unix.MSG_FASTOPEN, 1), answer(refuse))
	}
	// Typing into the terminal in the user's name, for the shell to read.
	program = block(program, unix.SYS_IOCTL, argument(1),
		when(bpf.JumpNotEqual, unix.TIOCSTI, 1), answer(refuse), when(bpf.JumpNotEqual, unix.TIOCLINUX, 1), answer(refuse))
	if rules.Alone {
		// Go's threads interrupt each other, by the number of their process.
		program = block(program, unix.SYS_TGKILL, argument(0), when(bpf.JumpEqual, uint32(os.Getpid()), 1), answer(refuse))
		for _, number := range signals() {
			program = append(program, when(bpf.JumpNotEqual, number, 1), answer(refuse))
		}
	}
	program = block(program, unix.SYS_SOCKET, sockets(rules)...)
	return append(program, answer(allow)), nil
}

// sockets judges the arguments of socket: streams only, of the families that the rules need.
func sockets(rules Rules) []bpf.Instruction {
	code := []bpf.Instruction{argument(1), bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: socketKind},
		when(bpf.JumpEqual, unix.SOCK_STREAM, 1), answer(refuse)}
	if len(rules.UnixSockets) > 0 {
		code = append(code, argument(0), when(bpf.JumpNotEqual, unix.AF_UNIX, 1), answer(allow))
	}
	if len(rules.ConnectPorts) > 0 {
		// Streams that are not TCP (Multipath TCP, SCTP) escape Landlock.
		code = append(code, argument(2), when(bpf.JumpEqual, 0, 2), when(bpf.JumpEqual, unix.IPPROTO_TCP, 1), answer(refuse),
			argument(0), when(bpf.JumpNotEqual, unix.AF_INET, 1), answer(allow),
			when(bpf.JumpNotEqual, unix.AF_INET6, 1), answer(allow))
	}
	return append(code, answer(refuse))
}

// block adds what is asked about one system call. What it lets through is allowed, and looked at no further.
func block(program []bpf.Instruction, number uint32, code ...bpf.Instruction) []bpf.Instruction {
	code = slices.Concat(code, []bpf.Instruction{answer(allow)})
	return append(append(program, when(bpf.JumpNotEqual, number, uint8(len(code)))), code...)
}

func load(at uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: at, Size: 4} }

// argument loads the low half of an argument: the kernel takes no more of those that are looked at here.
func argument(n uint32) bpf.Instruction { return load(argumentsAt + 8*n) }

// when skips instructions if the loaded value compares so.
func when(test bpf.JumpTest, value uint32, skip uint8) bpf.Instruction {
	return bpf.JumpIf{Cond: test, Val: value, SkipTrue: skip}
}

func answer(value uint32) bpf.Instruction { return bpf.RetConstant{Val: value} }
