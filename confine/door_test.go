package confine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// patience is for what other processes do; a test that passes does not wait for it.
const patience = 20 * time.Second

func openDoor(t *testing.T, allowed Allowed) *Door {
	t.Helper()
	d, err := OpenDoor()
	must(t, err)
	t.Cleanup(func() { d.Close() })
	must(t, d.Allow(t.Context(), allowed))
	return d
}

func shell(script string) []string { return []string{"sh", "-c", script} }

func TestDoorRunsWhatIsAllowed(t *testing.T) {
	said := shell("echo said; echo hidden >&2; cat")
	fails, missing := shell("echo part; exit 3"), []string{"/nonexistent/program"}
	d := openDoor(t, Allowed{Programs: []Program{{Argv: said}, {Argv: fails}, {Argv: missing}}})
	if out, err := d.Run(t.Context(), said, 100); err != nil || string(out) != "said\n" {
		t.Errorf("output %q, %v", out, err)
	}
	if out, err := d.Run(t.Context(), said, 3); !errors.Is(err, ErrTooLong) || string(out) != "sai" {
		t.Errorf("with a limit of 3: %q, %v", out, err)
	}
	if out, err := d.Run(t.Context(), fails, 100); err == nil || err.Error() != `"sh": exit status 3` || string(out) != "part\n" {
		t.Errorf("a program that fails: %q, %v", out, err)
	}
	if _, err := d.Run(t.Context(), missing, 100); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a program that is not there: %v", err)
	}
}

