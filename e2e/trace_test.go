package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// straced returns the command line that runs a program under strace, which writes the system calls of a class to a file.
//
// The client forbids its user to read its memory, and there the addresses stand that it connects to. What overrides that is
// power over the user namespace of the program: that of root, or of who made a new one for it. It takes a strace outside.
func straced(t *testing.T, class, file string, argv ...string) []string {
	t.Helper()
	return append([]string{need(t, "strace"), "-f", "-qq", "-e", "trace=" + class, "-o", file}, argv...)
}

// traced runs the program under strace and returns it, and the file with what it asked of the network.
func traced(t *testing.T, args ...string) (c *client, trace string) {
	t.Helper()
	trace = filepath.Join(t.TempDir(), "trace")
	argv := []string{binary(), "--json", "--lang", "en", "--profile", withoutTor(t), "--password-fd", "3"}
	if os.Geteuid() != 0 {
		argv = append([]string{need(t, "unshare"), "--user", "--map-current-user", "--"}, argv...)
	}
	return startCommand(t, "ana", password, straced(t, "network", trace, append(argv, args...)...)...), trace
}

// connections returns a trace in which every connection shows where to.
func connections(t *testing.T, trace string) string {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`connect\([0-9]+,.*`).FindAllString(string(text), -1)
	for _, line := range all {
		if !strings.Contains(line, "sa_family=") {
			t.Fatalf("the trace hides where to: %s", line)
		}
	}
	if len(all) == 0 {
		t.Fatal("the trace shows no connection: it proves nothing")
	}
	return string(text)
}

// looking is a connection to a port of this machine where a Tor may be, which is how one is looked for.
var looking = regexp.MustCompile(`connect\(.*sin_port=htons\(9[01]5[01]\), sin_addr=inet_addr\("127\.0\.0\.1"\)`)

// internet returns the lines of a trace in which an internet address was named to the system, but for the search for a Tor,
// and whether there was such a search.
func internet(t *testing.T, trace string) (found []string, looked bool) {
	t.Helper()
	for line := range strings.Lines(connections(t, trace)) {
		switch {
		case looking.MatchString(line):
			looked = true
		case regexp.MustCompile(`sin6?_port`).MatchString(line):
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found, looked
}

// elsewhere fails the test if the trace shows an internet address other than the proxy's.
func elsewhere(t *testing.T, trace string, proxy *socks) {
	t.Helper()
	_, port, _ := strings.Cut(proxy.addr(), ":")
	toProxy := regexp.MustCompile(`connect\(.*sin_port=htons\(` + port + `\), sin_addr=inet_addr\("127\.0\.0\.1"\)`)
	outward := regexp.MustCompile(`(connect|sendto|sendmsg|sendmmsg)\(`)
	reached := false
	touched, _ := internet(t, trace)
	for _, line := range touched {
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
