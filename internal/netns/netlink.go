package netns

import (
	"encoding/binary"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// message is one request to the kernel's routing socket (rtnetlink(7)).
type message struct {
	kind uint16
	body []byte
}

// newMessage begins a message with the header of its kind.
func newMessage[T unix.IfInfomsg | unix.IfAddrmsg | unix.RtMsg](kind uint16, header T) *message {
	body, err := binary.Append(nil, binary.NativeEndian, header)
	if err != nil {
		panic(err) // the types above are of fixed size
	}
	return &message{kind, body}
}

// with adds an attribute.
func (m *message) with(kind uint16, data []byte) *message {
	m.body = append(m.body, attribute(kind, data)...)
	return m
}

// attribute encodes one; a nested one has others as its data.
func attribute(kind uint16, data []byte) []byte {
	text := binary.NativeEndian.AppendUint16(nil, uint16(unix.SizeofRtAttr+len(data)))
	text = binary.NativeEndian.AppendUint16(text, kind)
	text = append(text, data...)
	for len(text)%unix.RTA_ALIGNTO != 0 {
		text = append(text, 0)
	}
	return text
}

// number is the data of an attribute.
func number(n int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }

// send has the kernel of the calling thread's namespace carry messages out, in order.
func send(messages ...*message) error {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(socket)
	for i, m := range messages {
		if err := m.send(socket); err != nil {
			return fmt.Errorf("step %d of %d: %w", i+1, len(messages), err)
		}
	}
	return nil
}

func (m *message) send(socket int) error {
	header := unix.NlMsghdr{
		Len: uint32(unix.SizeofNlMsghdr + len(m.body)), Type: m.kind,
		Flags: unix.NLM_F_REQUEST | unix.NLM_F_ACK | unix.NLM_F_CREATE | unix.NLM_F_EXCL,
	}
	text, err := binary.Append(nil, binary.NativeEndian, header)
	if err != nil {
		return err
	}
	if err := unix.Sendto(socket, append(text, m.body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return os.NewSyscallError("sendto", err)
	}
	reply := make([]byte, os.Getpagesize())
	n, _, err := unix.Recvfrom(socket, reply, 0)
	if err != nil {
		return os.NewSyscallError("recvfrom", err)
	}
	replies, err := syscall.ParseNetlinkMessage(reply[:n])
	if err != nil || len(replies) == 0 || replies[0].Header.Type != unix.NLMSG_ERROR || len(replies[0].Data) < 4 {
		return fmt.Errorf("the kernel's answer is no acknowledgement: %w", err)
	}
	if code := int32(binary.NativeEndian.Uint32(replies[0].Data)); code != 0 {
		return syscall.Errno(-code)
	}
	return nil
}