func TestDoorGivesMuchOutput(t *testing.T) {
	much := shell("head -c 3000000 /dev/zero")
	d := openDoor(t, Allowed{Programs: []Program{{Argv: much}}})
	if out, err := d.Run(t.Context(), much, maxOutput); len(out) != maxOutput || !errors.Is(err, ErrTooLong) {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

func TestDoorRefusesEverythingElse(t *testing.T) {
	d, err := OpenDoor()
	must(t, err)
	t.Cleanup(func() { d.Close() })
	echo := []string{"echo", "a"}
	if _, err := d.Run(t.Context(), echo, 10); !errors.Is(err, ErrRefused) {
		t.Errorf("before it is told what is allowed: %v", err)
	}
	must(t, d.Allow(t.Context(), Allowed{Programs: []Program{
		{Argv: echo},
		{Argv: []string{"open"}, Argument: LinkArgument},
	}}))
	for _, argv := range [][]string{
		{"echo"}, {"echo", "a", "b"}, {"echo", "b"}, {"sh"}, {"/bin/echo", "a"}, {"open"}, {"open", "--help"}, {"open", "a", "https://a.org"},
	} {
		if _, err := d.Run(t.Context(), argv, 10); !errors.Is(err, ErrRefused) {
			t.Errorf("run %q: %v", argv, err)
		}
		if err := d.RunOnTerminal(t.Context(), argv); !errors.Is(err, ErrRefused) {
			t.Errorf("run %q on the terminal: %v", argv, err)
		}
		if err := d.Launch(t.Context(), argv); !errors.Is(err, ErrRefused) {
			t.Errorf("launch %q: %v", argv, err)
		}
	}
	if _, err := d.DialContext(t.Context(), "tcp", "127.0.0.1:1"); !errors.Is(err, ErrRefused) {
		t.Errorf("dial: %v", err)
	}
	if err := d.Allow(t.Context(), Allowed{Programs: []Program{{Argv: []string{"sh"}}}}); !errors.Is(err, ErrRefused) {
		t.Errorf("told again: %v", err)
	}
	if _, err := d.Run(t.Context(), []string{"sh"}, 10); !errors.Is(err, ErrRefused) {
		t.Errorf("what it was told again: %v", err)
	}
	if out, err := d.Run(t.Context(), echo, 10); err != nil || string(out) != "a\n" {
		t.Errorf("what it was told first: %q, %v", out, err)
	}
}

// TestDoorOfAConfinedProcess is what the door is for.
func TestDoorOfAConfinedProcess(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["DIR"] = t.TempDir()
		values["PORT"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
		values["OTHER"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
		listener(t, "unix", filepath.Join(values["DIR"], "socks"))
		must(t, os.WriteFile(filepath.Join(values["DIR"], "secret"), []byte("s3cret"), 0o600))
	}
	inChild(t, values, func(t *testing.T) {
		secret, socks := filepath.Join(os.Getenv("DIR"), "secret"), filepath.Join(os.Getenv("DIR"), "socks")
		tor, other := "127.0.0.1:"+os.Getenv("PORT"), "127.0.0.1:"+os.Getenv("OTHER")
		show := []string{"cat", secret}
		d := openDoor(t, Allowed{Programs: []Program{{Argv: show}}, Addresses: []string{"tcp " + tor, "unix " + socks}})
		state := apply(t, Rules{})
		if !state.ProgramsBlocked || !state.TCPConfined || !state.UnixConfined {
			t.Errorf("state %+v", state)
		}
		if out, err := d.Run(t.Context(), show, 100); err != nil || string(out) != "s3cret" {
			t.Errorf("through the door: %q, %v", out, err)
		}
		if err := exec.Command("cat", secret).Run(); err == nil {
			t.Error("a program was started without the door")
		}
		if _, err := os.ReadFile(secret); state.FilesConfined && !refusedByKernel(err) {
			t.Errorf("the secret can be read: %v", err)
		}
		for network, address := range map[string]string{"tcp": tor, "unix": socks} {
			conn, err := d.DialContext(t.Context(), network, address)
			must(t, err)
			if rest, err := io.ReadAll(conn); err != nil || len(rest) > 0 {
				t.Errorf("%s: read %q, %v", network, rest, err)
			}
			must(t, conn.Close())
			if err := connect(network, address); !refusedByKernel(err) {
				t.Errorf("%s without the door: %v", network, err)
			}
		}
		if _, err := d.DialContext(t.Context(), "tcp", other); !errors.Is(err, ErrRefused) {
			t.Errorf("another port: %v", err)
		}
	})
}

func TestDoorEndsWhatNobodyWaitsFor(t *testing.T) {
	dir := t.TempDir()
	waits := shell(fmt.Sprintf("echo $$ >'%s/pid'; exec sleep 600", dir))
	d := openDoor(t, Allowed{Programs: []Program{{Argv: waits}}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	go func() { ended <- failure(d.Run(ctx, waits, 10)) }()
	pid := pidIn(t, filepath.Join(dir, "pid"))
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v", err)
	}
	waitUntil(t, "the program is gone", func() bool { return gone(pid) })
}

// TestDoorEndsWithTheClient kills a client that can say no goodbye, with a program running.
func TestDoorEndsWithTheClient(t *testing.T) {
	if os.Getenv(child) == t.Name() {
		waits := shell(fmt.Sprintf("echo $$ $PPID >'%s'; exec sleep 600", os.Getenv("PIDS")))
		d := openDoor(t, Allowed{Programs: []Program{{Argv: waits}}})
		apply(t, Rules{})
		_, err := d.Run(t.Context(), waits, 10)
		t.Fatalf("the program ended: %v", err)
	}
	pids := filepath.Join(t.TempDir(), "pids")
	client := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	client.Env = append(os.Environ(), child+"="+t.Name(), "PIDS="+pids)
	must(t, client.Start())
	var program, door int
	waitUntil(t, "the program runs", func() bool {
		content, err := os.ReadFile(pids)
		n, _ := fmt.Sscanf(string(content), "%d %d\n", &program, &door)
		return err == nil && n == 2
	})
	if gone(program) || gone(door) {
		t.Fatal("the program or the door is gone before the client")
	}
	must(t, client.Process.Kill())
	_ = client.Wait()
	waitUntil(t, "door and program are gone", func() bool { return gone(door) && gone(program) })
}

func TestDoorThatIsGone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	run := shell(fmt.Sprintf("echo $$ >'%s'; kill -9 $PPID; exec sleep 600", file))
	d := openDoor(t, Allowed{Programs: []Program{{Argv: run}}})
	for range 2 {
		if _, err := d.Run(t.Context(), run, 10); !errors.Is(err, errClosed) {
			t.Errorf("run: %v", err)
		}
	}
	pid := pidIn(t, file)
	waitUntil(t, "the program is gone with the door", func() bool { return gone(pid) })
	d.Close()
	if _, err := d.Run(t.Context(), run, 10); !errors.Is(err, errClosed) {
		t.Errorf("run after Close: %v", err)
	}
}

// TestDoorInheritsNothing leaves a file open as a shell would, with a password in it.
func TestDoorInheritsNothing(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		fd, err := unix.Open("/dev/null", unix.O_RDONLY, 0)
		must(t, err)
		must(t, unix.Dup2(fd, 42))
		list := shell("ls /proc/$$/fd")
		d := openDoor(t, Allowed{Programs: []Program{{Argv: list}}})
		// What the door had inherited its programs would inherit in turn.
		if out, err := d.Run(t.Context(), list, 1000); err != nil || string(out) != "0\n1\n2\n" {
			t.Errorf("a program has open: %q, %v", out, err)
		}
	})
}

// TestDoorKeepsProgramsApart tells a program that Ctrl+C reaches from one that it does not.
func TestDoorKeepsProgramsApart(t *testing.T) {
	for _, apart := range []bool{false, true} {
		group := shell("ps -o pgid= -p $$")
		d := openDoor(t, Allowed{Programs: []Program{{Argv: group, Apart: apart}}})
		out, err := d.Run(t.Context(), group, 100)
		must(t, err)
		if ours := strings.TrimSpace(string(out)) == strconv.Itoa(unix.Getpgrp()); ours == apart {
			t.Errorf("apart %v: the program is in the group %s, the client in %d", apart, out, unix.Getpgrp())
		}
	}
}

func TestDoorLaunchesWhatLivesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "written")
	waits := shell(fmt.Sprintf("echo $$ >'%s.pid'; while test -e '%s.pid'; do sleep 0.05; done; echo on >'%s'", file, file, file))
	d := openDoor(t, Allowed{Programs: []Program{{Argv: waits}}})
	must(t, d.Launch(t.Context(), waits))
	pid := pidIn(t, file+".pid")
	if group, err := unix.Getpgid(pid); err != nil || group != pid {
		t.Errorf("the program is in the group %d, %v", group, err)
	}
	must(t, d.Close())
	must(t, os.Remove(file+".pid"))
	waitUntil(t, "the program has done its work", func() bool {
		content, err := os.ReadFile(file)
		return err == nil && string(content) == "on\n"
	})
}

