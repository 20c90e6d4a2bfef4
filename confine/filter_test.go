package confine

import (
	"encoding/binary"
	"os"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// call is a system call as the filter is shown it.
type call struct {
	processor, number uint32
	arguments         [6]uint64
}

// verdict runs the filter as the kernel would.
func verdict(t *testing.T, rules Rules, c call) uint32 {
	t.Helper()
	program, err := filter(rules)
	must(t, err)
	machine, err := bpf.NewVM(program)
	must(t, err)
	// The machine reads words with the high byte first; which word is where does not depend on that.
	data := binary.BigEndian.AppendUint32(nil, c.number)
	data = binary.BigEndian.AppendUint32(data, c.processor)
	data = append(data, make([]byte, 8)...)
	for _, a := range c.arguments {
		data = binary.BigEndian.AppendUint32(data, uint32(a))
		data = binary.BigEndian.AppendUint32(data, uint32(a>>32))
	}
	result, err := machine.Run(data)
	must(t, err)
	return uint32(result)
}

func TestFilter(t *testing.T) {
	here, err := processor()
	must(t, err)
	const stream, high = unix.SOCK_STREAM | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK, 1 << 32
	socket := func(family, kind, protocol uint64) call {
		return call{here, unix.SYS_SOCKET, [6]uint64{family, kind, protocol}}
	}
	tcp, local := Rules{ConnectPorts: []uint16{9050}}, Rules{UnixSockets: []string{"/run/tor/socks"}}
	for name, row := range map[string]struct {
		rules Rules
		call  call
		allow bool
	}{
		"read":                         {Rules{}, call{here, unix.SYS_READ, [6]uint64{3}}, true},
		"read of another processor":    {Rules{}, call{unix.AUDIT_ARCH_I386, unix.SYS_READ, [6]uint64{3}}, false},
		"socket of another processor":  {tcp, call{unix.AUDIT_ARCH_I386, 359, [6]uint64{unix.AF_INET, unix.SOCK_DGRAM}}, false},
		"read in the second way":       {Rules{}, call{here, unix.SYS_READ | x32, [6]uint64{3}}, false},
		"TCP":                          {tcp, socket(unix.AF_INET, stream, 0), true},
		"TCP by its number":            {tcp, socket(unix.AF_INET, stream, unix.IPPROTO_TCP), true},
		"TCP over IPv6":                {tcp, socket(unix.AF_INET6, stream, 0), true},
		"TCP without a port":           {Rules{}, socket(unix.AF_INET, stream, 0), false},
		"TCP with a Unix proxy":        {local, socket(unix.AF_INET, stream, 0), false},
		"UDP":                          {tcp, socket(unix.AF_INET, unix.SOCK_DGRAM, 0), false},
		"UDP, high bits set":           {tcp, socket(unix.AF_INET|high, unix.SOCK_DGRAM|high, 0), false},
		"Multipath TCP":                {tcp, socket(unix.AF_INET, stream, unix.IPPROTO_MPTCP), false},
		"SCTP":                         {tcp, socket(unix.AF_INET6, stream, unix.IPPROTO_SCTP), false},
		"sequenced packets":            {tcp, socket(unix.AF_INET, unix.SOCK_SEQPACKET, 0), false},
		"Unix":                         {local, socket(unix.AF_UNIX, stream, 0), true},
		"Unix datagrams":               {local, socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0), false},
		"Unix with a TCP proxy":        {tcp, socket(unix.AF_UNIX, stream, 0), false},
		"netlink":                      {tcp, socket(unix.AF_NETLINK, unix.SOCK_RAW, 0), false},
		"pair":                         {Rules{}, call{here, unix.SYS_SOCKETPAIR, [6]uint64{unix.AF_UNIX, unix.SOCK_DGRAM}}, true},
		"send":                         {tcp, call{here, unix.SYS_SENDTO, [6]uint64{3, 0, 0, unix.MSG_NOSIGNAL}}, true},
		"fast open by sendto":          {tcp, call{here, unix.SYS_SENDTO, [6]uint64{3, 0, 0, unix.MSG_FASTOPEN | unix.MSG_NOSIGNAL}}, false},
		"fast open by sendmsg":         {tcp, call{here, unix.SYS_SENDMSG, [6]uint64{3, 0, unix.MSG_FASTOPEN}}, false},
		"fast open by sendmmsg":        {tcp, call{here, unix.SYS_SENDMMSG, [6]uint64{3, 0, 1, unix.MSG_FASTOPEN}}, false},
		"terminal settings":            {tcp, call{here, unix.SYS_IOCTL, [6]uint64{0, unix.TCSETS}}, true},
		"typing":                       {tcp, call{here, unix.SYS_IOCTL, [6]uint64{0, unix.TIOCSTI}}, false},
		"typing, high bits set":        {tcp, call{here, unix.SYS_IOCTL, [6]uint64{0, unix.TIOCSTI | high}}, false},
		"pasting":                      {tcp, call{here, unix.SYS_IOCTL, [6]uint64{0, unix.TIOCLINUX}}, false},
		"connect, for Landlock to see": {tcp, call{here, unix.SYS_CONNECT, [6]uint64{3}}, true},
		"start of a program":           {tcp, call{here, unix.SYS_EXECVE, [6]uint64{}}, false},
		"ring":                         {tcp, call{here, unix.SYS_IO_URING_SETUP, [6]uint64{8}}, false},
		"file of another process":      {tcp, call{here, unix.SYS_PIDFD_GETFD, [6]uint64{}}, false},
		"new thread":                   {tcp, call{here, unix.SYS_CLONE, [6]uint64{unix.CLONE_VM | unix.CLONE_THREAD}}, true},
		"listening":                    {tcp, call{here, unix.SYS_LISTEN, [6]uint64{3, 1}}, false},
		"signal":                       {tcp, call{here, unix.SYS_KILL, [6]uint64{1}}, true},
		"signal of one alone":          {Rules{Alone: true}, call{here, unix.SYS_KILL, [6]uint64{1}}, false},
		"signal to another's thread":   {Rules{Alone: true}, call{here, unix.SYS_TGKILL, [6]uint64{1, 1}}, false},
		"signal to our own thread":     {Rules{Alone: true}, call{here, unix.SYS_TGKILL, [6]uint64{uint64(os.Getpid()), 1}}, true},
		"some other call":              {tcp, call{here, 600, [6]uint64{}}, true},
	} {
		if got := verdict(t, row.rules, row.call); got != allow && got != refuse || (got == allow) != row.allow {
			t.Errorf("%s: %#x, want allowed: %v", name, got, row.allow)
		}
	}
}
