package core

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// The words of the transcripts, in the order of the values.
const (
	torPhases   = "unused looking starting bootstrapping ready gone missing"
	torWarnings = "none no-network clock-wrong blocked"
	lacks       = "none no-landlock old-landlock no-seccomp unknown-processor"
)

// torVerbs are tor PHASE with where=, progress=, summary=, warning=, skew=, error= and the flags own, proved and asked, and
// confined with landlock=, lacks=A,B and the flags wanted, files, tcp, udp, unix and programs.
func torVerbs() map[string]verb {
	return map[string]verb{
		"tor": func(s *script) im.Event {
			t := im.Tor{
				Phase: im.TorPhase(s.choice(torPhases)), Where: s.value("where", ""), Summary: s.value("summary", ""), Own: s.flag("own"),
				Proved: s.flag("proved"), Asked: s.flag("asked"), Err: s.failure(),
			}
			t.Progress, _ = strconv.Atoi(s.value("progress", "0"))
			t.Skew, _ = time.ParseDuration(s.value("skew", "0s"))
			t.Warning = im.TorWarning(slices.Index(strings.Fields(torWarnings), s.value("warning", "none")))
			return im.TorChanged{Tor: t}
		},
		"confined": func(s *script) im.Event {
			k := im.Confinement{
				Wanted: s.flag("wanted"), Files: s.flag("files"), TCP: s.flag("tcp"), UDP: s.flag("udp"),
				UnixSockets: s.flag("unix"), Programs: s.flag("programs"),
			}
			k.Landlock, _ = strconv.Atoi(s.value("landlock", "0"))
			for _, word := range strings.FieldsFunc(s.value("lacks", ""), func(r rune) bool { return r == ',' }) {
				k.Lacks = append(k.Lacks, im.ConfinementLack(slices.Index(strings.Fields(lacks), word)))
			}
			return im.Confined{Confinement: k}
		},
	}
}

// choice takes the next word, which must be one of words, and returns its place among them.
func (s *script) choice(words string) int {
	word := s.next()
	i := slices.Index(strings.Fields(words), word)
	if i < 0 {
		s.t.Fatalf("%q is none of %s", word, words)
	}
	return i
}

// TestNewsOfTorWithoutAccount: where there is no account, the client's own console has the news.
func TestNewsOfTorWithoutAccount(t *testing.T) {
	c := New(Options{})
	e := c.Handle(noon, Received{im.TorChanged{Tor: im.Tor{Phase: im.TorMissing, Err: &im.Failure{Code: im.CodeTorMissing}}}})
	if len(e.Show) != 2 {
		t.Fatalf("%d facts: %v", len(e.Show), e.Show)
	}
	added, isLine := e.Show[0].(LineAdded)
	if !isLine || !added.Current || added.Line.Notice.Code != NoticeTorMissing || added.Line.Notice.Level != Error {
		t.Errorf("shown: %+v", e.Show[0])
	}
}

// TestTorIsClean: what Tor says of itself comes from another program.
func TestTorIsClean(t *testing.T) {
	c := newTestCore()
	c.Handle(noon, Received{im.TorChanged{Tor: im.Tor{
		Phase: im.TorGone, Progress: 170, Summary: "\x1b[2J", Where: "unix:/\u202etmp", Err: &im.Failure{Code: im.CodeTorFailed, Detail: "\x07"},
	}}})
	got := c.View().Tor
	if got.Progress != 100 || got.Summary != CleanLine("\x1b[2J") || got.Where != CleanLine("unix:/\u202etmp") || got.Err.Detail != CleanLine("\x07") {
		t.Errorf("the View has %+v, %+v", got, got.Err)
	}
}
