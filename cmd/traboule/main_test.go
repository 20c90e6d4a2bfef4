package main

import (
	"io"
	"strings"
	"testing"
	"unicode"
)

// TestComplaintsAreClean: a link comes from whoever wrote it, and what is wrong with it is quoted on a terminal.
func TestComplaintsAreClean(t *testing.T) {
	for _, args := range [][]string{
		{"xmpp:\x1b]0;title\a\u202e"}, {"--account", "a\x1b[2J\u009b@b"}, {"--\x1b[31m"}, {"--lang", "\x1b[2J"},
		{"--tor", "off", "--server", "\x1b[2J:1", "a@b"}, {"--ca", "/\x1b[2J", "a@b"}, {"--profile", t.TempDir() + "/\x1b[2J\x00", "a@b"},
	} {
		var stderr strings.Builder
		run(append([]string{"--line"}, args...), io.Discard, &stderr)
		if said := stderr.String(); said == "" || strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			t.Errorf("%q: %q", args, said)
		}
	}
}
