package dial

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// TorProcess is a tor that was started.
type TorProcess interface {
	// Wait waits until it has ended and says why, as far as it is known. It is called once.
	Wait() error
	// Kill ends it at once.
	Kill() error
}

// torRun is our own tor while it runs.
type torRun struct {
	TorProcess
	ended chan struct{}
	cause error // why it ended; to be read after ended
}

func watchProcess(p TorProcess) *torRun {
	r := &torRun{TorProcess: p, ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		r.cause = p.Wait()
	}()
	return r
}

// torGrace is how long a tor may take to end after its owner's control connection did.
const torGrace = 2 * time.Second

// end waits until the process has ended, and helps if that takes long.
func (r *torRun) end() {
	select {
	case <-r.ended:
	case <-time.After(torGrace):
		_ = r.Kill()
		<-r.ended
	}
}

// execTor is a tor as a child of this process.
type execTor struct {
	command *exec.Cmd
	log     *complaint
	ended   chan error
}

// StartTor starts tor as a child of this process, in a group of its own, so that Ctrl+C in the terminal is for the client
// alone. The kernel kills it when we die. It does so when the thread dies that started it: that thread has to wait here as
// long.
func StartTor(argv []string) (TorProcess, error) {
	p := &execTor{command: exec.Command(argv[0], argv[1:]...), log: &complaint{}, ended: make(chan error, 1)}
	p.command.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	p.command.Stdout = p.log
	p.command.WaitDelay = torGrace
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.command.Start()
		started <- err
		if err == nil {
			p.ended <- p.command.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// Wait adds what tor complained about last.
func (p *execTor) Wait() error {
	err := <-p.ended
	if err == nil {
		err = errors.New("exit status 0")
	}
	if said := p.log.last(); said != "" {
		err = fmt.Errorf("%w, it said %q", err, said)
	}
	return err
}

// Kill ends it at once.
func (p *execTor) Kill() error { return p.command.Process.Kill() }

// maxComplaint bounds what is kept of a line of tor's log.
const maxComplaint = 512

// complaint keeps of tor's log the last warning, in memory.
type complaint struct {
	mu   sync.Mutex
	line []byte // what has come of the line that is being written
	kept string
}

// Write takes a piece of the log.
func (c *complaint) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for line := range bytes.Lines(p) {
		c.line = append(c.line, line[:min(len(line), maxComplaint-len(c.line))]...)
		if line[len(line)-1] == '\n' {
			c.keep(string(c.line))
			c.line = c.line[:0]
		}
	}
	return len(p), nil
}

// keep prefers a warning: tor's last words are often only that there was one.
func (c *complaint) keep(line string) {
	if _, said, found := strings.Cut(line, "[warn] "); found {
		c.kept = strings.TrimSpace(said)
	} else if _, said, found := strings.Cut(line, "[err] "); found && c.kept == "" {
		c.kept = strings.TrimSpace(said)
	}
}

func (c *complaint) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept
}
