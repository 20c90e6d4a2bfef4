package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// window returns what stands in the rectangle of the messages.
func (s *stage) window() string {
	cells, w, _ := s.terminal.GetContents()
	at := s.layout.messages
	var rows []string
	for y := at.y; y < at.y+at.h; y++ {
		rows = append(rows, rowText(cells[y*w+at.x:y*w+at.x+at.w]))
	}
	return strings.Join(rows, "\n")
}

func (s *stage) act(actions ...Action) string {
	for _, a := range actions {
		s.do(a)
	}
	s.draw()
	return s.window()
}

func appended(v core.View, lines ...core.Line) core.View {
	for _, l := range lines {
		v.Current.Log, _ = v.Current.Log.Append(l)
	}
	return v
}

func lastRow(window string) string {
	rows := strings.Split(window, "\n")
	return rows[len(rows)-1]
}

func TestScrolledUpNothingMoves(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	v := sampleLong(2000)
	s.show(v)
	before := s.act(ActScrollUp, ActScrollUp)
	for range 50 {
		v = appended(v, say("paulette", "encore une ligne", at(15, 0)))
		s.show(v)
	}
	if after := s.window(); after != before {
		t.Errorf("new lines moved what was being read:\n%s\nwas:\n%s", after, before)
	}
	lines, news := s.messages.below()
	if lines != 50+2*s.page() || news != 50 {
		t.Errorf("%d lines below, %d new; want %d and 50", lines, news, 50+2*s.page())
	}
	if bottom := lastRow(s.act(ActScrollBottom)); !strings.HasSuffix(bottom, "encore une ligne") {
		t.Errorf("at the bottom stands %q", bottom)
	}
	if lines, _ := s.messages.below(); lines != 0 {
		t.Errorf("at the bottom, %d lines are below", lines)
	}
}

func TestScrolledUpOldLinesGo(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	v := sampleLong(2000)
	s.show(v)
	before := s.act(ActScrollUp)
	for range 6 {
		v.Current.Log = v.Current.Log.DropOldest()
	}
	s.show(v)
	if strings.Split(before, "\n")[10] != strings.Split(s.window(), "\n")[10] {
		t.Errorf("dropping old lines moved what was being read:\n%s", s.window())
	}
	top := s.act(ActScrollTop)
	v.Current.Log = v.Current.Log.DropOldest()
	s.show(v)
	if rows := strings.Split(s.window(), "\n"); s.window() == top || !strings.Contains(rows[1], "ligne 1792") {
		t.Errorf("the lines on screen were dropped, and it shows\n%s", s.window())
	}
}

func TestResizeKeepsThePlace(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	s.show(sampleLong(2000))
	s.act(ActScrollUp, ActScrollUp, ActScrollUp)
	want := lastRow(s.window())
	want = want[strings.Index(want, "ligne"):]
	for _, size := range [][2]int{{60, 20}, {200, 50}, {40, 10}, {20, 5}, {100, 30}} {
		s.terminal.SetSize(size[0], size[1])
		s.draw()
		if got := lastRow(s.window()); !strings.HasSuffix(got, want) {
			t.Errorf("at %v the bottom row is %q, want %q", size, got, want)
		}
	}
}

func TestScrollStopsAtTheEnds(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	s.show(sampleLong(100))
	for range 20 {
		s.act(ActScrollUp)
	}
	up := s.window()
	if !strings.Contains(up, "ligne 0\n") || strings.HasPrefix(up, "\n") {
		t.Errorf("far up stands\n%s", up)
	}
	if top := s.act(ActScrollTop); top != up {
		t.Errorf("at the top stands\n%s", top)
	}
	for range 20 {
		s.act(ActScrollDown)
	}
	if _, scrolled := s.messages.places[roomID()]; scrolled || !strings.HasSuffix(s.window(), "ligne 99") {
		t.Errorf("far down stands\n%s", s.window())
	}
}

func TestScrollOfFewLinesDoesNothing(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	s.show(sampleLong(3))
	before := s.window()
	for _, a := range []Action{ActScrollUp, ActScrollTop, ActScrollDown, ActScrollBottom} {
		if after := s.act(a); after != before {
			t.Errorf("%s: got\n%s", a, after)
		}
	}
	s.show(core.View{})
	for _, a := range []Action{ActScrollUp, ActScrollTop, ActScrollDown, ActScrollBottom} {
		s.act(a)
	}
}

