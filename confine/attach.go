package confine

import (
	"context"
	"errors"
	"math"
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// attachedFD is where a program that was attached finds its end of the socket.
const attachedFD = 3

// attachment is our end of the socket of a program that was attached.
type attachment struct {
	*net.UnixConn
	end func()
}

// Close ends the program.
func (a *attachment) Close() error {
	defer a.end()
	return a.UnixConn.Close()
}

// Attach starts the program itself once more, called name, with one end of a socket for Attached, and returns the other.
// The program has no other file of ours, no environment and no terminal. It ends when the connection is closed, and with this process.
func Attach(name string) (net.Conn, error) {
	if err := keepFiles(); err != nil {
		return nil, err
	}
	ours, theirs, err := pair(unix.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	ctx, kill := context.WithCancel(context.Background())
	command := attached(ctx, []string{name}, theirs)
	if err := command.Start(); err != nil {
		kill()
		ours.Close()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // that it ended is seen from the socket
	}()
	return &attachment{ours, func() { kill(); <-ended }}, nil
}

// Attached is the socket of a program that was attached. It can be had once.
func Attached() (net.Conn, error) { return connection(os.NewFile(attachedFD, "attached")) }

// keepFiles keeps files that whoever started us left open, such as one with a password, from the programs that we start.
func keepFiles() error {
	if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	return nil
}

// attached prepares the program itself to be started with a socket.
func attached(ctx context.Context, argv []string, socket *os.File) *exec.Cmd {
	command := program(ctx, []string{"/proc/self/exe"})
	command.Args, command.Env = argv, []string{}
	command.ExtraFiles = []*os.File{socket}
	command.SysProcAttr.Setsid = true
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGKILL) }
	return command
}

// Attach is like the function of this name, for a process that can start no programs any more. Argv has to be that of an
// allowed Program which is Self. The program ends with the door, too.
func (d *Door) Attach(ctx context.Context, argv []string) (net.Conn, error) {
	r := request{Task: attachTask, Argv: argv}
	leash, err := d.begin(r)
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { leash.Close() })()
	answer, file, err := receiveStart(leash)
	if err = judge(ctx, r, answer, err); err == nil && file == nil {
		err = errPacket
	}
	if err != nil {
		leash.Close()
		closeFile(file)
		return nil, err
	}
	ours, err := connection(file)
	if err != nil {
		leash.Close()
		return nil, err
	}
	return &attachment{ours, func() { leash.Close() }}, nil
}

// attach starts the program itself and hands our end of its socket over. It returns when the program has ended, as it is
// made to when ctx does.
func attach(ctx context.Context, argv []string, answer *net.UnixConn) {
	defer answer.Close()
	command, ours, err := startAttached(ctx, argv)
	tell(answer, ending(err), ours)
	closeFile(ours)
	if err == nil {
		_ = command.Wait() // that it ended is seen from the socket
	}
}

func startAttached(ctx context.Context, argv []string) (*exec.Cmd, *os.File, error) {
	conn, theirs, err := pair(unix.SOCK_STREAM)
	if err != nil {
		return nil, nil, err
	}
	defer theirs.Close()
	defer conn.Close()
	ours, err := conn.File()
	if err != nil {
		return nil, nil, err
	}
	command := attached(ctx, argv, theirs)
	if err := command.Start(); err != nil {
		ours.Close()
		return nil, nil, err
	}
	return command, ours, nil
}

func closeFile(file *os.File) {
	if file != nil {
		file.Close()
	}
}
