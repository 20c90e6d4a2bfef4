package netns

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// maxKept is how many leaked packets are kept to be shown; all are counted.
	maxKept = 100
	// snapLength is how much of a packet is looked at.
	snapLength = 512
	// captureBuffer is what may wait in the kernel while nobody looks, in bytes.
	captureBuffer = 64 << 20
)

// Traffic is what was sent inside.
type Traffic struct {
	// Allowed is how many packets went to the allowed ports.
	Allowed int
	// Leaked is how many packets went anywhere else, and Leaks are the first of them.
	Leaked int
	Leaks  []Packet
}

// packetSocket opens a socket that sees every packet on every interface of the calling thread's namespace (packet(7)).
func packetSocket() (*os.File, error) {
	const all = unix.ETH_P_ALL>>8 | unix.ETH_P_ALL&0xff<<8 // in network order
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, all)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	// A smaller buffer does no harm as long as nothing is lost, which is looked at.
	if unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, captureBuffer) != nil {
		_ = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_RCVBUF, captureBuffer)
	}
	return os.NewFile(uintptr(socket), "capture"), nil
}

// capture counts packets as they come.
type capture struct {
	file    *os.File
	raw     syscall.RawConn
	allowed map[uint16]bool
	reader  sync.WaitGroup

	mutex sync.Mutex
	seen  Traffic
	fault error
}

func newCapture(file *os.File, ports []int) (*capture, error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	c := &capture{file: file, raw: raw, allowed: map[uint16]bool{}}
	for _, port := range ports {
		c.allowed[uint16(port)] = true
	}
	c.reader.Go(func() {
		// Never done: it ends with an error when the file is closed.
		_ = raw.Read(func(socket uintptr) bool { c.drain(int(socket)); return false })
	})
	return c, nil
}

// traffic first takes what waits, so that whatever was sent before is in it.
func (c *capture) traffic() (Traffic, error) {
	err := c.raw.Control(func(socket uintptr) { c.drain(int(socket)) })
	c.mutex.Lock()
	defer c.mutex.Unlock()
	seen := c.seen
	seen.Leaks = append([]Packet(nil), seen.Leaks...)
	return seen, errors.Join(err, c.fault)
}

func (c *capture) close() {
	_ = c.file.Close() // nobody reads any more
	c.reader.Wait()
}

// drain takes all packets that wait.
func (c *capture) drain(socket int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for buffer := make([]byte, snapLength); ; {
		n, from, err := unix.Recvfrom(socket, buffer, unix.MSG_DONTWAIT)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			break
		}
		if link, ok := from.(*unix.SockaddrLinklayer); ok {
			c.count(link, buffer[:n])
		}
	}
	lost, err := unix.GetsockoptTpacketStats(socket, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		c.fault = errors.Join(c.fault, fmt.Errorf("capture: %w", err))
	} else if lost.Drops > 0 {
		c.fault = errors.Join(c.fault, fmt.Errorf("capture: %d packets came too fast", lost.Drops))
	}
}

// count looks at what is sent. What is received was sent inside too, on the loopback, or is the trap's.
func (c *capture) count(link *unix.SockaddrLinklayer, text []byte) {
	if link.Pkttype != unix.PACKET_OUTGOING {
		return
	}
	p := parsePacket(link.Protocol>>8|link.Protocol<<8, text)
	p.Loopback = link.Ifindex == loopbackIndex
	switch {
	case c.ours(p, p.Destination):
		c.seen.Allowed++
	case c.ours(p, p.Source): // the way back
	default:
		c.seen.Leaked++
		if len(c.seen.Leaks) < maxKept {
			c.seen.Leaks = append(c.seen.Leaks, p)
		}
	}
}

// ours reports whether a packet stays on the loopback, with this end of it one of the allowed ports.
func (c *capture) ours(p Packet, end netip.AddrPort) bool {
	local := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	return p.Loopback && p.Protocol == "tcp" && p.Source.Addr() == local && p.Destination.Addr() == local && c.allowed[end.Port()]
}