func TestEachConversationKeepsItsPlace(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	long := sampleLong(2000)
	s.show(long)
	before := s.act(ActScrollUp)
	s.show(samplePerson())
	if strings.Contains(s.window(), "ligne") {
		t.Errorf("the other conversation shows\n%s", s.window())
	}
	s.show(long)
	if s.window() != before {
		t.Errorf("back again, it shows\n%s", s.window())
	}
	closed := samplePerson()
	closed.Conversations = closed.Conversations[4:5]
	s.show(closed)
	if len(s.messages.places) != 0 {
		t.Error("the place of a closed conversation is still kept")
	}
}

func TestGoToShowsTheLine(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	s.show(sampleLong(2000))
	for _, seq := range []uint64{0, 5, 700, 1990, 1999} {
		if !s.messages.goTo(seq) {
			t.Fatalf("line %d is not there", seq)
		}
		s.draw()
		if window := s.window() + "\n"; !strings.Contains(window, fmt.Sprintf("ligne %d\n", seq)) || strings.HasPrefix(window, "\n") {
			t.Errorf("line %d is not in\n%s", seq, window)
		}
	}
	if s.messages.goTo(2000) {
		t.Error("went to a line that does not exist")
	}
}

func TestHighlightMarksWhatIsFound(t *testing.T) {
	s := newStage(t, Options{Theme: Theme{Name: "mono"}}, 120, 30)
	v := sampleRoom()
	v.Current.Log = logLines(say("hubert", "Pain, ou du PAIN ; et une ÉTOILE", at(14, 0)))
	s.show(v)
	for query, want := range map[string]string{"pain": "Pain PAIN", "étoile": "ÉTOILE", "": "", "xyz": ""} {
		s.messages.highlight(query)
		s.draw()
		if got := s.marked(); got != want {
			t.Errorf("%q marks %q, want %q", query, got, want)
		}
	}
}

// marked returns the texts in the messages that are drawn in reverse.
func (s *stage) marked() string {
	cells, w, h := s.terminal.GetContents()
	var words strings.Builder
	for i, c := range cells[w : w*(h-1)] {
		if lookOf(c.Style) == "reverse" {
			if lookOf(cells[w+i-1].Style) != "reverse" {
				words.WriteByte(' ')
			}
			words.WriteString(string(c.Runes))
		}
	}
	return strings.TrimSpace(words.String())
}

func TestComingsAndGoingsShareARow(t *testing.T) {
	s := newStage(t, Options{}, 100, 30)
	v := appended(sampleLong(50), comes("tigrou", core.NoticeOccupantJoined, at(14, 0)))
	s.show(v)
	place := strings.Index(s.window(), "ligne 49")
	for i := range 3000 {
		code := core.NoticeOccupantJoined
		if i%3 == 0 {
			code = core.NoticeOccupantLeft
		}
		v = appended(v, comes(fmt.Sprint("personne", i), code, at(14, 1)))
		if i%500 > 2 {
			continue
		}
		s.show(v)
		if i < 900 && strings.Index(s.window(), "ligne 49") != place {
			t.Fatalf("after %d the line above moved:\n%s", i, s.window())
		}
	}
	s.show(v)
	// Lines 50 to 3050 in blocks of 1024 lines each.
	for _, want := range []string{"649 joined, 325 left", "683 joined, 341 left", "669 joined, 334 left"} {
		if !strings.Contains(s.window(), want) {
			t.Errorf("%q is not in\n%s", want, s.window())
		}
	}
}

func TestComingsFoldWithinBounds(t *testing.T) {
	reason := comes("max", core.NoticeOccupantLeft, at(14, 3))
	reason.Notice.Reason = "à demain"
	v := sampleRoom()
	v.Current.ReadUpTo = 3
	v.Current.Log = logLines(
		comes("un", core.NoticeOccupantJoined, at(14, 0).AddDate(0, 0, -1)), comes("deux", core.NoticeOccupantJoined, at(14, 0)), comes("trois", core.NoticeOccupantJoined, at(14, 1)),
		comes("quatre", core.NoticeOccupantLeft, at(14, 2)), comes("cinq", core.NoticeOccupantLeft, at(14, 2)), reason, comes("six", core.NoticeOccupantLeft, at(14, 4)),
	)
	s := newStage(t, Options{}, 160, 30)
	s.show(v)
	window := s.window()
	for _, want := range []string{"joined: deux, trois\n", "left: quatre, cinq\n", "“à demain”\n"} {
		if !strings.Contains(window, want) {
			t.Errorf("%q is not in\n%s", want, window)
		}
	}
	if strings.Contains(window, "un, deux") || strings.Contains(window, "cinq, ") {
		t.Errorf("a day, a mark or a reason was folded away:\n%s", window)
	}
}

