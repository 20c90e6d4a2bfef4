package netns

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

const (
	// helperName is how the helper is called in a list of processes; a test binary that is started so is one.
	helperName = "traboule-netns"
	channelFD  = 3
)

// Helper does a helper's work and ends the process if it was started as one, and returns at once if not.
func Helper() {
	if os.Args[0] != helperName {
		return
	}
	if err := help(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// help sets everything up in the namespaces that it was started in, and opens sockets there until it is left alone.
func help() error {
	file := os.NewFile(channelFD, "channel")
	unix.CloseOnExec(channelFD)
	conn, err := net.FileConn(file)
	if err != nil {
		return err
	}
	channel := conn.(*net.UnixConn)
	if err := hideFiles(); err != nil {
		return err
	}
	beyond := newThread()
	// The first request opens the capture. Only then do the interfaces come up.
	if err := serveOne(channel, beyond); err != nil {
		return err
	}
	if err := connect(beyond); err != nil {
		return err
	}
	for {
		err := serveOne(channel, beyond)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func serveOne(channel *net.UnixConn, beyond *thread) error {
	text := make([]byte, maxMessage)
	n, err := channel.Read(text)
	if err != nil {
		return err
	}
	if n == 0 {
		return io.EOF
	}
	r, err := parseRequest(string(text[:n]))
	if err != nil {
		return err
	}
	var socket *os.File
	switch r.place {
	case world:
		err = beyond.do(func() (err error) { socket, err = openSocket(r); return err })
	default:
		socket, err = openSocket(r)
	}
	return answer(channel, socket, err)
}

// thread is one thread of the process, which alone may be in another namespace than the rest.
type thread struct {
	work chan func() error
	done chan error
}

func newThread() *thread {
	t := &thread{work: make(chan func() error), done: make(chan error)}
	go t.run()
	return t
}

// run takes a thread for good. It must not be the first one, whose namespace is taken for that of the process.
func (t *thread) run() {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		go t.run()
		select {}
	}
	for work := range t.work {
		t.done <- work()
	}
}

// do runs work on the thread and waits for it.
func (t *thread) do(work func() error) error {
	t.work <- work
	return <-t.done
}
