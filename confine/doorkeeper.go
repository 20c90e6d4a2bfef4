package confine

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// doorFD is where the door finds its end of the socket.
const doorFD = 3

// maxTasks is how much the door does at once; a session needs a few at most.
const maxTasks = 16

// removePace is how long to wait before looking whether a folder that was removed has stayed so.
const removePace = 100 * time.Millisecond

// endGrace is how long a program may take to end once nobody waits for it.
const endGrace = 2 * time.Second

// dialTime bounds connecting, which is to this machine or its neighbour.
const dialTime = 30 * time.Second

// IsDoor reports whether this process was started to be a door, from its arguments with the program's name.
func IsDoor(args []string) bool { return len(args) == 1 && args[0] == doorName }

// ServeDoor is the door's life: it returns, with the process's exit status, when whoever opened it is gone. To be called
// first thing in main.
func ServeDoor() int {
	// What is typed for the programs that run on the terminal, and stops or ends the client, is not for the door.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGTSTP,
		syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGPIPE)
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) // programs' output, which may be a password, passes through
	control, err := connection(os.NewFile(doorFD, "door"))
	if err != nil {
		return 1
	}
	defer control.Close()
	k := &doorkeeper{control: control, slots: make(chan struct{}, maxTasks)}
	k.serve()
	k.removeFolders()
	return 0
}

// doorkeeper judges what comes through the door.
type doorkeeper struct {
	control *net.UnixConn
	slots   chan struct{}
	allowed *Allowed // nil until told
	remove  []string // folders that go with the client
}

// serve takes requests until there is nobody left to ask.
func (k *doorkeeper) serve() {
	buffer := make([]byte, maxRequest)
	for {
		packet, file, err := receive(k.control, buffer)
		if err != nil && !errors.Is(err, errPacket) {
			return
		}
		if file == nil {
			continue
		}
		answer, err := connection(file)
		if err != nil {
			continue
		}
		r, err := decode[request](packet)
		k.take(r, err == nil && r.valid(), answer)
	}
}

// removeFolders removes what was to go with the client. Programs that end at this moment may still be writing there.
func (k *doorkeeper) removeFolders() {
	for range endGrace / removePace {
		left := false
		for _, folder := range k.remove {
			if _, err := os.Lstat(folder); err == nil {
				left = true
				_ = os.RemoveAll(folder) // what stays now is tried again
			}
		}
		if !left {
			return
		}
		time.Sleep(removePace)
	}
}

// take answers a request at once or has it carried out.
func (k *doorkeeper) take(r request, valid bool, answer *net.UnixConn) {
	switch {
	case !valid || !k.permits(r):
		give(answer, reply{Outcome: refusal}, nil)
	case r.Task == allowTask:
		k.allowed = r.Allowed
		give(answer, reply{Outcome: done}, nil)
	case r.Task == removeTask:
		if !slices.Contains(k.remove, r.Folder) {
			k.remove = append(k.remove, r.Folder)
		}
		give(answer, reply{Outcome: done}, nil)
	default:
		k.start(r, answer)
	}
}

func (k *doorkeeper) permits(r request) bool {
	switch {
	case r.Task == allowTask, r.Task == removeTask && len(k.remove) < maxAllowed:
		return k.allowed == nil
	case k.allowed == nil:
		return false
	case r.Task == dialTask:
		return k.allowed.reaches(r.Address)
	default:
		found := k.allowed.find(r.Argv)
		return found >= 0 && k.allowed.Programs[found].Self == (r.Task == attachTask)
	}
}

// start carries a request out beside the others.
func (k *doorkeeper) start(r request, answer *net.UnixConn) {
	select {
	case k.slots <- struct{}{}:
	default:
		give(answer, reply{Outcome: failed, Error: "too many programs at once"}, nil)
		return
	}
	apart := r.Task == runTask && k.allowed.Programs[k.allowed.find(r.Argv)].Apart
	go func() {
		defer func() { <-k.slots }()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			// Nothing more is ever said here: what comes is the end, when nobody waits for the answer any longer.
			_, _ = answer.Read(make([]byte, 1))
			cancel()
		}()
		if r.Task == attachTask {
			attach(ctx, r.Argv, answer)
			return
		}
		result, file := carryOut(ctx, r, apart)
		give(answer, result, file)
	}()
}

// give writes the answer, and closes all that belonged to it.
func give(answer *net.UnixConn, result reply, file *os.File) {
	tell(answer, result, file)
	answer.Close()
	closeFile(file)
}

// tell writes the answer.
func tell(answer *net.UnixConn, result reply, file *os.File) {
	if packet, err := encode(result, maxReply); err == nil {
		_ = send(answer, packet, file) // whoever asked may be gone
	}
}

func carryOut(ctx context.Context, r request, apart bool) (reply, *os.File) {
	switch r.Task {
	case runTask:
		out := &boundedBuffer{limit: r.Limit}
		command := program(ctx, r.Argv)
		command.Stdout, command.SysProcAttr.Setpgid = out, apart
		result := ending(command.Run())
		result.Output, result.TooLong = out.kept, out.tooLong
		return result, nil
	case terminalTask:
		return ending(runOnTerminal(ctx, r.Argv)), nil
	case launchTask:
		return ending(launch(r.Argv)), nil
	case dialTask:
		file, err := dial(ctx, r.Address)
		return ending(err), file
	default:
		return reply{Outcome: refusal}, nil
	}
}

func ending(err error) reply {
	if err == nil {
		return reply{Outcome: done}
	}
	return reply{Outcome: failed, Error: strings.ToValidUTF8(err.Error(), "?")}
}

// program prepares a program that ends with the door.
func program(ctx context.Context, argv []string) *exec.Cmd {
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = endGrace
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command
}

func runOnTerminal(ctx context.Context, argv []string) error {
	tty, err := os.OpenFile(terminal, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer tty.Close()
	command := program(ctx, argv)
	command.Stdin, command.Stdout, command.Stderr = tty, tty, tty
	return command.Run()
}

// launch starts a program in a session of its own, with nothing of the terminal.
func launch(argv []string) error {
	command := exec.Command(argv[0], argv[1:]...)
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return err
	}
	go func() { _ = command.Wait() }() // how it ends is its own affair
	return nil
}

// dial connects to an address that was checked.
func dial(ctx context.Context, address string) (*os.File, error) {
	network, address, _ := strings.Cut(address, " ")
	dialer := net.Dialer{Timeout: dialTime}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	switch conn := conn.(type) {
	case *net.TCPConn:
		return conn.File()
	case *net.UnixConn:
		return conn.File()
	default:
		return nil, errPacket
	}
}

// boundedBuffer keeps the first bytes of what is written and takes the rest.
type boundedBuffer struct {
	limit   int
	kept    []byte
	tooLong bool
}

// Write never fails: the program that writes is not to be disturbed.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	room := min(b.limit-len(b.kept), len(p))
	b.kept = append(b.kept, p[:room]...)
	b.tooLong = b.tooLong || room < len(p)
	return len(p), nil
}