// Scrolling up and down by the same number of rows comes back to the same frame, whatever the lines are.
func TestScrollComesBack(t *testing.T) {
	s := newStage(t, Options{}, 70, 20)
	rapid.Check(t, func(t *rapid.T) {
		v := sampleRoom()
		v.Current.Log = core.Log{}
		for range rapid.IntRange(1, 120).Draw(t, "lines") {
			v = appended(v, drawnLine(t))
		}
		clear(s.messages.places)
		s.show(v)
		s.messages.scroll(rapid.IntRange(0, 300).Draw(t, "from"))
		s.draw()
		before, top := s.window(), s.messages.rowsUpTo(s.spot(), 1<<20)
		up := min(rapid.IntRange(0, 60).Draw(t, "up"), top-s.messages.height)
		if up <= 0 {
			return
		}
		s.messages.scroll(up)
		s.messages.scroll(-up)
		s.draw()
		if s.window() != before {
			t.Fatalf("%d rows up and down again:\n%s\nwas:\n%s", up, s.window(), before)
		}
	})
}

func (s *stage) spot() spot {
	i, hidden := s.messages.bottom()
	return spot{s.messages.entryAt(i), hidden}
}

func drawnLine(t *rapid.T) core.Line {
	when := at(0, 0).Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "hours")) * time.Hour)
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return comes("tigrou", core.NoticeOccupantJoined, when)
	case 1:
		return say("hubert", strings.Repeat("salut 語 ", rapid.IntRange(0, 60).Draw(t, "words")), when)
	}
	return say("paulette", "oui", when)
}

func TestBlankNickIsShownAsSuch(t *testing.T) {
	s := newStage(t, Options{}, 120, 30)
	v := sampleRoom()
	v.Current.Log = logLines(say("", "tigrou joined", at(14, 0)), say("\u3164", "tigrou left", at(14, 0)))
	s.show(v)
	if strings.Count(s.window(), "14:00  ?") != 1 || strings.Contains(s.window(), "14:00                 tigrou") {
		t.Errorf("a message without a visible nick passes for a notice:\n%s", s.window())
	}
}

func TestFailedMessagesSayWhatIsKnown(t *testing.T) {
	for _, test := range []struct {
		lang string
		code im.Code
		want string
	}{
		{i18n.English, im.CodeNotConnected, "(failed: there is no connection"},
		{i18n.English, im.CodeUnconfirmed, "(unconfirmed: it may have arrived all the same"},
		{i18n.French, im.CodeUnconfirmed, "(sans confirmation\u00a0: c’est peut-être arrivé quand même"},
	} {
		s := newStage(t, Options{Printer: i18n.NewIn(test.lang, time.UTC)}, 200, 30)
		failed := core.Line{From: "ana", Out: true, Body: "oui", Time: at(14, 32), State: core.StateFailed, Err: &im.Failure{Code: test.code}}
		s.show(appended(sampleLong(1), failed))
		if shown := s.window(); !strings.Contains(shown, test.want) {
			t.Errorf("%s: %q is not shown:\n%s", test.code, test.want, shown)
		}
	}
}

// TestDaysOfOtherYears: a day of another year than this one has its year, also where nothing was said this year.
func TestDaysOfOtherYears(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := sampleRoom()
	v.Current.Log = logLines(
		core.Line{From: "hubert", Body: "avant", Time: at(14, 2).AddDate(-2, 0, 0)}, core.Line{From: "hubert", Body: "après", Time: at(14, 2).AddDate(-1, 0, 0)})
	s.show(v)
	s.find(t, "─── Thursday 21 November 2024 ───")
	s.find(t, "─── Friday 21 November 2025 ───")
	v.Current.Log = logLines(core.Line{From: "hubert", Body: "salut", Time: at(14, 2)})
	s.show(v)
	s.find(t, "─── Saturday 21 November ───")
}
