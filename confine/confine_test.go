package confine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// child is set in processes that are the test over again, to be confined in its place.
const child = "CONFINE_TEST_CHILD"

func TestMain(m *testing.M) {
	if IsDoor(os.Args) {
		os.Exit(ServeDoor())
	}
	if isAttached(os.Args) {
		os.Exit(serveAttached())
	}
	// The race detector waits a second at the end of each process, of which there are many here.
	os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// inChild runs body in a process of its own, with values by name that the parent made.
func inChild(t *testing.T, given map[string]string, body func(t *testing.T)) {
	t.Helper()
	if os.Getenv(child) == t.Name() {
		body(t)
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
	command.Env = append(os.Environ(), child+"="+t.Name())
	for name, value := range given {
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("in the child: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// listener accepts and closes until the test ends, and counts nothing: who connects knows.
func listener(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	return l
}

func port(t *testing.T, l net.Listener) string {
	t.Helper()
	_, p, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func given(t *testing.T, name string) uint16 {
	t.Helper()
	n, err := strconv.ParseUint(os.Getenv(name), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return uint16(n)
}

func apply(t *testing.T, rules Rules) State {
	t.Helper()
	state, err := Apply(rules)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("in force: %+v", state)
	return state
}

// refusedByKernel tells that the kernel's filters said no, and not somebody at the other end.
func refusedByKernel(err error) bool { return errors.Is(err, syscall.EACCES) }

func connect(network, address string) error {
	conn, err := net.DialTimeout(network, address, 5*time.Second)
	if err == nil {
		conn.Close()
	}
	return err
}

func TestConnectsOnlyToTheAllowedPort(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["ALLOWED"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
		values["OTHER"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
		values["ALLOWED6"] = port(t, listener(t, "tcp", "[::1]:0"))
	}
	inChild(t, values, func(t *testing.T) {
		other := net.JoinHostPort("127.0.0.1", os.Getenv("OTHER"))
		if err := connect("tcp", other); err != nil {
			t.Fatalf("before: %v", err)
		}
		before := startedBefore(t, other)
		state := apply(t, Rules{ConnectPorts: []uint16{given(t, "ALLOWED"), given(t, "ALLOWED6")}})
		if err := connect("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("ALLOWED"))); err != nil {
			t.Errorf("allowed port: %v", err)
		}
		if err := connect("tcp", net.JoinHostPort("::1", os.Getenv("ALLOWED6"))); err != nil {
			t.Errorf("allowed port over IPv6: %v", err)
		}
		if state.Landlock < landlockTCP {
			if state.TCPConfined || len(state.Reasons) == 0 {
				t.Errorf("Landlock %d can not confine TCP, but the state is %+v", state.Landlock, state)
			}
			return
		}
		if !state.TCPConfined {
			t.Errorf("state %+v: TCP is not confined", state)
		}
		if err := connect("tcp", other); !refusedByKernel(err) {
			t.Errorf("other port: %v, want refused by the kernel", err)
		}
		for err := range before {
			if !refusedByKernel(err) {
				t.Errorf("other port from a thread of before: %v", err)
			}
		}
		if _, err := net.Listen("tcp", "127.0.0.1:0"); !refusedByKernel(err) {
			t.Errorf("listen: %v", err)
		}
	})
}

// startedBefore starts goroutines on threads of their own that connect once they are asked for their results.
func startedBefore(t *testing.T, address string) func(func(error) bool) {
	t.Helper()
	const many = 8
	ready, ask, results := make(chan bool), make(chan bool), make(chan error, many)
	for range many {
		go func() {
			lockThread()
			ready <- true
			<-ask
			results <- connect("tcp", address)
		}()
		<-ready
	}
	return func(yield func(error) bool) {
		close(ask)
		for range many {
			if !yield(<-results) {
				return
			}
		}
	}
}

func TestSocketsThatAreNoTCPStream(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		state := apply(t, Rules{ConnectPorts: []uint16{9050}})
		if !state.UDPBlocked || !state.UnixConfined {
			t.Fatalf("state %+v", state)
		}
		for _, s := range []struct {
			name                   string
			family, kind, protocol int
		}{
			{"UDP", unix.AF_INET, unix.SOCK_DGRAM, 0},
			{"UDP over IPv6", unix.AF_INET6, unix.SOCK_DGRAM | unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC, unix.IPPROTO_UDP},
			{"ping", unix.AF_INET, unix.SOCK_DGRAM, unix.IPPROTO_ICMP},
			{"raw", unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP},
			{"packet", unix.AF_PACKET, unix.SOCK_RAW, 0},
			{"netlink", unix.AF_NETLINK, unix.SOCK_RAW, 0},
			{"Multipath TCP", unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP},
			{"SCTP", unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP},
			{"virtual machine", unix.AF_VSOCK, unix.SOCK_STREAM, 0},
			{"Unix", unix.AF_UNIX, unix.SOCK_STREAM, 0},
			{"Unix datagram", unix.AF_UNIX, unix.SOCK_DGRAM, 0},
			{"Bluetooth", unix.AF_BLUETOOTH, unix.SOCK_STREAM, 3},
		} {
			if fd, err := unix.Socket(s.family, s.kind, s.protocol); !refusedByKernel(err) {
				t.Errorf("%s: socket %d, %v; want refused", s.name, fd, err)
			}
		}
		for _, network := range []string{"udp", "udp6", "unixgram"} {
			if err := connect(network, "127.0.0.1:53"); err == nil {
				t.Errorf("%s: connected", network)
			}
		}
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Errorf("a pair of sockets of our own: %v", err)
		}
		defer unix.Close(pair[0])
		defer unix.Close(pair[1])
	})
}

// TestFastOpen sends the first data together with the connection, which Landlock alone does not see on all kernels.
func TestFastOpen(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["OTHER"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
	}
	inChild(t, values, func(t *testing.T) {
		to := &unix.SockaddrInet4{Port: int(given(t, "OTHER")), Addr: [4]byte{127, 0, 0, 1}}
		send := func() error {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer unix.Close(fd)
			return unix.Sendto(fd, []byte("x"), unix.MSG_FASTOPEN, to)
		}
		if err := send(); err != nil && !errors.Is(err, unix.EOPNOTSUPP) {
			t.Fatalf("before: %v", err)
		}
		apply(t, Rules{ConnectPorts: []uint16{9050}})
		if err := send(); !refusedByKernel(err) {
			t.Errorf("sendto: %v", err)
		}
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		if err := unix.Sendmsg(fd, []byte("x"), nil, to, unix.MSG_FASTOPEN); !refusedByKernel(err) {
			t.Errorf("sendmsg: %v", err)
		}
	})
}

func TestNamesAreNotResolved(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		apply(t, Rules{ConnectPorts: []uint16{9050}})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		for _, resolver := range []*net.Resolver{{PreferGo: true}, {PreferGo: false}} {
			addresses, err := resolver.LookupHost(ctx, "example.org")
			if err == nil {
				t.Errorf("example.org has %q", addresses)
			}
		}
		if ctx.Err() != nil {
			t.Error("the resolver waited for an answer: somebody was asked")
		}
	})
}

func TestFilesOutsideTheProfile(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["DIR"] = t.TempDir()
	}
	inChild(t, values, func(t *testing.T) {
		dir := os.Getenv("DIR")
		profile, secret, ca := filepath.Join(dir, "profile"), filepath.Join(dir, "secret"), filepath.Join(dir, "ca.pem")
		must(t, os.Mkdir(profile, 0o700))
		must(t, os.WriteFile(secret, []byte("s"), 0o600))
		must(t, os.WriteFile(ca, []byte("c"), 0o600))
		state := apply(t, Rules{Read: []string{ca, filepath.Join(dir, "missing")}, Write: []string{profile}})
		if state.Landlock == 0 {
			if state.FilesConfined || !slices.Contains(state.Reasons, NoLandlock) {
				t.Errorf("without Landlock the state is %+v", state)
			}
			return
		}
		if !state.FilesConfined {
			t.Errorf("state %+v", state)
		}
		for what, err := range map[string]error{
			"read":         failure(os.ReadFile(secret)),
			"write":        os.WriteFile(secret, []byte("x"), 0o600),
			"create":       os.WriteFile(filepath.Join(dir, "new"), nil, 0o600),
			"list":         failure(os.ReadDir(dir)),
			"move out":     os.Rename(ca, secret),
			"remove":       os.Remove(secret),
			"write the ca": os.WriteFile(ca, []byte("x"), 0o600),
			"passwd":       failure(os.ReadFile("/etc/passwd")),
			"memory":       failure(os.ReadFile("/proc/self/maps")),
		} {
			if !refusedByKernel(err) {
				t.Errorf("%s: %v, want refused by the kernel", what, err)
			}
		}
		if content, err := os.ReadFile(ca); err != nil || string(content) != "c" {
			t.Errorf("what may be read: %q, %v", content, err)
		}
		inside, moved := filepath.Join(profile, "a"), filepath.Join(profile, "b")
		must(t, os.WriteFile(inside, []byte("x"), 0o600))
		must(t, os.WriteFile(inside, []byte("y"), 0o600))
		must(t, os.Rename(inside, moved))
		if content, err := os.ReadFile(moved); err != nil || string(content) != "y" {
			t.Errorf("in the profile: %q, %v", content, err)
		}
		must(t, os.Mkdir(inside, 0o700))
		must(t, os.Remove(inside))
		must(t, os.Remove(moved))
	})
}

func TestTemporaryFolder(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["DIR"] = t.TempDir()
	}
	inChild(t, values, func(t *testing.T) {
		folder, beside := filepath.Join(os.Getenv("DIR"), "tor"), filepath.Join(os.Getenv("DIR"), "file")
		must(t, os.Mkdir(folder, 0o700))
		must(t, os.WriteFile(beside, nil, 0o600))
		state := apply(t, Rules{Temporary: []string{folder}})
		must(t, os.WriteFile(filepath.Join(folder, "settings"), nil, 0o600))
		must(t, os.RemoveAll(filepath.Join(folder, "settings")))
		must(t, os.Remove(folder))
		if err := os.Remove(beside); state.FilesConfined && !refusedByKernel(err) {
			t.Errorf("a file beside it: %v", err)
		}
	})
}

// TestUnixSockets connects to the socket that is named, and to none when none is.
func TestUnixSockets(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		t.Run(strconv.FormatBool(allowed), func(t *testing.T) {
			values := map[string]string{}
			if os.Getenv(child) == "" {
				values["DIR"] = t.TempDir()
				must(t, os.Mkdir(filepath.Join(values["DIR"], "tor"), 0o700))
				listener(t, "unix", filepath.Join(values["DIR"], "tor", "socks"))
				listener(t, "unix", filepath.Join(values["DIR"], "resolver"))
			}
			inChild(t, values, func(t *testing.T) {
				socks, resolver := filepath.Join(os.Getenv("DIR"), "tor", "socks"), filepath.Join(os.Getenv("DIR"), "resolver")
				rules := Rules{}
				if allowed {
					rules.UnixSockets = []string{socks}
				}
				state := apply(t, rules)
				if !state.TCPConfined || !refusedByKernel(connect("tcp", "127.0.0.1:9050")) {
					t.Errorf("state %+v: TCP sockets without a port to connect to", state)
				}
				if err := connect("unix", socks); allowed && err != nil || !allowed && !refusedByKernel(err) {
					t.Errorf("named socket: %v", err)
				}
				if err := connect("unix", resolver); state.UnixConfined != refusedByKernel(err) {
					t.Errorf("state %+v, but another socket: %v", state, err)
				}
				if want := !allowed || state.Landlock >= landlockUnix; state.UnixConfined != want {
					t.Errorf("state %+v", state)
				}
			})
		})
	}
}

