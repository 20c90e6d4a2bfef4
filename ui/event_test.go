package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/im"
)

// find returns where a text stands on the screen, in cells.
func (s *stage) find(t *testing.T, text string) (x, y int) {
	t.Helper()
	for y, line := range strings.Split(s.text(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			return width(before), y
		}
	}
	t.Fatalf("%q is not in\n%s", text, s.text())
	return 0, 0
}

func (s *stage) press(t *testing.T, text string) {
	t.Helper()
	x, y := s.find(t, text)
	for _, action := range []tview.MouseAction{tview.MouseLeftDown, tview.MouseLeftUp, tview.MouseLeftClick} {
		s.mouse(action, x, y)
	}
	s.draw()
}

func (s *stage) roll(t *testing.T, text string, wheel tview.MouseAction) {
	t.Helper()
	x, y := s.find(t, text)
	s.mouse(wheel, x, y)
	s.draw()
}

func TestClickSelects(t *testing.T) {
	s := newStage(t, Options{}, 120, 40)
	s.show(sampleRoom())
	s.press(t, "tigrou  ")
	s.press(t, "wants to talk")
	s.press(t, "ROOMS")
	s.press(t, "noa        ")
	s.press(t, "ana        ") // ourselves
	want := []core.Command{
		core.Select{Conversation: personID("tigrou")}, core.Select{Conversation: personID("lupin")},
		core.Query{To: "grenoble@conference.example.org/noa"},
	}
	if !slices.Equal(s.outgoing, want) {
		t.Errorf("got %v, want %v", s.outgoing, want)
	}
}

func TestWheelScrollsWhatIsUnderIt(t *testing.T) {
	s := newStage(t, Options{}, 100, 20)
	v := sampleLong(500)
	for range 40 {
		v.Current.Occupants = append(v.Current.Occupants, core.OccupantView{Nick: "foule", Role: im.Participant})
		v.Conversations = append(v.Conversations, core.ConversationView{ID: personID("zz"), Kind: core.Person, Name: "zz"})
	}
	s.show(v)
	s.roll(t, "ligne 49", tview.MouseScrollUp)
	if lines, _ := s.messages.below(); lines != wheelRows {
		t.Errorf("the messages moved by %d lines", lines)
	}
	s.roll(t, "ligne 49", tview.MouseScrollDown)
	if lines, _ := s.messages.below(); lines != 0 {
		t.Errorf("back again, %d lines are below", lines)
	}
	s.roll(t, "paulette", tview.MouseScrollDown)
	if s.sidebar.list.offset != wheelRows || s.occupants.list.offset != 0 {
		t.Errorf("conversations moved by %d, occupants by %d", s.sidebar.list.offset, s.occupants.list.offset)
	}
	s.roll(t, "foule", tview.MouseScrollDown)
	if s.occupants.list.offset != wheelRows {
		t.Errorf("occupants moved by %d", s.occupants.list.offset)
	}
	for range 50 {
		s.roll(t, "foule", tview.MouseScrollDown)
	}
	if got := s.occupants.list.offset; got != len(v.Current.Occupants)-s.layout.people.h+1 {
		t.Errorf("at its end the list has moved by %d", got)
	}
}

func TestCurrentConversationStaysInSight(t *testing.T) {
	s := newStage(t, Options{}, 100, 20)
	v := sampleRoom()
	for range 100 {
		v.Conversations = append(v.Conversations, core.ConversationView{ID: personID("zz"), Kind: core.Person, Name: "zz"})
	}
	last := core.ConversationView{ID: personID("zoe"), Kind: core.Person, Name: "zoé tout en bas"}
	v.Conversations = append(v.Conversations, last)
	s.show(v)
	v.Current = core.Window{ConversationView: last}
	s.show(v)
	s.find(t, "▸zoé tout en")
}

func TestNarrowOverlays(t *testing.T) {
	s := newStage(t, Options{}, 50, 20)
	s.show(sampleRoom())
	if strings.Contains(s.text(), "ravitaillement") {
		t.Errorf("the conversations are shown:\n%s", s.text())
	}
	s.act(ActConversations)
	s.find(t, "ravitaillement")
	down := tcell.NewEventKey(tcell.KeyDown, 0, tcell.ModNone)
	s.key(down)
	if !slices.Equal(s.outgoing, []core.Command{core.SelectNext{N: 1}}) {
		t.Errorf("Down sends %v", s.outgoing)
	}
	s.press(t, "tigrou")
	if strings.Contains(s.text(), "ravitaillement") {
		t.Errorf("after the choice, the conversations are still shown:\n%s", s.text())
	}
	s.act(ActOccupants)
	s.find(t, "lookalike")
	s.typed(t, "<Esc>")
	if strings.Contains(s.text(), "lookalike") {
		t.Errorf("the occupants are still shown:\n%s", s.text())
	}
}

func TestHelpScrollsAndCloses(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	before := s.text()
	press := func(key tcell.Key) {
		s.key(tcell.NewEventKey(key, 0, tcell.ModNone))
		s.draw()
	}
	press(tcell.KeyF1)
	s.find(t, "COMMANDS")
	for range 20 {
		press(tcell.KeyPgDn)
	}
	if strings.Contains(s.text(), "COMMANDS") {
		t.Errorf("the help does not scroll:\n%s", s.text())
	}
	press(tcell.KeyEsc)
	if s.text() != before {
		t.Errorf("after the help the screen is\n%s\nit was\n%s", s.text(), before)
	}
}

// On any size, however small, the screen draws what it can and never fails.
func TestAnySize(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	for _, w := range []int{0, 1, 2, 3, 5, 9, 20, 39, 40, 59, 60, 79, 80} {
		for _, h := range []int{0, 1, 2, 3, 5, 9, 10, 12, 14, 20} {
			s.terminal.SetSize(w, h)
			s.show(sampleRoom())
			for _, a := range []Action{ActScrollUp, ActConversations, ActHelp, ActHelp, ActOccupants, ActScrollBottom} {
				s.do(a)
				s.draw()
			}
		}
	}
	s.terminal.SetSize(300, 100)
	s.show(sampleRoom())
	s.find(t, "qui a du pain")
}
