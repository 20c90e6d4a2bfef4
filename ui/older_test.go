package ui

import (
	"reflect"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// TestOlderIsAskedForAtTheTop: scrolling to the oldest line asks for more, once there is more to have.
func TestOlderIsAskedForAtTheTop(t *testing.T) {
	for _, c := range []struct {
		state core.OlderState
		asks  bool
		says  string
	}{
		{core.OlderNone, false, ""},
		{core.OlderMore, true, "── PgUp: what was said before ──"},
		{core.OlderLoading, false, "loading what was said before"},
		{core.OlderFailed, true, "could not be loaded"},
		{core.OlderFull, false, "no room in memory"},
	} {
		s := newStage(t, Options{}, 100, 30)
		v := sampleLong(300)
		v.Current.Older = c.state
		if c.state == core.OlderFailed {
			v.Current.OlderErr = &im.Failure{Code: im.CodeStoreFailed}
		}
		s.show(v)
		s.outgoing = nil
		s.act(ActScrollUp)
		if len(s.outgoing) != 0 {
			t.Errorf("%v: asked far from the top: %v", c.state, s.outgoing)
		}
		window := s.act(ActScrollTop)
		if !strings.Contains(window, c.says) {
			t.Errorf("%v: the top does not say %q:\n%s", c.state, c.says, window)
		}
		if asked := reflect.DeepEqual(s.outgoing, []core.Command{core.Older{}}); asked != c.asks || !asked && len(s.outgoing) != 0 {
			t.Errorf("%v: sent %v", c.state, s.outgoing)
		}
	}
}

// TestOlderLinesMoveNothing: what is being read stays where it is while older lines come above it.
func TestOlderLinesMoveNothing(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	v := sampleLong(300)
	s.show(v)
	before := s.act(ActScrollUp, ActScrollUp, ActScrollUp)
	first := v.Current.Log.First()
	for i := range uint64(50) {
		line := say("paulette", "plus ancien", at(1, 0))
		line.Seq = first - 50 + i
		v.Current.Log, _ = v.Current.Log.Insert(line)
	}
	s.show(v)
	if after := s.window(); after != before {
		t.Errorf("older lines moved what was being read:\n%s\nwas:\n%s", after, before)
	}
}

// TestGapInSightIsAskedFor: scrolling over a place where lines are missing asks for them, but not while they are fetched.
func TestGapInSightIsAskedFor(t *testing.T) {
	for code, asks := range map[core.NoticeCode]bool{
		core.NoticeHistoryGap: true, core.NoticeHistoryUnloaded: true, core.NoticeHistoryGapFailed: true, core.NoticeHistoryGapLoading: false,
	} {
		s := newStage(t, Options{}, 100, 30)
		v := appended(sampleLong(100), core.Line{Time: at(15, 0), Notice: &core.Notice{Code: code, Err: &im.Failure{Code: im.CodeTimeout}}})
		gap := v.Current.Log.At(v.Current.Log.Len() - 1).Seq
		for range 40 {
			v = appended(v, say("paulette", "après", at(15, 1)))
		}
		s.show(v)
		s.outgoing = nil
		s.act(ActScrollUp)
		want := []core.Command(nil)
		if asks {
			want = []core.Command{core.Older{Line: gap}}
		}
		if !reflect.DeepEqual(s.outgoing, want) {
			t.Errorf("%s: sent %v, want %v", code, s.outgoing, want)
		}
	}
}