// TestTerminal has a confined process with a terminal of its own open it again, and run a program on it.
func TestTerminal(t *testing.T) {
	asks := shell("test -t 0 && test -t 1 && printf 'name? ' && read name && echo hello $name")
	if os.Getenv(child) == t.Name() {
		d := openDoor(t, Allowed{Programs: []Program{{Argv: asks}}})
		apply(t, Rules{})
		tty, err := os.OpenFile(terminal, os.O_RDWR, 0)
		must(t, err)
		before, err := term.MakeRaw(int(tty.Fd()))
		must(t, err)
		must(t, term.Restore(int(tty.Fd()), before))
		must(t, failure(unix.IoctlGetWinsize(int(tty.Fd()), unix.TIOCGWINSZ)))
		must(t, tty.Close())
		if err := unix.IoctlSetPointerInt(0, unix.TIOCSTI, 'x'); !refusedByKernel(err) {
			t.Errorf("typing in the user's name: %v", err)
		}
		must(t, d.RunOnTerminal(t.Context(), asks))
		return
	}
	command := exec.Command(os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
	command.Env = append(os.Environ(), child+"="+t.Name())
	screen, err := pty.Start(command)
	must(t, err)
	defer screen.Close()
	lines := bufio.NewReader(screen)
	asked, err := lines.ReadString('?')
	must(t, err)
	must(t, failure(screen.WriteString("hubert\n")))
	rest, _ := io.ReadAll(lines) // ends with an error, as terminals do
	if err := command.Wait(); err != nil || !strings.Contains(string(rest), "hello hubert") || !strings.Contains(string(rest), "--- PASS") {
		t.Errorf("%v\n%s%s", err, asked, rest)
	}
}

// TestJobStopsAsAWhole stops a confined process with its group, as Ctrl+Z does, and wakes it. Another process of the group
// is stopped too, so that a shell which waits for it takes the terminal back.
func TestJobStopsAsAWhole(t *testing.T) {
	if os.Getenv(child) == t.Name() {
		apply(t, Rules{})
		woken := make(chan os.Signal, 1)
		signal.Notify(woken, syscall.SIGCONT)
		must(t, syscall.Kill(0, syscall.SIGSTOP))
		<-woken // another thread may take the signal, while this one goes on
		return
	}
	command := exec.Command(os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
	command.Env = append(os.Environ(), child+"="+t.Name())
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	other := exec.Command("sleep", "600")
	other.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	must(t, other.Start())
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	command.SysProcAttr.Pgid = other.Process.Pid
	must(t, command.Start())
	waitUntil(t, "both are stopped", func() bool {
		return status(command.Process.Pid) == "T" && status(other.Process.Pid) == "T"
	})
	must(t, syscall.Kill(-other.Process.Pid, syscall.SIGCONT))
	must(t, command.Wait())
}

func pidIn(t *testing.T, path string) int {
	t.Helper()
	var pid int
	waitUntil(t, "a program writes "+filepath.Base(path), func() bool {
		content, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(string(content), "\n") {
			pid, err = strconv.Atoi(strings.TrimSpace(string(content)))
		}
		return err == nil && pid > 0
	})
	return pid
}

// status is the letter that the kernel has for what a process does; empty if there is none.
func status(pid int) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(content), ") ")
	return after[:1]
}

// gone tells that a process has ended; one that nobody waited for yet has.
func gone(pid int) bool { return slices.Contains([]string{"", "Z", "X"}, status(pid)) }

func waitUntil(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
