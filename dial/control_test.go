package dial

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// fakeControl is a control port which knows the authentication, and answers all else by its script.
type fakeControl struct {
	net.Listener
	cookieFile string // empty to want none
	liar       bool   // does not know the cookie
	script     func(command string) string

	mu    sync.Mutex
	asked []string
	conns []net.Conn
}

func newFakeControl(t *testing.T, network, address string, script func(command string) string) *fakeControl {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeControl{Listener: listener, script: script}
	t.Cleanup(f.stop)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns = append(f.conns, conn)
			f.mu.Unlock()
			go f.serve(conn)
		}
	}()
	return f
}

func (f *fakeControl) stop() {
	f.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range f.conns {
		conn.Close()
	}
}

// tell sends an event to all who are connected.
func (f *fakeControl) tell(event string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, conn := range f.conns {
		fmt.Fprintf(conn, "650 %s\r\n", event)
	}
}

func (f *fakeControl) commands() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func (f *fakeControl) serve(conn net.Conn) {
	defer conn.Close()
	var proof string
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		command := lines.Text()
		f.mu.Lock()
		f.asked = append(f.asked, command)
		f.mu.Unlock()
		verb, rest, _ := strings.Cut(command, " ")
		answer := "250 OK\r\n"
		switch verb {
		case "PROTOCOLINFO":
			answer = f.protocolInfo()
		case "AUTHCHALLENGE":
			answer, proof = f.challenge(rest)
		case "AUTHENTICATE":
			if rest != proof {
				answer = "515 Authentication failed\r\n"
			}
		default:
			answer = f.script(command)
		}
		if _, err := conn.Write([]byte(answer)); err != nil || answer == "" {
			return
		}
	}
}

func (f *fakeControl) protocolInfo() string {
	auth := "METHODS=NULL"
	if f.cookieFile != "" {
		auth = fmt.Sprintf("METHODS=COOKIE,SAFECOOKIE COOKIEFILE=%q", f.cookieFile)
	}
	return "250-PROTOCOLINFO 1\r\n250-AUTH " + auth + "\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n"
}

func (f *fakeControl) challenge(rest string) (answer, proof string) {
	cookie, err := os.ReadFile(f.cookieFile)
	nonce, err2 := hex.DecodeString(strings.TrimPrefix(rest, "SAFECOOKIE "))
	if err != nil || err2 != nil {
		return "513 no\r\n", "none"
	}
	if f.liar {
		cookie = make([]byte, cookieSize)
	}
	ours := make([]byte, cookieSize)
	rand.Read(ours)
	answer = fmt.Sprintf("250 AUTHCHALLENGE SERVERHASH=%X SERVERNONCE=%X\r\n", cookieProof(serverProof, cookie, nonce, ours), ours)
	return answer, hex.EncodeToString(cookieProof(clientProof, cookie, nonce, ours))
}

func writeCookie(t *testing.T, size int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cookie")
	cookie := make([]byte, size)
	rand.Read(cookie)
	if err := os.WriteFile(file, cookie, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestControlAuthentication(t *testing.T) {
	f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return "250 fine\r\n" })
	f.cookieFile = writeCookie(t, cookieSize)
	for name, open := range map[string]func() (*Control, error){
		"given": func() (*Control, error) {
			return OpenControl(t.Context(), "tcp", f.Addr().String(), f.cookieFile)
		},
		"found": func() (*Control, error) {
			return findControl(t.Context(), (&net.Dialer{}).DialContext, "tcp", f.Addr().String())
		},
	} {
		c, err := open()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if lines, err := c.Ask("GETINFO version"); err != nil || !slices.Equal(lines, []string{"fine"}) {
			t.Errorf("%s: %q, %v", name, lines, err)
		}
		c.Close()
	}
}

func TestControlWithoutCookie(t *testing.T) {
	f := newFakeControl(t, "unix", filepath.Join(t.TempDir(), "control"), func(string) string { return "250 fine\r\n" })
	c, err := findControl(t.Context(), (&net.Dialer{}).DialContext, "unix", f.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

// TestControlShowsNoCookie shows that whoever names a file of ours does not get what stands in it.
func TestControlShowsNoCookie(t *testing.T) {
	f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return "250 fine\r\n" })
	f.cookieFile, f.liar = writeCookie(t, cookieSize), true
	if _, err := findControl(t.Context(), (&net.Dialer{}).DialContext, "tcp", f.Addr().String()); err == nil {
		t.Fatal("believed a tor that does not know the cookie")
	}
	for _, command := range f.commands() {
		if strings.HasPrefix(command, "AUTHENTICATE") {
			t.Errorf("sent %q to it", command)
		}
	}
}

