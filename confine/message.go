package confine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Limits of what goes through the door's sockets, in bytes.
const (
	maxRequest = 128 << 10
	maxOutput  = 1 << 20
	maxReply   = 2 * maxOutput // output is written in base64
)

// task is what the door is asked to do.
type task string

const (
	allowTask    task = "allow"    // take the list of all that will be done
	runTask      task = "run"      // run a program, answer with its output
	terminalTask task = "terminal" // run a program on the terminal, answer when it has ended
	launchTask   task = "launch"   // start a program that lives on by itself
	dialTask     task = "dial"     // connect, answer with the connection
	attachTask   task = "attach"   // start the program itself, answer at once with a connection to it
	removeTask   task = "remove"   // remove a folder in the end
)

// request is one packet to the door, which a socket for the answer accompanies.
type request struct {
	Task    task
	Allowed *Allowed `json:",omitempty"`
	Argv    []string `json:",omitempty"`
	Limit   int      `json:",omitempty"` // bytes of output
	Address string   `json:",omitempty"`
	Folder  string   `json:",omitempty"`
}

// outcome says how a request ended.
type outcome string

const (
	done    outcome = "done"
	failed  outcome = "failed"
	refusal outcome = "refused"
)

// reply is the door's answer.
type reply struct {
	Outcome outcome
	Output  []byte `json:",omitempty"`
	TooLong bool   `json:",omitempty"` // there was more output than the limit
	Error   string `json:",omitempty"` // why it failed
}

var errPacket = errors.New("door: malformed message")

// encode writes a message, within its limit.
func encode(message any, limit int) ([]byte, error) {
	packet, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	if len(packet) > limit {
		return nil, fmt.Errorf("door: message longer than %d bytes", limit)
	}
	return packet, nil
}

// decode reads a message that was written by encode, and nothing that looks otherwise.
func decode[T request | reply](packet []byte) (T, error) {
	var message, none T
	if err := json.Unmarshal(packet, &message); err != nil {
		return none, errPacket
	}
	if again, err := json.Marshal(message); err != nil || !bytes.Equal(again, packet) {
		return none, errPacket
	}
	return message, nil
}

// valid checks that a request is whole; what it may do is judged elsewhere.
func (r request) valid() bool {
	switch r.Task {
	case allowTask:
		return r.Allowed != nil && r.Allowed.check() == nil
	case runTask:
		return checkArgv(r.Argv) == nil && r.Limit >= 0 && r.Limit <= maxOutput
	case terminalTask, launchTask, attachTask:
		return checkArgv(r.Argv) == nil
	case dialTask:
		return checkAddress(r.Address) == nil
	case removeTask:
		return isFolder(r.Folder)
	default:
		return false
	}
}

// pair makes two ends of a socket: ours, and one to give away.
func pair(kind int) (*net.UnixConn, *os.File, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("door: %w", err)
	}
	theirs := os.NewFile(uintptr(ends[1]), "door")
	ours, err := connection(os.NewFile(uintptr(ends[0]), "door"))
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return ours, theirs, nil
}

// connection turns one end of a pair into a connection; the file is gone afterwards.
func connection(file *os.File) (*net.UnixConn, error) {
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, fmt.Errorf("door: %w", err)
	}
	end, ok := conn.(*net.UnixConn)
	if !ok {
		conn.Close()
		return nil, errPacket
	}
	return end, nil
}

// send writes a packet, with a file that the other side is to have, if any.
func send(conn *net.UnixConn, packet []byte, file *os.File) error {
	var rights []byte
	if file != nil {
		rights = unix.UnixRights(int(file.Fd()))
	}
	if err := conn.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	n, _, err := conn.WriteMsgUnix(packet, rights, nil)
	if err == nil && n < len(packet) {
		_, err = conn.Write(packet[n:])
	}
	return err
}

// receive reads one packet, or the first piece of a stream, and the file that came with it, if any.
func receive(conn *net.UnixConn, buffer []byte) ([]byte, *os.File, error) {
	rights := make([]byte, unix.CmsgSpace(4*4))
	n, rightsLen, flags, _, err := conn.ReadMsgUnix(buffer, rights)
	if err != nil {
		return nil, nil, err
	}
	file := received(rights[:rightsLen])
	if flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) == 0 {
		return buffer[:n], file, nil
	}
	if file != nil {
		file.Close()
	}
	return nil, nil, errPacket
}

// received takes the one file that a message should carry, and closes all others.
func received(rights []byte) *os.File {
	messages, err := unix.ParseSocketControlMessage(rights)
	if err != nil {
		return nil
	}
	var files []int
	for _, m := range messages {
		if fds, err := unix.ParseUnixRights(&m); err == nil {
			files = append(files, fds...)
		}
	}
	if len(files) == 1 {
		return os.NewFile(uintptr(files[0]), "door")
	}
	for _, fd := range files {
		unix.Close(fd)
	}
	return nil
}

// receiveStart reads an answer after which the socket stays open. It is short, and comes as it was sent, in one piece.
func receiveStart(conn *net.UnixConn) (reply, *os.File, error) {
	packet, file, err := receive(conn, make([]byte, 4<<10))
	if err != nil {
		return reply{}, nil, err
	}
	if len(packet) == 0 {
		return reply{}, file, io.EOF
	}
	answer, err := decode[reply](packet)
	return answer, file, err
}

// receiveReply reads the answer to its end.
func receiveReply(conn *net.UnixConn) (reply, *os.File, error) {
	first, file, err := receive(conn, make([]byte, 4<<10))
	if err != nil {
		return reply{}, nil, err
	}
	rest, err := io.ReadAll(io.LimitReader(conn, maxReply))
	answer, decodeErr := decode[reply](append(first, rest...))
	if err = errors.Join(err, decodeErr); err != nil && file != nil {
		file.Close()
		file = nil
	}
	return answer, file, err
}
