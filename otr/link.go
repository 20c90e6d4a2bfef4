package otr

import (
	"context"
	"net"
	"os"
)

// link is the connection to one child, with a goroutine for each direction.
type link struct {
	wire     *wire
	requests chan call // closed when nothing more is asked
}

// answer is what one child said, or that it says nothing more.
type answer struct {
	from  *link
	reply reply
	file  *os.File
	err   error
}

func (a answer) close() {
	if a.file != nil {
		a.file.Close()
	}
}

func newLink(conn net.Conn) (*link, error) {
	w, err := newWire(conn)
	if err != nil {
		return nil, err
	}
	return &link{wire: w, requests: make(chan call)}, nil
}

// close ends the child and both goroutines.
func (k *link) close() {
	k.wire.close()
	close(k.requests)
}

// write sends requests. When that fails the connection is closed, which the reader tells.
func (k *link) write() {
	for c := range k.requests {
		if err := k.wire.write(c.packet, c.file); err != nil {
			k.wire.close()
		}
		c.close()
	}
}

// read hands on what the child says, until it says nothing more or ctx ends.
func (k *link) read(ctx context.Context, answers chan<- answer) {
	for {
		a := k.receive()
		select {
		case answers <- a:
		case <-ctx.Done():
			a.close()
			return
		}
		if a.err != nil {
			return
		}
	}
}

func (k *link) receive() answer {
	a := answer{from: k}
	var packet []byte
	if packet, a.err = k.wire.read(); a.err != nil {
		return a
	}
	if a.reply, a.err = decode[reply](packet); a.err != nil {
		return a
	}
	if a.reply.File {
		a.file, a.err = k.wire.file()
	}
	if a.err == nil {
		a.err = a.reply.check()
	}
	return a
}
