package netns

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// place is one of the two namespaces of a helper.
type place string

const (
	inside place = "inside" // where the programs run
	world  place = "world"  // at the other end of their wire
)

// request asks the helper for a socket: of network "packet", or "tcp", "udp4" and the like as the net package names them.
type request struct {
	place            place
	network, address string
}

func (r request) text() string {
	return strings.Join([]string{string(r.place), r.network, r.address}, " ")
}

func parseRequest(text string) (request, error) {
	words := strings.Split(text, " ")
	if len(words) != 3 {
		return request{}, fmt.Errorf("%q: not a request", text)
	}
	return request{place(words[0]), words[1], words[2]}, nil
}

const (
	// granted is the answer that has a socket with it; any other is why there is none.
	granted    = "granted"
	maxMessage = 1024
)

// ask sends a request and returns the socket that comes back.
func ask(channel *net.UnixConn, r request) (*os.File, error) {
	if _, err := channel.Write([]byte(r.text())); err != nil {
		return nil, err
	}
	text, rights := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(4))
	n, rightsLength, _, _, err := channel.ReadMsgUnix(text, rights)
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, io.ErrUnexpectedEOF
	case string(text[:n]) != granted:
		return nil, errors.New(string(text[:n]))
	}
	messages, err := unix.ParseSocketControlMessage(rights[:rightsLength])
	if err != nil || len(messages) != 1 {
		return nil, fmt.Errorf("%d control messages: %w", len(messages), err)
	}
	sockets, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(sockets) != 1 {
		return nil, fmt.Errorf("%d sockets: %w", len(sockets), err)
	}
	// A file that is polled, so that closing it ends a read.
	if err := unix.SetNonblock(sockets[0], true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(sockets[0]), r.text()), nil
}

// answer sends back a socket, and closes its own copy, or the reason why there is none.
func answer(channel *net.UnixConn, socket *os.File, fault error) error {
	if fault != nil {
		_, err := channel.Write([]byte(fault.Error()))
		return err
	}
	defer socket.Close()
	_, _, err := channel.WriteMsgUnix([]byte(granted), unix.UnixRights(int(socket.Fd())), nil)
	return err
}

// openSocket opens what is asked for in the namespace of the calling thread.
func openSocket(r request) (*os.File, error) {
	switch r.network {
	case "packet":
		return packetSocket()
	case "tcp", "tcp4", "tcp6":
		listener, err := net.Listen(r.network, r.address)
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		return listener.(*net.TCPListener).File()
	default:
		conn, err := net.ListenPacket(r.network, r.address)
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		return conn.(*net.UDPConn).File()
	}
}
