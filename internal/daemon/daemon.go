// Package daemon runs a server program for one test or one demo: on loopback, in its own folder, gone at the end. It owns
// the process and its log; what the program is told to do is the caller's business. It must not touch system services.
package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// grace is how long a process may take to end by itself before it is killed.
const grace = 3 * time.Second

// Command says what to run.
type Command struct {
	Path string
	Args []string
	// Env is added to the environment of this process.
	Env []string
	// Dir is where it runs and where its output goes, to a file "output".
	Dir string
	// Ports are TCP ports on 127.0.0.1: the server is up once each takes connections.
	Ports []int
}

// Process is a running server.
type Process struct {
	command *exec.Cmd
	output  string
	ended   chan struct{}
}

// Start runs the command and waits until its ports take connections, it ends, or ctx is done.
func Start(ctx context.Context, c Command) (*Process, error) {
	output, err := os.Create(filepath.Join(c.Dir, "output"))
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command := exec.Command(c.Path, c.Args...)
	command.Dir = c.Dir
	command.Env = append(os.Environ(), c.Env...)
	command.Stdout, command.Stderr = output, output
	// Its own group, so that Ctrl+C in the terminal reaches the client alone; and it dies with us, however we die.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &Process{command: command, output: output.Name(), ended: make(chan struct{})}
	go func() {
		// How it ended does not matter: whoever asks has either stopped it or reads its output.
		_ = command.Wait()
		close(p.ended)
	}()
	for _, port := range c.Ports {
		if err := p.await(ctx, port); err != nil {
			p.Stop()
			return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(c.Path), err, p.Output())
		}
	}
	return p, nil
}

// await waits until the port takes connections.
func (p *Process) await(ctx context.Context, port int) error {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.ended:
			return errors.New("ended at once")
		case <-ctx.Done():
			return fmt.Errorf("port %d does not answer: %w", port, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stop ends the process and waits for its end.
func (p *Process) Stop() {
	p.signal(syscall.SIGCONT)
	p.signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(grace):
	}
	p.Kill()
}

// Kill ends the process and its children without warning, and waits for its end.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// Freeze stops the process from running: its connections stay open and silent.
func (p *Process) Freeze() { p.signal(syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (p *Process) Thaw() { p.signal(syscall.SIGCONT) }

// signal reaches the whole group; a group that has ended needs none.
func (p *Process) signal(s syscall.Signal) {
	_ = syscall.Kill(-p.command.Process.Pid, s)
}

// Output returns what the process has written.
func (p *Process) Output() string {
	text, err := os.ReadFile(p.output)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text))
}

// Tail returns the last n lines of a log.
func Tail(log string, n int) string {
	lines := strings.Split(log, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
