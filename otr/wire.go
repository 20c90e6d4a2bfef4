package otr

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// wire carries messages, each with its length before it, and open files beside them, between parent and child.
type wire struct {
	conn  unixConn
	files []*os.File // that came and were not taken yet
}

// unixConn is what a Unix socket can do beyond other connections: carry open files.
type unixConn interface {
	net.Conn
	ReadMsgUnix(b, oob []byte) (n, oobn, flags int, addr *net.UnixAddr, err error)
	WriteMsgUnix(b, oob []byte, addr *net.UnixAddr) (n, oobn int, err error)
}

// writeTime bounds the writing of a message to a process of this machine that ought to be reading.
const writeTime = 30 * time.Second

// maxWaitingFiles bounds the files that came and that no message was about.
const maxWaitingFiles = 4

func newWire(conn net.Conn) (*wire, error) {
	c, ok := conn.(unixConn)
	if !ok {
		return nil, errMessage
	}
	return &wire{conn: c}, nil
}

// close ends the connection; a reader of it returns.
func (w *wire) close() { w.conn.Close() }

// write sends a message, with a file that the other side is to have, if any.
func (w *wire) write(packet []byte, file *os.File) error {
	if err := w.conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	packet = append(binary.BigEndian.AppendUint32(nil, uint32(len(packet))), packet...)
	if file != nil {
		n, _, err := w.conn.WriteMsgUnix(packet, syscall.UnixRights(int(file.Fd())), nil)
		if err != nil {
			return err
		}
		packet = packet[n:]
	}
	_, err := w.conn.Write(packet)
	return err
}

// read waits for a message.
func (w *wire) read() ([]byte, error) {
	var header [4]byte
	if _, err := io.ReadFull(w, header[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length > maxFrame {
		return nil, errMessage
	}
	packet := make([]byte, length)
	_, err := io.ReadFull(w, packet)
	return packet, err
}

// Read reads bytes, and keeps the files that come with them.
func (w *wire) Read(p []byte) (int, error) {
	rights := make([]byte, syscall.CmsgSpace(4*maxWaitingFiles))
	n, rightsLen, flags, _, err := w.conn.ReadMsgUnix(p, rights)
	if err != nil {
		return n, err
	}
	w.files = append(w.files, received(rights[:rightsLen])...)
	if flags&syscall.MSG_CTRUNC != 0 || len(w.files) > maxWaitingFiles {
		return 0, errMessage
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// file takes the file that came with a message.
func (w *wire) file() (*os.File, error) {
	if len(w.files) == 0 {
		return nil, errMessage
	}
	first := w.files[0]
	w.files = w.files[1:]
	return first, nil
}

// received takes the files out of what came beside the bytes.
func received(rights []byte) []*os.File {
	messages, err := syscall.ParseSocketControlMessage(rights)
	if err != nil {
		return nil
	}
	var files []*os.File
	for _, m := range messages {
		fds, err := syscall.ParseUnixRights(&m)
		if err != nil {
			continue
		}
		for _, fd := range fds {
			syscall.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "otr"))
		}
	}
	return files
}
