package confine

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// The versions of Landlock since which it knows about TCP ports and about connecting to Unix sockets.
const (
	landlockTCP  = 4
	landlockUnix = 9
)

// terminal is opened again each time the screen comes back.
const terminal = "/dev/tty"

// What may be done with a file or folder. Moving a file to another folder is not among it: nothing needs it, and the first
// version of Landlock could not grant it.
const (
	readFile  = landlock.AccessFSSet(ll.AccessFSReadFile)
	readDir   = readFile | ll.AccessFSReadDir
	writeFile = readFile | ll.AccessFSWriteFile | ll.AccessFSTruncate
	removeDir = landlock.AccessFSSet(ll.AccessFSRemoveDir)
	writeDir  = writeFile | readDir | ll.AccessFSMakeReg | ll.AccessFSMakeDir | ll.AccessFSRemoveFile | removeDir
	useTTY    = readFile | ll.AccessFSWriteFile | ll.AccessFSIoctlDev
)

// landlockVersion asks the kernel; 0 for none.
func landlockVersion() int {
	version, err := ll.LandlockGetABIVersion()
	if err != nil {
		return 0
	}
	return version
}

// restrict has Landlock refuse all files and ports but those of the rules, to all threads.
func restrict(abi int, rules Rules) error {
	if abi == 0 {
		return nil
	}
	granted, err := grants(rules)
	if err != nil {
		return err
	}
	all := landlock.V11
	// Signals stay: the shell's job, `make run` for one, is stopped and woken as a whole.
	all.Scoped = ll.ScopeAbstractUnixSocket
	if err := all.BestEffort().Restrict(granted...); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	return nil
}

func grants(rules Rules) ([]landlock.Rule, error) {
	var granted []landlock.Rule
	if !rules.Alone {
		granted = append(granted, landlock.PathAccess(useTTY, terminal).IgnoreIfMissing())
	}
	for _, port := range rules.ConnectPorts {
		granted = append(granted, landlock.ConnectTCP(port))
	}
	for _, path := range rules.UnixSockets {
		// The folder rather than the socket: whoever listens makes a new one each time.
		granted = append(granted, landlock.PathAccess(ll.AccessFSResolveUnix, filepath.Dir(path)).IgnoreIfMissing())
	}
	for _, path := range rules.Temporary {
		granted = append(granted, landlock.PathAccess(removeDir, filepath.Dir(path)).IgnoreIfMissing())
	}
	for _, set := range []struct {
		paths        []string
		file, folder landlock.AccessFSSet
	}{
		{rules.Read, readFile, readDir},
		{rules.Write, writeFile, writeDir},
		{rules.Temporary, writeFile, writeDir},
	} {
		for _, path := range set.paths {
			info, err := os.Stat(path)
			switch {
			case os.IsNotExist(err):
			case err != nil:
				return nil, fmt.Errorf("confine: %w", err)
			case info.IsDir():
				granted = append(granted, landlock.PathAccess(set.folder, path))
			default:
				granted = append(granted, landlock.PathAccess(set.file, path))
			}
		}
	}
	return granted, nil
}
