package confine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// doorName is how the door's process is called, for those who list processes and for the program itself.
const doorName = "traboule-door"

// ErrRefused means that the door was asked for something that it was not told at the start to do.
var ErrRefused = errors.New("not among what was allowed at the start")

// ErrTooLong means that a program said more than was asked for.
var ErrTooLong = errors.New("more output than was expected")

var errClosed = errors.New("door: closed")

// Door is a process that was started before this one was confined, and is not confined. It does what Allow told it, and
// nothing else whatever it is asked, and ends with this process. It may be used from any goroutine.
type Door struct {
	control *net.UnixConn
	ended   chan struct{}
}

// OpenDoor starts the door: the program itself once more, which must call ServeDoor if IsDoor tells so. It is to be called
// before anything secret is known; the door gets no file that is open here.
func OpenDoor() (*Door, error) {
	if err := keepFiles(); err != nil {
		return nil, fmt.Errorf("door: %w", err)
	}
	control, theirs, err := pair(unix.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	command := exec.Command("/proc/self/exe")
	command.Args = []string{doorName}
	command.ExtraFiles = []*os.File{theirs}
	if err := command.Start(); err != nil {
		control.Close()
		return nil, fmt.Errorf("door: %w", err)
	}
	d := &Door{control: control, ended: make(chan struct{})}
	go func() {
		defer close(d.ended)
		_ = command.Wait() // how it ended is of no use: whoever asks it for something is told that it is closed
	}()
	return d, nil
}

// Close ends the door, with what it still runs, and waits for it.
func (d *Door) Close() error {
	err := d.control.Close()
	<-d.ended
	return err
}

// Allow tells the door all that it will ever do. A second call is refused.
func (d *Door) Allow(ctx context.Context, allowed Allowed) error {
	if err := allowed.check(); err != nil {
		return fmt.Errorf("door: %w", err)
	}
	_, err := d.do(ctx, request{Task: allowTask, Allowed: &allowed})
	return err
}

// Remove tells the door that a folder goes with this process, however that ends. It is refused once Allow was called.
func (d *Door) Remove(ctx context.Context, folder string) error {
	_, err := d.do(ctx, request{Task: removeTask, Folder: folder})
	return err
}

// Run runs a program until it ends or ctx does, with nothing on its standard input, and gives the first limit bytes (at
// most 1 MiB) of its standard output; with more the error is ErrTooLong, but the program is not disturbed. Its other
// output goes to nobody.
func (d *Door) Run(ctx context.Context, argv []string, limit int) ([]byte, error) {
	answer, err := d.do(ctx, request{Task: runTask, Argv: argv, Limit: limit})
	if err == nil && answer.TooLong {
		err = fmt.Errorf("%q: %w", argv[0], ErrTooLong)
	}
	return answer.Output, err
}

// RunOnTerminal runs a program on the terminal, which the screen must have left, until it ends or ctx does.
func (d *Door) RunOnTerminal(ctx context.Context, argv []string) error {
	_, err := d.do(ctx, request{Task: terminalTask, Argv: argv})
	return err
}

// Launch starts a program that is away from the terminal and lives on when the client ends.
func (d *Door) Launch(ctx context.Context, argv []string) error {
	_, err := d.do(ctx, request{Task: launchTask, Argv: argv})
	return err
}

// DialContext connects to an allowed address, "tcp" or "unix", for a process that may make no such socket itself.
func (d *Door) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	_, file, err := d.ask(ctx, request{Task: dialTask, Address: network + " " + address})
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, errPacket
	}
	defer file.Close()
	return net.FileConn(file)
}

// do asks for something that no file comes back from.
func (d *Door) do(ctx context.Context, r request) (reply, error) {
	answer, file, err := d.ask(ctx, r)
	if file != nil {
		file.Close()
	}
	return answer, err
}

// ask sends a request and reads the answer. The door takes the end of the answer's socket, which comes with that of ctx,
// for the end of the matter.
func (d *Door) ask(ctx context.Context, r request) (reply, *os.File, error) {
	ours, err := d.begin(r)
	if err != nil {
		return reply{}, nil, err
	}
	defer ours.Close()
	defer context.AfterFunc(ctx, func() { ours.Close() })()
	answer, file, err := receiveReply(ours)
	if err = judge(ctx, r, answer, err); err != nil {
		closeFile(file)
		file = nil
	}
	return answer, file, err
}

// begin sends a request, and returns the socket on which its answer comes.
func (d *Door) begin(r request) (*net.UnixConn, error) {
	if !r.valid() {
		return nil, fmt.Errorf("door: %q: malformed request", r.Task)
	}
	packet, err := encode(r, maxRequest)
	if err != nil {
		return nil, err
	}
	ours, theirs, err := pair(unix.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	err = send(d.control, packet, theirs)
	theirs.Close()
	if err != nil {
		ours.Close()
		return nil, errClosed
	}
	return ours, nil
}

// judge gives the error of a request, from its answer and from how that came.
func judge(ctx context.Context, r request, answer reply, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF):
		return errClosed
	case err == nil && answer.Outcome == refusal:
		return fmt.Errorf("door: %q: %w", r.name(), ErrRefused)
	case err == nil && answer.Outcome != done:
		return fmt.Errorf("%q: %s", r.name(), answer.Error)
	default:
		return err
	}
}

// name is what a request is about, for errors.
func (r request) name() string {
	if len(r.Argv) > 0 {
		return r.Argv[0]
	}
	return string(r.Task) + r.Address + r.Folder
}
