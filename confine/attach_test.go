package confine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// attachedName is what the test's own program is called when it is attached.
const attachedName = "traboule-attached"

func isAttached(args []string) bool { return len(args) == 1 && args[0] == attachedName }

// serveAttached answers each line with what it is asked to try.
func serveAttached() int {
	conn, err := Attached()
	if err != nil {
		return 1
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		fmt.Fprintln(conn, try(lines.Text()))
	}
	return 0
}

func try(line string) string {
	what, argument, _ := strings.Cut(line, " ")
	switch what {
	case "pid":
		return strconv.Itoa(os.Getpid())
	case "session":
		session, err := unix.Getsid(0)
		return fmt.Sprint(session == os.Getpid(), err)
	case "files":
		list, err := filepath.Glob("/proc/self/fd/*")
		var targets []string
		for _, link := range list {
			target, _ := os.Readlink(link) // gone is that of the list itself
			targets = append(targets, target)
		}
		return fmt.Sprint(targets, err)
	case "environment":
		return fmt.Sprint(len(os.Environ()))
	case "isolate":
		state, err := Isolate(128 << 20)
		return fmt.Sprintf("%+v %v", state, err)
	case "open":
		return fmt.Sprint(failure(os.Open(argument)))
	case "print":
		return fmt.Sprint(failure(fmt.Println("printed")), failure(fmt.Fprintln(os.Stderr, "printed")))
	case "signal":
		pid, _ := strconv.Atoi(argument)
		return fmt.Sprint(syscall.Kill(pid, 0))
	case "core":
		var limit unix.Rlimit
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		return fmt.Sprint(unix.Getrlimit(unix.RLIMIT_CORE, &limit), limit, dumpable, err)
	case "eat":
		megabytes, _ := strconv.Atoi(argument)
		food := make([]byte, megabytes<<20)
		for i := range food {
			food[i] = 1
		}
		return fmt.Sprint(len(food) >> 20)
	}
	return "what?"
}

// ask asks a program that was attached.
func ask(t *testing.T, conn net.Conn, line string) string {
	t.Helper()
	must(t, failure(fmt.Fprintln(conn, line)))
	answer, err := bufio.NewReader(conn).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(answer)
}

// attachers are the two ways to attach.
func attachers(t *testing.T) map[string]func() (net.Conn, error) {
	d := openDoor(t, Allowed{Programs: []Program{{Argv: []string{attachedName}, Self: true}}})
	return map[string]func() (net.Conn, error){
		"directly":         func() (net.Conn, error) { return Attach(attachedName) },
		"through the door": func() (net.Conn, error) { return d.Attach(t.Context(), []string{attachedName}) },
	}
}

func TestAttachedProgramHasNothingButItsSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "password")
	must(t, os.WriteFile(path, nil, 0o600))
	fd, err := unix.Open(path, unix.O_RDONLY, 0)
	must(t, err)
	defer unix.Close(fd)
	for name, attach := range attachers(t) {
		t.Run(name, func(t *testing.T) {
			conn, err := attach()
			must(t, err)
			defer conn.Close()
			if got := ask(t, conn, "session"); got != "true <nil>" {
				t.Errorf("a session of its own: %s", got)
			}
			if got := ask(t, conn, "files"); !strings.Contains(got, "/dev/null") || strings.Contains(got, path) {
				t.Errorf("open files: %s", got)
			}
			if got := ask(t, conn, "environment"); got != "0" {
				t.Errorf("%s variables of the environment", got)
			}
		})
	}
}

func TestAttachedProgramEndsWithTheConnection(t *testing.T) {
	for name, attach := range attachers(t) {
		t.Run(name, func(t *testing.T) {
			conn, err := attach()
			must(t, err)
			pid, err := strconv.Atoi(ask(t, conn, "pid"))
			must(t, err)
			// One that hangs does not notice that its socket is closed.
			must(t, syscall.Kill(pid, syscall.SIGSTOP))
			must(t, conn.Close())
			waitUntil(t, "the program is gone", func() bool { return gone(pid) })
		})
	}
}