func TestControlBadCookies(t *testing.T) {
	f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return "250 fine\r\n" })
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{writeCookie(t, 0), writeCookie(t, 31), writeCookie(t, 33), pipe, "/dev/zero", "/nowhere/cookie", t.TempDir()} {
		if c, err := OpenControl(t.Context(), "tcp", f.Addr().String(), file); err == nil {
			c.Close()
			t.Errorf("%s: taken for a cookie", file)
		}
	}
}

func TestControlReplies(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		want   []string
		code   string // of a refusal
	}{
		"one line":  {"250 OK\r\n", []string{"OK"}, ""},
		"lines":     {"250-a=1\r\n250-b=2\r\n250 OK\r\n", []string{"a=1", "b=2", "OK"}, ""},
		"data":      {"250+status=\r\none\r\n..two\r\n.\r\n250 OK\r\n", []string{"status=", "one", ".two", "OK"}, ""},
		"events":    {"650 STATUS_CLIENT NOTICE X\r\n650-A\r\n650 B\r\n250 OK\r\n", []string{"OK"}, ""},
		"refusal":   {"510 Command filtered\r\n", nil, "510"},
		"long line": {"250 " + strings.Repeat("x", 10_000) + "\r\n", []string{strings.Repeat("x", 10_000)}, ""},
	} {
		f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return c.answer })
		control, err := OpenControl(t.Context(), "tcp", f.Addr().String(), "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := control.Ask("GETINFO x")
		var refused *ControlError
		if errors.As(err, &refused) != (c.code != "") || refused != nil && refused.Code != c.code || !slices.Equal(got, c.want) {
			t.Errorf("%s: %.60q, %v", name, got, err)
		}
		control.Close()
	}
}

func TestControlNonsense(t *testing.T) {
	for name, answer := range map[string]string{
		"cut":        "250-a\r\n",
		"short":      "25\r\n250 OK\r\n",
		"no end":     strings.Repeat("250-a\r\n", maxControlLines+1) + "250 OK\r\n",
		"data":       "250+a\r\n" + strings.Repeat("b\r\n", maxControlLines+1) + ".\r\n250 OK\r\n",
		"huge line":  "250 " + strings.Repeat("x", 2*maxControlLine) + "\r\n",
		"not a code": "hello there\r\n",
	} {
		f := newFakeControl(t, "tcp", "127.0.0.1:0", func(command string) string {
			if command == "QUIT" {
				return ""
			}
			return answer
		})
		control, err := OpenControl(t.Context(), "tcp", f.Addr().String(), "")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(control.conn, "GETINFO x\r\nQUIT\r\n")
		if got, err := control.Ask("GETINFO y"); err == nil {
			t.Errorf("%s: %.60q", name, got)
		}
		control.Close()
	}
}

func TestControlSendsOneLine(t *testing.T) {
	f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return "250 OK\r\n" })
	c, err := OpenControl(t.Context(), "tcp", f.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Ask("GETINFO x\r\nSIGNAL SHUTDOWN"); err == nil || len(f.commands()) != 1 {
		t.Errorf("%v, commands %q", err, f.commands())
	}
}

func TestControlNext(t *testing.T) {
	f := newFakeControl(t, "tcp", "127.0.0.1:0", func(string) string { return "250 OK\r\n" })
	c, err := OpenControl(t.Context(), "tcp", f.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	f.tell("STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED")
	if lines, err := c.Next(t.Context()); err != nil || !slices.Equal(lines, []string{"STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED"}) {
		t.Errorf("%q, %v", lines, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the end of the wait", err)
	}
}

func TestParseKeywords(t *testing.T) {
	got := parseKeywords(`NOTICE BOOTSTRAP PROGRESS=10 SUMMARY="Connected to \"a\" relay" EMPTY="" COUNT=3 LAST="cut`)
	want := map[string]string{"PROGRESS": "10", "SUMMARY": `Connected to "a" relay`, "EMPTY": "", "COUNT": "3", "LAST": "cut"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
}
