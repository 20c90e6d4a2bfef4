package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rivo/tview"

	"traboule/core"
)

// paste gives a pasted text to the screen, as tview does.
func (s *stage) paste(text string) {
	s.root.PasteHandler()(text, func(p tview.Primitive) { s.app.SetFocus(p) })
	s.draw()
}

// What is typed and pasted goes where the cursor is, whatever lies over the page.
func TestFocus(t *testing.T) {
	tests := []struct {
		name, script  string
		draft, query  string
		front         string
		width, height int
	}{
		{"at the start", "", "ab", "", mainPage, 80, 24},
		{"search", "<Ctrl+F>", "", "ab", mainPage, 80, 24},
		{"search closed", "<Ctrl+F><Esc>", "ab", "", mainPage, 80, 24},
		{"search left for another key", "<Ctrl+F><PgUp>", "", "ab", mainPage, 80, 24},
		{"help", "<F1>", "", "", helpPage, 80, 24},
		{"help closed", "<F1><Esc>", "ab", "", mainPage, 80, 24},
		{"help over search", "<Ctrl+F><F1><F1>", "", "ab", mainPage, 80, 24},
		{"column", "<Alt+L>", "ab", "", conversationsPage, 50, 20},
		{"the other column", "<Alt+L><Alt+O>", "ab", "", occupantsPage, 50, 20},
		{"column closed by its key", "<Alt+L><Alt+L>", "ab", "", mainPage, 50, 20},
		{"column closed by Enter", "<Alt+O><Enter>", "ab", "", mainPage, 50, 20},
		{"search under a column", "<Ctrl+F><Alt+L>", "", "ab", conversationsPage, 50, 20},
		{"columns beside the page are no pages", "<Alt+L><Alt+O>", "ab", "", mainPage, 120, 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, Options{}, tt.width, tt.height)
			s.show(sampleRoom())
			s.typed(t, tt.script)
			s.typed(t, "a")
			s.paste("b")
			if s.input.draft() != tt.draft || s.search.query.text != tt.query || s.root.front() != tt.front {
				t.Errorf("in the input %q, in the search %q, in front %q; want %q, %q, %q",
					s.input.draft(), s.search.query.text, s.root.front(), tt.draft, tt.query, tt.front)
			}
		})
	}
}

// A column that lies over the page goes away once it has a place on it.
func TestColumnsSettle(t *testing.T) {
	s := newStage(t, Options{}, 50, 20)
	s.show(sampleRoom())
	s.typed(t, "<Alt+L>")
	s.terminal.SetSize(120, 20)
	s.draw()
	s.find(t, "qui a du pain")
	s.typed(t, "a")
	if s.input.draft() != "a" || s.root.front() != mainPage {
		t.Errorf("in the input %q, in front %q", s.input.draft(), s.root.front())
	}
}

// What is typed or pasted for one conversation never comes up in another.
func TestDraftsStayWithTheirConversation(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	s.typed(t, "pour le salon")
	s.show(samplePerson())
	if s.input.draft() != "" {
		t.Fatalf("the other conversation's input holds %q", s.input.draft())
	}
	s.typed(t, "pour paulette")
	s.show(sampleRoom())
	if s.input.draft() != "pour le salon" {
		t.Errorf("back in the room the input holds %q", s.input.draft())
	}
	s.show(samplePerson())
	if s.input.draft() != "pour paulette" {
		t.Errorf("back with paulette the input holds %q", s.input.draft())
	}
}

// Who types on after a command that leads elsewhere types for there, and no part of a command stays behind.
func TestTypingAhead(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	s.typed(t, "/win 2<Enter>/ni")
	s.show(samplePerson())
	s.typed(t, "ck ana38")
	if s.input.draft() != "/nick ana38" {
		t.Errorf("in the input %q", s.input.draft())
	}
	s.show(sampleRoom())
	if s.input.draft() != "" {
		t.Errorf("left behind: %q", s.input.draft())
	}
}

// What is typed is for the conversation that is seen, even if the client has turned to another one that is not drawn yet.
func TestCommandsNameWhatIsSeen(t *testing.T) {
	tests := []struct {
		name, script string
		want         core.Command
	}{
		{"a text", "salut<Enter>", core.At{Window: 2, Command: core.Say{Text: "salut"}}},
		{"a command", "/nick anne<Enter>", core.At{Window: 2, Command: core.ChangeNick{Nick: "anne"}}},
		{"the sign of typing", "s", core.At{Window: 2, Command: core.Compose{Typing: true}}},
		{"typed ahead of a command that leads elsewhere", "/win 2<Enter>salut<Enter>", core.Say{Text: "salut"}},
		{"typed ahead of a key that leads elsewhere", "<Alt+2>salut<Enter>", core.Say{Text: "salut"}},
		{"the end of what was being typed", "sal<Alt+2>ut<Enter>", core.At{Window: 2, Command: core.Say{Text: "salut"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, Options{}, 80, 24)
			s.show(sampleRoom())
			s.typed(t, tt.script)
			if got := s.given[len(s.given)-1]; got != tt.want {
				t.Errorf("%#v, want %#v", got, tt.want)
			}
		})
	}
}

