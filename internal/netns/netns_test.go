package netns

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	port     = 9999
	patience = 30 * time.Second
	// roleVariable tells a process of this program that it is inside, and what it does there.
	roleVariable = "TRABOULE_NETNS_TEST_ROLE"
)

func TestMain(m *testing.M) {
	Helper()
	if role := os.Getenv(roleVariable); role != "" {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := play(ctx, role); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// play does what a program inside is to do.
func play(ctx context.Context, role string) error {
	if leak, found := leaks()[role]; found {
		return leak(ctx)
	}
	switch role {
	case "talk":
		return talk(ctx)
	case "refused":
		return connectTo("tcp4", fmt.Sprintf("127.0.0.1:%d", port))(ctx)
	case "look around":
		return lookAround(ctx)
	default:
		return fmt.Errorf("no such role: %q", role)
	}
}

// talk sends a text through the allowed port and wants it back.
func talk(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("salut")); err != nil {
		return err
	}
	echo := make([]byte, 5)
	if _, err := io.ReadFull(conn, echo); err != nil || string(echo) != "salut" {
		return fmt.Errorf("%q came back: %w", echo, err)
	}
	return nil
}

// lookAround checks that sockets in the file system are out of reach, and that the trap answers.
func lookAround(ctx context.Context) error {
	var here strings.Builder
	for _, folder := range []string{"/run", "/var/run"} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			fmt.Fprintf(&here, "%s ", entry.Name())
		}
	}
	if text := strings.ReplaceAll(here.String(), "resolv.conf ", ""); text != "" {
		return fmt.Errorf("there is %q in /run", text)
	}
	for _, server := range []string{"192.0.2.1:53", "8.8.8.8:53", "[2001:db8:5::5]:53"} {
		for _, network := range []string{"udp", "tcp"} {
			r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, server)
			}}
			if err := lookUp(r)(ctx); err != nil {
				return fmt.Errorf("%s to %s: %w", network, server, err)
			}
		}
	}
	return nil
}

// eachWay runs a test in a namespace that root made, and in one that a user made.
func eachWay(t *testing.T, test func(t *testing.T, o Options)) {
	if os.Geteuid() == 0 {
		t.Run("root", func(t *testing.T) { test(t, Options{Ports: []int{port}}) })
	}
	t.Run("user namespace", func(t *testing.T) { test(t, Options{Ports: []int{port}, Unprivileged: true}) })
}

func newNamespace(t *testing.T, o Options) *Namespace {
	t.Helper()
	n, err := Start(t.Context(), o)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(n.Close)
	return n
}

// run plays a role inside.
func (n *Namespace) run(t *testing.T, role string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	argv := n.Enter(program)
	command := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	// The race detector sleeps a second at the end of a program.
	command.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", role, err, out)
	}
}

func (n *Namespace) mustTraffic(t *testing.T) Traffic {
	t.Helper()
	seen, err := n.Traffic()
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// echo serves the allowed port.
func (n *Namespace) echo(t *testing.T) (stop func()) {
	t.Helper()
	listener, err := n.Listen(t.Context(), fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			// Whoever sent it looks at what comes back.
			_, _ = io.Copy(conn, conn)
			conn.Close()
		}
	}()
	return func() {
		listener.Close()
		<-done
	}
}

func TestLeaksAreCaught(t *testing.T) {
	eachWay(t, func(t *testing.T, o Options) {
		for kind := range leaks() {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				n := newNamespace(t, o)
				n.run(t, kind)
				seen := n.mustTraffic(t)
				if seen.Leaked == 0 || len(seen.Leaks) == 0 || seen.Allowed > 0 {
					t.Errorf("caught %d packets %v, allowed %d", seen.Leaked, seen.Leaks, seen.Allowed)
				}
			})
		}
	})
}

func TestAllowedPortIsNoLeak(t *testing.T) {
	eachWay(t, func(t *testing.T, o Options) {
		n := newNamespace(t, o)
		stop := n.echo(t)
		n.run(t, "talk")
		first := n.mustTraffic(t)
		if first.Allowed == 0 || first.Leaked > 0 {
			t.Errorf("allowed %d packets, caught %v", first.Allowed, first.Leaks)
		}
		stop()
		n.run(t, "refused")
		if refused := n.mustTraffic(t); refused.Allowed == first.Allowed || refused.Leaked > 0 {
			t.Errorf("where nobody listens: allowed %d packets, caught %v", refused.Allowed-first.Allowed, refused.Leaks)
		}
		defer n.echo(t)()
		n.run(t, "talk")
		if again := n.mustTraffic(t); again.Leaked > 0 {
			t.Errorf("where somebody listens again: caught %v", again.Leaks)
		}
	})
}

func TestWhatIsInside(t *testing.T) {
	eachWay(t, func(t *testing.T, o Options) { newNamespace(t, o).run(t, "look around") })
}

// TestEnter shows that a program inside is started like any other: folder, files, process, and its user.
func TestEnter(t *testing.T) {
	eachWay(t, func(t *testing.T, o Options) {
		n := newNamespace(t, o)
		argv := n.Enter("sh", "-c", `pwd; id -u; cat; cat <&3; kill -s TERM $$`)
		command := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
		command.Dir = t.TempDir()
		command.Stdin = strings.NewReader("in\n")
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		fmt.Fprintln(writer, "third")
		writer.Close()
		command.ExtraFiles = []*os.File{reader}
		var out bytes.Buffer
		command.Stdout, command.Stderr = &out, &out
		if err := command.Run(); err == nil {
			t.Error("it ended well")
		}
		if want := fmt.Sprintf("%s\n%d\nin\nthird\n", command.Dir, os.Geteuid()); out.String() != want {
			t.Errorf("it said %q, want %q", &out, want)
		}
		if status := command.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
			t.Errorf("it ended by %v", status.Signal())
		}
	})
}

// TestAsAnyUser runs the tests above as a user who may do nothing special.
func TestAsAnyUser(t *testing.T) {
	if os.Geteuid() != 0 {
		return // they ran so already
	}
	folder, err := os.MkdirTemp("", "traboule-netns-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "netns.test")
	own, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, own, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "-test.v", "-test.run", "^(TestLeaksAreCaught|TestAllowedPortIsNoLeak|TestWhatIsInside)$")
	command.Dir = "/"
	const nobody = 65534
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := command.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestLeaksAreCaught/user_namespace/ping")) {
		t.Errorf("%v\n%s", err, out)
	}
}
