package e2e_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"traboule/dial"
	"traboule/internal/tornet"
)

// torClient is a tor of one test, which may be killed and asked, in the private network of all.
type torClient struct {
	t              *testing.T
	dir            string
	socks, control string // "host:port"
	process        *exec.Cmd
}

// newTorClient starts a tor on ports of its own and waits until it can be used.
func newTorClient(t *testing.T, n *tornet.Network) *torClient {
	t.Helper()
	c := &torClient{t: t, dir: t.TempDir(), socks: freePort(t), control: freePort(t)}
	write(t, filepath.Join(c.dir, "torrc"), fmt.Sprintf(
		"SocksPort %s ExtendedErrors\nControlPort %s\nCookieAuthentication 1\nCookieAuthFile %s\nDataDirectory %s\n%%include %s\n",
		c.socks, c.control, c.cookie(), filepath.Join(c.dir, "data"), n.Fragment))
	write(t, filepath.Join(c.dir, "defaults"), "")
	c.start()
	t.Cleanup(c.kill)
	return c
}

func (c *torClient) cookie() string { return filepath.Join(c.dir, "cookie") }

// freePort is a port that nobody used a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (c *torClient) start() {
	c.t.Helper()
	c.process = exec.Command(need(c.t, "tor"), "-f", filepath.Join(c.dir, "torrc"), "--defaults-torrc", filepath.Join(c.dir, "defaults"))
	c.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	c.process.Stdout = log
	if err := c.process.Start(); err != nil {
		c.t.Fatal(err)
	}
	for deadline := time.Now().Add(torStart); ; time.Sleep(100 * time.Millisecond) {
		lines, err := c.ask("GETINFO status/circuit-established")
		if err == nil && strings.HasSuffix(lines[0], "=1") {
			return
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			c.t.Fatalf("tor does not get ready: %v %q\n%s", err, lines, said)
		}
	}
}

// kill ends the tor as a crash would.
func (c *torClient) kill() {
	if c.process != nil {
		_ = c.process.Process.Kill()
		_ = c.process.Wait() // it says that it was killed
		c.process = nil
	}
}

func (c *torClient) ask(question string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	control, err := dial.OpenControl(ctx, "tcp", c.control, c.cookie())
	if err != nil {
		return nil, err
	}
	defer control.Close()
	return control.Ask(question)
}

// circuit is one that streams were put on.
type circuit struct{ id, user string }

// circuits returns the circuits that belong to SOCKS credentials.
func (c *torClient) circuits() map[circuit]bool {
	c.t.Helper()
	lines, err := c.ask("GETINFO circuit-status")
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[circuit]bool{}
	for _, line := range lines {
		if m := regexp.MustCompile(`^(\d+) BUILT .*SOCKS_USERNAME="([^"]*)"`).FindStringSubmatch(strings.TrimPrefix(line, "circuit-status=")); m != nil {
			found[circuit{m[1], m[2]}] = true
		}
	}
	return found
}

// streams maps each circuit in use to the targets of its streams.
func (c *torClient) streams() map[string][]string {
	c.t.Helper()
	lines, err := c.ask("GETINFO stream-status")
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[string][]string{}
	for _, line := range lines {
		if words := strings.Fields(strings.TrimPrefix(line, "stream-status=")); len(words) >= 4 && words[1] == "SUCCEEDED" {
			found[words[2]] = append(found[words[2]], words[3])
		}
	}
	return found
}
