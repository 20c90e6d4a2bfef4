package confine

import (
	"errors"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// measure finds what is in force by trying what ought to be refused. Nothing that it tries can send a packet.
func measure(abi int, rules Rules) State {
	unixBlocked := refusedSocket(unix.AF_UNIX, unix.SOCK_STREAM)
	return State{
		Landlock:      abi,
		FilesConfined: filesRefused(rules),
		TCPConfined:   tcpRefused(rules.ConnectPorts) && noMultipath(),
		UDPBlocked: refusedSocket(unix.AF_INET, unix.SOCK_DGRAM) && refusedSocket(unix.AF_INET6, unix.SOCK_DGRAM) &&
			refusedSocket(unix.AF_INET, unix.SOCK_RAW) && refusedSocket(unix.AF_NETLINK, unix.SOCK_RAW),
		UnixConfined:    unixBlocked || abi >= landlockUnix && len(rules.UnixSockets) > 0,
		ProgramsBlocked: refusedStart(unix.SYS_EXECVE) && refusedStart(unix.SYS_EXECVEAT),
	}
}

// refusedStart tries to start the program without a name, which the kernel does not find.
func refusedStart(call uintptr) bool {
	_, _, errno := unix.Syscall6(call, 0, 0, 0, 0, 0, 0)
	return errno == unix.EACCES
}

func refusedSocket(family, kind int) bool {
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return errors.Is(err, unix.EACCES)
	}
	unix.Close(fd)
	return false
}

// tcpRefused tries a port of the broadcast address, to which TCP can not connect in any case: the kernel answers before a
// packet is made.
func tcpRefused(allowed []uint16) bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return errors.Is(err, unix.EACCES)
	}
	defer unix.Close(fd)
	port := 1
	for slices.Contains(allowed, uint16(port)) {
		port++
	}
	return errors.Is(unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{255, 255, 255, 255}}), unix.EACCES)
}

// noMultipath: Landlock does not see the connections of Multipath TCP.
func noMultipath() bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, unix.IPPROTO_MPTCP)
	if err == nil {
		unix.Close(fd)
	}
	return err != nil
}

// filesRefused tries folders that everybody may read.
func filesRefused(rules Rules) bool {
	for _, path := range []string{"/", "/proc", "/dev", "/etc"} {
		if slices.ContainsFunc(slices.Concat(rules.Read, rules.Write, rules.Temporary), func(granted string) bool {
			return path == granted || strings.HasPrefix(path, strings.TrimSuffix(granted, "/")+"/")
		}) {
			continue
		}
		file, err := os.Open(path)
		if err == nil {
			file.Close()
			return false
		}
		if errors.Is(err, unix.EACCES) {
			return true
		}
	}
	return false
}