func TestProgramsAreNotStarted(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		program, err := exec.LookPath("true")
		must(t, err)
		must(t, exec.Command(program).Run())
		if state := apply(t, Rules{}); !state.ProgramsBlocked {
			t.Errorf("state %+v", state)
		}
		if err := exec.Command(program).Run(); !refusedByKernel(err) {
			t.Errorf("start: %v", err)
		}
	})
}

// TestStaysUsable does what the client does long after its start.
func TestStaysUsable(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		zone := time.Now().Format(time.RFC3339)[19:]
		apply(t, Rules{})
		if now := time.Now().Format(time.RFC3339)[19:]; now != zone {
			t.Errorf("time zone %q became %q", zone, now)
		}
		if _, err := x509.SystemCertPool(); err != nil {
			t.Errorf("certificates of the system: %v", err)
		}
		ours, theirs := net.Pipe()
		go tls.Server(theirs, &tls.Config{}).Handshake()
		err := tls.Client(ours, &tls.Config{ServerName: "example.org"}).Handshake()
		if err == nil || refusedByKernel(err) {
			t.Errorf("TLS: %v, want an error of its own", err)
		}
		threads := make(chan bool)
		for range 4 {
			go func() { lockThread(); threads <- true }()
			<-threads
		}
		if err := syscall.Kill(os.Getpid(), 0); err != nil {
			t.Errorf("signals: %v", err)
		}
	})
}

func TestApplyAgainNarrows(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["PORT"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
	}
	inChild(t, values, func(t *testing.T) {
		address := net.JoinHostPort("127.0.0.1", os.Getenv("PORT"))
		apply(t, Rules{ConnectPorts: []uint16{given(t, "PORT")}})
		must(t, connect("tcp", address))
		apply(t, Rules{})
		if err := connect("tcp", address); !refusedByKernel(err) {
			t.Errorf("after the second call: %v", err)
		}
		apply(t, Rules{ConnectPorts: []uint16{given(t, "PORT")}})
		if err := connect("tcp", address); !refusedByKernel(err) {
			t.Errorf("after the third call: %v", err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// failure drops what a call gives besides its error.
func failure[T any](_ T, err error) error { return err }
