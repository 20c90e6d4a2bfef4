package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/ui/i18n"
)

func newTestInput(t testing.TB) (*input, *lender) {
	t.Helper()
	l := &lender{clock: time.Unix(1e9, 0)}
	in := newInput(l.common(), i18n.New("en"), defaultKeys(t))
	in.follow(roomView())
	return in, l
}

func TestInputDraws(t *testing.T) {
	tests := []struct {
		name, script  string
		width, height int
		want          string
	}{
		{"empty", "", 12, 1, "> |"},
		{"text", "salut", 12, 1, "> salut|"},
		{"in the middle", "salut<Left><Left>", 12, 1, "> sal|ut"},
		{"wide", "日本<Left>", 12, 1, "> 日|本"},
		{"wrapped", "salut tout", 12, 2, "> salut tou\n  t|"},
		{"full row", "salut tou", 12, 2, "> salut tou\n  |"},
		{"several lines", "un<Alt+Enter>deux<Up>", 12, 2, "> un|\n  deux"},
		{"more than there is room for", "a<Alt+Enter>b<Alt+Enter>c<Alt+Enter>d", 12, 2, "  c\n  d|"},
		{"scrolled back", "a<Alt+Enter>b<Alt+Enter>c<Up><Up>", 12, 2, "> a|\n  b"},
		{"the complaint goes with the next key", "/jion<Enter><Left>", 20, 1, "> /jio|n"},
		{"choices", "h<Tab>", 30, 2, "Hugo  hubert\n> Hugo: |"},
		{"choices do not fit", "/msg <Tab><Tab><Tab><Tab>", 21, 2, "hubert  Jean Paul  Él\n> /msg \"Jean Paul\" |"},
		{"too narrow for a prompt", "ab<Left>", 2, 2, ">a\n |b"},
		{"no room at all", "ab", 0, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, _ := newTestInput(t)
			in.cells = in.textCells(tt.width)
			typeInto(t, in, tt.script)
			if tt.width == 0 {
				in.SetRect(0, 0, 0, 0)
				in.Draw(nil)
				return
			}
			if got := frame(t, in, tt.width, tt.height); got != tt.want {
				t.Errorf("drawn:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// A mistyped command stays, with what was probably meant above it.
func TestInputKeepsWhatIsNoCommand(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		in, l := newTestInput(t)
		in.words = i18n.New(lang)
		typeInto(t, in, "/jion grenoble<Enter>")
		_, err := core.Parse("/jion grenoble")
		var fault *core.CommandError
		if !errors.As(err, &fault) || fault.Suggestion != "join" {
			t.Fatalf("core says %v", err)
		}
		if got, want := frame(t, in, 79, 2), in.words.Notice(fault.Notice())+"\n> /jion grenoble|"; got != want {
			t.Errorf("drawn:\n%s\nwant:\n%s", got, want)
		}
		if len(l.said()) > 0 {
			t.Error("it was sent")
		}
	}
}

func TestInputSends(t *testing.T) {
	tests := []struct {
		name, script string
		sent         []core.Command
		left         string
	}{
		{"a text", "salut<Enter>", []core.Command{core.Say{Text: "salut"}}, ""},
		{"two lines", "un<Alt+Enter>deux<Enter>", []core.Command{core.Say{Text: "un\ndeux"}}, ""},
		{"a command", "/quit<Enter>", []core.Command{core.Quit{}}, ""},
		{"nothing", "<Enter>  <Enter>", nil, "  "},
		{"a mistyped command", "/jion x<Enter>", nil, "/jion x"},
		{"again with Up", "un<Enter>deux<Enter><Up><Up><Enter>", []core.Command{core.Say{Text: "un"}, core.Say{Text: "deux"}, core.Say{Text: "un"}}, ""},
		{"the draft comes back", "un<Enter>brou<Up><Down>illon", []core.Command{core.Say{Text: "un"}}, "brouillon"},
		{"no password in the history", "/join g ana s3cret<Enter><Up>", []core.Command{core.Join{Room: "g", Nick: "ana", Password: "s3cret"}}, ""},
		{"no password to yank", "/join g ana s3cret<Ctrl+W><Ctrl+Y><Enter><Ctrl+Y>", []core.Command{core.Join{Room: "g", Nick: "ana", Password: "s3cret"}}, ""},
		{"abort and undo", "salut<Ctrl+C><Ctrl+_>", nil, "salut"},
		{"Esc undoes a completion", "h<Tab><Tab><Esc>", nil, "h"},
		{"completion goes round", "h<Tab><Tab><Tab>", nil, "Hugo: "},
		{"Shift+Tab begins at the end", "h<Shift+Tab>", nil, "hubert: "},
		{"typing accepts a completion", "h<Tab>salut", nil, "Hugo: salut"},
		{"a single choice", "/qui<Tab>", nil, "/quit "},
		{"completion of a command", "/jo<Tab>gren<Tab>", nil, "/join grenoble@conference.localhost "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, l := newTestInput(t)
			in.cells = 80
			typeInto(t, in, tt.script)
			if got := l.said(); !slices.Equal(got, tt.sent) {
				t.Errorf("sent %v, want %v", got, tt.sent)
			}
			if in.draft() != tt.left {
				t.Errorf("%q is left, want %q", in.draft(), tt.left)
			}
		})
	}
}

// What is typed stays with its conversation.
func TestInputKeepsDrafts(t *testing.T) {
	in, _ := newTestInput(t)
	room, person := roomView(), roomView()
	person.Current.ConversationView = person.Conversations[2]
	typeInto(t, in, "au salon")
	in.follow(person)
	if in.draft() != "" {
		t.Fatalf("%q came along to another conversation", in.draft())
	}
	typeInto(t, in, "à Paulette<Left>")
	in.follow(room)
	if got := marked(&in.edit); got != "au salon|" {
		t.Errorf("back in the room: %q", got)
	}
	in.follow(person)
	if got := marked(&in.edit); got != "à Paulett|e" {
		t.Errorf("back with Paulette: %q", got)
	}
	room.Conversations = room.Conversations[:1]
	in.follow(room)
	if len(in.drafts) > 0 {
		t.Error("the draft of a closed conversation is kept")
	}
}

func TestInputTellsOfTyping(t *testing.T) {
	in, l := newTestInput(t)
	steps := []struct {
		name, script string
		pass         time.Duration
		want         []core.Command
	}{
		{"first letter", "s", 0, []core.Command{core.Compose{Typing: true}}},
		{"more letters", "alut", 0, nil},
		{"a short pause", "", typingEnds / 2, nil},
		{"another letter", "!", 0, nil},
		{"not long enough after it", "", typingEnds - time.Second, nil},
		{"long enough", "", time.Second, []core.Command{core.Compose{Typing: false}}},
		{"again", "x", 0, []core.Command{core.Compose{Typing: true}}},
		{"all taken away", "<Ctrl+U>", 0, []core.Command{core.Compose{Typing: false}}},
		{"a command is nobody's business", "/quit", 0, nil},
		{"and sent", "<Enter>", 0, []core.Command{core.Quit{}}},
		{"a text sent ends it by itself", "a<Enter>", 0, []core.Command{core.Compose{Typing: true}, core.Say{Text: "a"}}},
		{"and no timer tells again", "", time.Hour, nil},
	}
	for _, step := range steps {
		l.sent = nil
		typeInto(t, in, step.script)
		if step.pass > 0 {
			l.pass(step.pass)
		}
		if !slices.Equal(l.sent, step.want) {
			t.Errorf("%s: %v, want %v", step.name, l.sent, step.want)
		}
	}
}

func TestInputPastes(t *testing.T) {
	tests := []struct {
		name, before, raw string
		answer            int // index of the answer given, -1 if nothing may be asked
		sent              []core.Command
		left              string
	}{
		{"one line goes into the text", "dis ", "salut\r\n", -1, nil, "dis salut"},
		{"nothing that steers a terminal", "", "a\x1b]0;x\x07b", -1, nil, "a\ufffd]0;x\ufffdb"},
		{"several lines: edit", "", "un\r\ndeux", 0, nil, "un\ndeux"},
		{"several lines: one message", "", "un\ndeux", 1, []core.Command{core.Say{Text: "un\ndeux"}}, ""},
		{"a pasted command is said", "", "/quit\nx", 1, []core.Command{core.Say{Text: "/quit\nx"}}, ""},
		{"several messages", "", "/quit\n\ndeux", 2, []core.Command{core.Say{Text: "/quit"}, core.Say{Text: "deux"}}, ""},
		{"cancel", "dis ", "un\ndeux", 2, nil, "dis "},
		{"into a text: one message", "dis ", "un\ndeux", 1, []core.Command{core.Say{Text: "dis un\ndeux"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, l := newTestInput(t)
			var asked []question
			in.ask = func(q question) { asked = append(asked, q) }
			typeInto(t, in, tt.before)
			in.paste(tt.raw)
			if tt.answer < 0 {
				if len(asked) > 0 {
					t.Fatal("a single line is asked about")
				}
			} else if len(asked) != 1 || in.draft() != tt.before {
				t.Fatalf("%d questions, and %q in the input before the answer", len(asked), in.draft())
			} else {
				asked[0].answers[tt.answer].give()
			}
			if got := l.said(); !slices.Equal(got, tt.sent) || in.draft() != tt.left {
				t.Errorf("sent %v and left %q, want %v and %q", got, in.draft(), tt.sent, tt.left)
			}
		})
	}
}

func TestInputSaysWhatHadNoRoom(t *testing.T) {
	in, _ := newTestInput(t)
	in.paste(strings.Repeat("x", 1<<20))
	if got := frame(t, in, 60, 3); !strings.HasPrefix(got, "the paste was too long: its end is missing\n") {
		t.Errorf("1 MB pasted:\n%s", got)
	}
	typeInto(t, in, "y")
	if got := frame(t, in, 60, 3); !strings.HasPrefix(got, "the text is full: ") {
		t.Errorf("one letter more:\n%s", got)
	}
	if len(in.draft()) != maxDraft {
		t.Errorf("%d bytes in the input, want %d", len(in.draft()), maxDraft)
	}
}

func TestInputClick(t *testing.T) {
	in, _ := newTestInput(t)
	typeInto(t, in, "salut<Alt+Enter>日本")
	frame(t, in, 20, 3)
	for _, tt := range []struct {
		x, y int
		want string
	}{{4, 0, "sa|lut\n日本"}, {0, 0, "|salut\n日本"}, {19, 0, "salut|\n日本"}, {4, 1, "salut\n日|本"}, {5, 1, "salut\n日|本"}, {3, 2, "salut\n日|本"}} {
		in.click(tt.x, tt.y)
		if got := marked(&in.edit); got != tt.want {
			t.Errorf("a click at %d,%d gives %q, want %q", tt.x, tt.y, got, tt.want)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	in, _ := newTestInput(b)
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		b.Fatal(err)
	}
	screen.SetSize(80, 24)
	ev := tcell.NewEventKey(tcell.KeyRune, 'x', 0)
	for i := 0; b.Loop(); i++ {
		if i%200 == 0 {
			in.edit.clear()
		}
		in.key(ev)
		in.SetRect(0, 20, 80, 4)
		in.Draw(screen)
		screen.Show()
	}
}
