package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkTor is the time from the start of the program to the joined room through a Tor that runs, and through one that the
// client starts itself, with the memory that its own tor and the client then take.
func BenchmarkTor(b *testing.B) {
	n := onTor(b)
	s, _ := onProsody(b, 0)
	onions := onionOf(b, n, s)
	ways := map[string]struct{ socks, profile string }{
		"exit":  {n.Client.SOCKS, profile(b, recordsOf(b, n, s, "bench.test"), "")},
		"onion": {n.Client.SOCKS, profile(b, `resolver = "none"`, onions)},
		"own":   {"", profile(b, fmt.Sprintf("resolver = \"none\"\ntor_settings = %q\n", n.Fragment), onions)},
	}
	for name, way := range ways {
		b.Run(name, func(b *testing.B) {
			base, err := os.MkdirTemp("", "traboule-own-")
			if err != nil {
				b.Fatal(err)
			}
			defer os.RemoveAll(base)
			argv := []string{
				"env", "XDG_RUNTIME_DIR=" + base, binary(), "--json", "--profile", way.profile, "--ca", s.caFile,
				"--account", "ana@localhost", "--password-fd", "3",
			}
			if way.socks != "" {
				argv = append(argv, "--socks", way.socks)
			}
			var total time.Duration
			for range b.N {
				begun := time.Now()
				c := startCommand(b, "ana", password, append(argv, "xmpp:"+room+"?join")...)
				c.expect("room", fields{"state": "joined"})
				total += time.Since(begun)
				if way.socks == "" {
					b.ReportMetric(float64(residentMemory(b, pidOf(b, base+"/")))/1024, "tor-MiB")
				}
				b.ReportMetric(float64(residentMemory(b, c.pid()))/1024, "MiB")
				c.quit()
			}
			b.ReportMetric(milliseconds(total)/float64(b.N), "ms/joined")
		})
	}
}

// pidOf returns the process whose command line has a text in it.
func pidOf(b *testing.B, text string) string {
	b.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(line), text) { // a process may have ended meanwhile
			return filepath.Base(filepath.Dir(file))
		}
	}
	b.Fatalf("no process has %q in its command line", text)
	return ""
}