// A command that leads nowhere does not take along what is typed later.
func TestTypingAheadEnds(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	s.typed(t, "<Alt+9>")
	s.input.now = func() time.Time { return sampleNow().Add(aheadTime) }
	s.typed(t, "salut<Enter>")
	if got, want := s.given[len(s.given)-1], (core.At{Window: 2, Command: core.Say{Text: "salut"}}); got != want {
		t.Errorf("%#v, want %#v", got, want)
	}
}

func TestPasteStaysWithItsConversation(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	s.paste("un\ndeux\ntrois\nquatre")
	s.draw()
	s.find(t, "4 lines were pasted")
	s.show(samplePerson())
	s.draw()
	if strings.Contains(s.text(), "4 lines were pasted") || s.input.draft() != "" {
		t.Errorf("the question came along; in the input %q", s.input.draft())
	}
	s.show(sampleRoom())
	said := slices.ContainsFunc(s.outgoing, func(c core.Command) bool { _, is := c.(core.Say); return is })
	if s.input.draft() != "un\ndeux\ntrois\nquatre" || said {
		t.Errorf("back in the room the input holds %q, sent %v", s.input.draft(), s.outgoing)
	}
}

func TestHelpTakesTheMouse(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	x, y := s.find(t, "tigrou")
	s.typed(t, "<F1>")
	before := s.text()
	s.mouse(tview.MouseLeftDown, x, y)
	s.mouse(tview.MouseScrollDown, x, y)
	s.draw()
	if len(s.outgoing) != 0 || s.text() == before || !strings.Contains(before, "COMMANDS") {
		t.Errorf("sent %v; the screen is\n%s", s.outgoing, s.text())
	}
}

// The edges of pieces of the screen lead to no others: a press in the input puts the cursor, the wheel scrolls the messages.
func TestMouseInTheInput(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleLong(200))
	s.typed(t, "abc")
	x, y := s.find(t, "> abc")
	s.mouse(tview.MouseLeftDown, x+3, y)
	s.typed(t, "-")
	s.mouse(tview.MouseScrollUp, x, y)
	s.draw()
	s.find(t, "> a-bc")
	if lines, _ := s.messages.below(); lines != wheelRows {
		t.Errorf("the messages moved by %d lines", lines)
	}
}

// A question for a secret comes before everything but the help and the keys for the whole screen.
func TestSecretComesFirst(t *testing.T) {
	for _, script := range []string{"", "<Ctrl+F>", "<Alt+L>", "<F1><F1>", "<PgUp>"} {
		s := newStage(t, Options{}, 50, 20)
		s.show(sampleRoom())
		answer := asking(s, t.Context(), "Password:")
		s.typed(t, script+"sé")
		s.paste("same\n")
		if strings.Contains(script, "Alt+L") {
			s.typed(t, "<Enter>") // is for the column in front
		}
		s.typed(t, "<Enter>")
		if got := <-answer; got.text != "sésame" || s.input.draft() != "" || s.search.open {
			t.Errorf("after %q the answer is %q, in the input %q, the search is open: %v", script, got.text, s.input.draft(), s.search.open)
		}
	}
}

// A console says how to get to people: where there are conversations already, how to get back to them.
func TestConsoleLeadsToConversations(t *testing.T) {
	s := newStage(t, Options{}, 100, 24)
	v := sampleStart()
	s.show(v)
	s.find(t, "Nothing is open yet. Type:")
	v.Conversations = append(v.Conversations, core.ConversationView{ID: personID("irene"), Kind: core.Person, Name: "irene", Closed: true})
	s.show(v)
	s.find(t, "Nothing is open yet. Type:")
	v.Conversations = sampleConversations()
	s.show(v)
	s.find(t, "Your conversations are in other windows. Type:")
	s.find(t, "/win N")
	s.find(t, "go to that number; /win lists them")
	s.find(t, "/join ROOM")
}

// What a console says fits beside the list of conversations on the usual 80 columns.
func TestConsoleFits(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		s := newStage(t, Options{Printer: printer(lang)}, 80, 24)
		v := sampleStart()
		v.Conversations = sampleConversations()
		s.show(v)
		said := s.messages.welcome.rows()
		for _, r := range said {
			s.find(t, r[0])
			s.find(t, r[1])
		}
		if len(said) < 4 {
			t.Errorf("%s: it says only %q", lang, said)
		}
	}
}

// When an occupant takes another nick, the conversation has another name, and what is being typed there stays, and so does
// what was typed before.
func TestDraftsFollowANewNick(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := sampleRoom()
	v.Current = core.Window{ConversationView: core.ConversationView{ID: occupantID("tigrou"), Window: 11, Kind: core.Occupant, Name: "tigrou"}}
	s.show(v)
	s.typed(t, "un<Enter>deux")
	v.Current.ID, v.Current.Name = occupantID("lion"), "lion"
	s.show(v)
	if s.input.draft() != "deux" {
		t.Errorf("in the input %q", s.input.draft())
	}
	s.typed(t, "<Up>")
	if s.input.draft() != "un" {
		t.Errorf("a line back %q", s.input.draft())
	}
	v.Current.Window = 12 // somebody else takes that nick
	v.Current.ID, v.Current.Name = occupantID("tigrou"), "tigrou"
	s.show(v)
	if s.input.draft() != "" {
		t.Errorf("for somebody else: %q", s.input.draft())
	}
}