func TestAttachedProgramThatEndsIsNoticed(t *testing.T) {
	for name, attach := range attachers(t) {
		t.Run(name, func(t *testing.T) {
			conn, err := attach()
			must(t, err)
			defer conn.Close()
			pid, err := strconv.Atoi(ask(t, conn, "pid"))
			must(t, err)
			must(t, syscall.Kill(pid, syscall.SIGKILL))
			if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
				t.Errorf("read %d bytes, %v", n, err)
			}
		})
	}
}

// TestAttachedProgramEndsWithTheClient kills a client that can say no goodbye, and a door.
func TestAttachedProgramEndsWithTheClient(t *testing.T) {
	if os.Getenv(child) == t.Name() {
		d := openDoor(t, Allowed{Programs: []Program{{Argv: []string{attachedName}, Self: true}}})
		apply(t, Rules{})
		conn, err := d.Attach(t.Context(), []string{attachedName})
		must(t, err)
		fmt.Printf("pid %s\n", ask(t, conn, "pid"))
		select {}
	}
	client := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	client.Env = append(os.Environ(), child+"="+t.Name())
	out, err := client.StdoutPipe()
	must(t, err)
	must(t, client.Start())
	var pid int
	lines := bufio.NewScanner(out)
	for pid == 0 && lines.Scan() {
		_, _ = fmt.Sscanf(lines.Text(), "pid %d", &pid)
	}
	if pid == 0 || gone(pid) {
		t.Fatalf("the program %d does not run", pid)
	}
	must(t, client.Process.Kill())
	_ = client.Wait()
	waitUntil(t, "the program is gone", func() bool { return gone(pid) })
}

func TestAttachIsAllowedOrRefused(t *testing.T) {
	self, echo := []string{attachedName}, []string{"echo", "a"}
	d := openDoor(t, Allowed{Programs: []Program{{Argv: self, Self: true}, {Argv: echo}}})
	for _, argv := range [][]string{echo, {"traboule-door"}, {attachedName, "x"}, {"sh"}} {
		if conn, err := d.Attach(t.Context(), argv); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v, %v", argv, conn, err)
		}
	}
	if _, err := d.Run(t.Context(), self, 10); !errors.Is(err, ErrRefused) {
		t.Errorf("run: %v", err)
	}
	if err := d.Launch(t.Context(), self); !errors.Is(err, ErrRefused) {
		t.Errorf("launch: %v", err)
	}
	for name, p := range map[string]Program{
		"with arguments":   {Argv: []string{"a", "b"}, Self: true},
		"with an argument": {Argv: self, Self: true, Argument: LinkArgument},
	} {
		if err := (Allowed{Programs: []Program{p}}).check(); err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Attach(ctx, self); !errors.Is(err, context.Canceled) {
		t.Errorf("when nobody waits: %v", err)
	}
	must(t, d.Close())
	if _, err := d.Attach(t.Context(), self); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}

func TestIsolate(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(secret, []byte("s3cret"), 0o600))
	conn, err := Attach(attachedName)
	must(t, err)
	defer conn.Close()
	state := ask(t, conn, "isolate")
	for _, want := range []string{"UDPBlocked:true", "ProgramsBlocked:true", "TCPConfined:true", "UnixConfined:true", " <nil>"} {
		if !strings.Contains(state, want) {
			t.Errorf("state %s lacks %q", state, want)
		}
	}
	refused := "permission denied"
	if strings.Contains(state, "FilesConfined:true") {
		for _, path := range []string{secret, terminal, "/proc/self/mem", os.Args[0]} {
			if got := ask(t, conn, "open "+path); !strings.HasSuffix(got, refused) {
				t.Errorf("open %q: %s", path, got)
			}
		}
	} else if landlockVersion() > 0 {
		t.Errorf("state %s: files", state)
	}
	if got := ask(t, conn, "signal "+strconv.Itoa(os.Getpid())); got != refused {
		t.Errorf("signal: %s", got)
	}
	if got := ask(t, conn, "core"); got != "<nil> {0 0} 0 <nil>" {
		t.Errorf("core file: %s", got)
	}
	if got := ask(t, conn, "print"); got != "<nil> <nil>" {
		t.Errorf("print: %s", got)
	}
	if got := ask(t, conn, "eat 16"); got != "16" {
		t.Errorf("memory: %s", got)
	}
	must(t, failure(fmt.Fprintln(conn, "eat 4096")))
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
		t.Errorf("more memory than there is to be: %s", answer)
	}
}
