package e2e_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const torUnusable = 4

// withoutTor is a profile in which the client may not start a tor of its own.
func withoutTor(t *testing.T) string {
	t.Helper()
	profile := t.TempDir()
	if err := os.WriteFile(filepath.Join(profile, "config.toml"), []byte("start_tor = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return profile
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
			touched, looked := internet(t, trace)
			if len(touched) > 0 {
				t.Errorf("the network was touched:\n%s", strings.Join(touched, "\n"))
			}
			if !looked {
				t.Error("the trace does not show that a Tor was looked for: it proves nothing")
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

// TestKernelWithoutLandlock shows that the client works on a kernel that lacks it, and says so.
func TestKernelWithoutLandlock(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	proxy := newSOCKS(t, map[string]string{"localhost:5223": s.directAddr})
	const call = "landlock_create_ruleset"
	trace := filepath.Join(t.TempDir(), "trace")
	c := startCommand(t, "ana", password, need(t, "strace"), "-f", "-qq", "-e", "trace="+call, "-e", "inject="+call+":error=ENOSYS", "-o", trace,
		binary(), "--json", "--lang", "en", "--profile", withoutTor(t), "--password-fd", "3",
		"--account", "ana@localhost", "--socks", proxy.addr(), "--ca", s.caFile)
	lacks := c.expect("notice", fields{"code": "confinement-lacks"})
	if text, _ := lacks["text"].(string); !strings.Contains(text, "Landlock") {
		t.Errorf("it does not say what the kernel lacks: %v", lacks)
	}
	c.expect("connection", fields{"state": "connected"})
	c.quit()
	if text, err := os.ReadFile(trace); err != nil || !strings.Contains(string(text), "(INJECTED)") {
		t.Errorf("the kernel had Landlock all the same, this proves nothing: %v\n%s", err, text)
	}
}
