package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const torUnusable = 4

// traced runs the program under strace and returns it, and the file with what it asked of the network.
func traced(t *testing.T, args ...string) (c *client, trace string) {
	t.Helper()
	trace = filepath.Join(t.TempDir(), "trace")
	argv := []string{need(t, "strace"), "-f", "-qq", "-e", "trace=network", "-o", trace, binary()}
	argv = append(argv, "--json", "--lang", "en", "--profile", withoutTor(t), "--password-fd", "3")
	return startCommand(t, "ana", password, append(argv, args...)...), trace
}

// withoutTor is a profile in which the client may not start a tor of its own.
func withoutTor(t *testing.T) string {
	t.Helper()
	profile := t.TempDir()
	if err := os.WriteFile(filepath.Join(profile, "config.toml"), []byte("start_tor = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return profile
}

// looking is a connection to a port of this machine where a Tor may be, which is how one is looked for.
var looking = regexp.MustCompile(`connect\(.*sin_port=htons\(9[01]5[01]\), sin_addr=inet_addr\("127\.0\.0\.1"\)`)

// internet returns the lines of a trace in which an internet address was named to the system, but for the search for a Tor.
func internet(t *testing.T, trace string) []string {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if regexp.MustCompile(`sin6?_port`).MatchString(line) && !looking.MatchString(line) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// TestTorRequired shows that without a usable Tor nothing leaves the machine, whatever else is asked for.
func TestTorRequired(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"default":       {"--account", "ana@example.org"},
		"said so":       {"--account", "ana@example.org", "--tor", "required"},
		"with a server": {"--account", "ana@example.org", "--server", "192.0.2.1:5222"},
		"anonymous":     {"--account", "example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, trace := traced(t, args...)
			if status := c.status(); status != torUnusable {
				t.Errorf("exit status %d, want %d", status, torUnusable)
			}
			if touched := internet(t, trace); len(touched) > 0 {
				t.Errorf("the network was touched:\n%s", strings.Join(touched, "\n"))
			}
			c.expect("connection", fields{"state": "failed", "error.code": "tor-missing"})
		})
	}
}

// TestProxyResolvesNames shows that with a proxy the name goes to it as it is, and nothing goes anywhere else.
func TestProxyResolvesNames(t *testing.T) {
	t.Parallel()
	for _, required := range []string{"required", "off"} {
		t.Run(required, func(t *testing.T) {
			t.Parallel()
			s, _ := onProsody(t, 0)
			proxy := newSOCKS(t, map[string]string{"localhost:5222": s.addr, "localhost:5223": s.directAddr})
			proxy.other = required == "off"
			c, trace := traced(t, "--account", "ana@localhost", "--tor", required, "--socks", proxy.addr(), "--ca", s.caFile)
			connected := c.expect("connection", fields{"state": "connected"})
			if via := connected["via"]; via == "direct" {
				t.Errorf("connected %v", connected)
			}
			c.quit()
			asked, resolved := proxy.requests()
			if len(asked) == 0 || len(resolved) > 0 {
				t.Errorf("the proxy was asked for %q, of these as addresses %q", asked, resolved)
			}
			elsewhere(t, trace, proxy)
		})
	}
}

// TestProxyIsTheOnlyWay shows that a server which the proxy cannot reach is not reached otherwise.
func TestProxyIsTheOnlyWay(t *testing.T) {
	t.Parallel()
	proxy := newSOCKS(t, nil)
	c, trace := traced(t, "--account", "ana@jabber.example.org", "--socks", proxy.addr())
	c.expect("connection", fields{"state": "disconnected"})
	c.send("/quit")
	if status := c.status(); status != 1 {
		t.Errorf("exit status %d, want 1: nothing was reached", status)
	}
	asked, resolved := proxy.requests()
	if len(resolved) > 0 || !slices.ContainsFunc(asked, func(target string) bool { return strings.HasPrefix(target, "jabber.example.org:") }) {
		t.Errorf("the proxy was asked for %q, of these as addresses %q", asked, resolved)
	}
	elsewhere(t, trace, proxy)
}

// elsewhere fails the test if the trace shows an internet address other than the proxy's.
func elsewhere(t *testing.T, trace string, proxy *socks) {
	t.Helper()
	_, port, _ := strings.Cut(proxy.addr(), ":")
	toProxy := regexp.MustCompile(`connect\(.*sin_port=htons\(` + port + `\), sin_addr=inet_addr\("127\.0\.0\.1"\)`)
	outward := regexp.MustCompile(`(connect|sendto|sendmsg|sendmmsg)\(`)
	reached := false
	for _, line := range internet(t, trace) {
		switch {
		case toProxy.MatchString(line):
			reached = true
		case outward.MatchString(line):
			t.Errorf("the network was touched beside the proxy: %s", line)
		}
	}
	if !reached {
		t.Error("the trace does not show the proxy: it proves nothing")
	}
}
