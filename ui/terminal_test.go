package ui

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/gdamore/tcell/v2"
	"github.com/gdamore/tcell/v2/terminfo"
	_ "github.com/gdamore/tcell/v2/terminfo/x/xterm"
	"golang.org/x/sys/unix"

	"traboule/core"
	"traboule/im"
)

// pseudoTerminal is a real terminal device and all that was written to it.
type pseudoTerminal struct {
	master, device *os.File
	mutex          sync.Mutex
	written        bytes.Buffer
	grown          chan struct{}
	ended          chan struct{}
}

func newPseudoTerminal(t *testing.T, w, h uint16) *pseudoTerminal {
	t.Helper()
	master, device, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	p := &pseudoTerminal{master: master, device: device, grown: make(chan struct{}, 1), ended: make(chan struct{})}
	p.resize(w, h)
	go p.read()
	t.Cleanup(func() {
		_ = device.Close()
		_ = master.Close()
		<-p.ended
	})
	return p
}

// resize changes the size. It asks for the descriptor, which would make reads wait even for a closed file, so it mends that.
func (p *pseudoTerminal) resize(w, h uint16) {
	fd := int(p.master.Fd())
	_ = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: w, Row: h})
	_ = unix.SetNonblock(fd, true)
}

func (p *pseudoTerminal) read() {
	defer close(p.ended)
	chunk := make([]byte, 1<<16)
	for {
		n, err := p.master.Read(chunk)
		p.mutex.Lock()
		p.written.Write(chunk[:n])
		p.mutex.Unlock()
		select {
		case p.grown <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *pseudoTerminal) output() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.written.String()
}

// see waits until a text was written.
func (p *pseudoTerminal) see(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for !strings.Contains(p.output(), text) {
		select {
		case <-p.grown:
		case <-deadline:
			t.Fatalf("%q was not written; got %q", text, p.output())
		}
	}
}

func (p *pseudoTerminal) screen(t *testing.T) tcell.Screen {
	t.Helper()
	tty, err := tcell.NewDevTtyFromDev(p.device.Name())
	if err != nil {
		t.Fatal(err)
	}
	info, err := terminfo.LookupTerminfo("xterm-256color")
	if err != nil {
		t.Fatal(err)
	}
	screen, err := tcell.NewTerminfoScreenFromTtyTerminfo(tty, info)
	if err != nil {
		t.Fatal(err)
	}
	return screen
}

// hostile is what must never reach a terminal: sequences that move the cursor, set the title or ask for an answer, in 7 and
// 8 bits; controls; what reverses, hides or tags.
func hostile() []string {
	return []string{
		"\x1b[99;66H", "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1bPq#0\x1b\\", "\x1bc", "\x1b(0", "\x1b[6n",
		"\u009b99;66H", "\u009d0;owned\u009c", "\u0090q\u009c", "\x00", "\x05", "\x08", "\x0b", "\x0c", "\x0e", "\x0f", "\x7f",
		"\u200b", "\u200e", "\u200f", "\u061c", "\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029",
		"\ufeff", "\ufff9", "\u00ad", "\u180e", "a\U000e0061", "\U000e0001", "\xff\xfe", "\xc3",
	}
}

// hostileView has hostile texts wherever a View has text, as if nothing had been cleaned.
func hostileView(t *testing.T, payload string) core.View {
	evil := "evil" + payload + "end"
	v := sampleRoom()
	for i := range v.Conversations {
		v.Conversations[i].Name = evil
	}
	v.Accounts[0].State, v.Accounts[0].Err = im.Failed, &im.Failure{Code: im.CodeLoginRefused, Text: evil, Detail: evil}
	w := &v.Current
	w.Name, w.Subject, w.Status, w.Nick, w.Typing = evil, evil, evil, evil, []string{evil, evil}
	w.Flags = []im.RoomFlag{im.RoomFlag(evil)}
	for i := range w.Occupants {
		w.Occupants[i].Nick = evil
	}
	w.Log = logLines(
		core.Line{From: evil, Body: evil, Time: at(14, 0)},
		core.Line{From: evil, Body: evil, Action: true, Time: at(14, 0), Warning: core.WarnLookalike},
		core.Line{From: evil, Body: payload + "\u0301", Out: true, Time: at(14, 0), State: core.StateFailed, Err: &im.Failure{Code: im.CodeRefused, Text: evil}},
		comes(evil, core.NoticeOccupantJoined, at(14, 1)), comes(evil, core.NoticeOccupantLeft, at(14, 1)),
		core.Line{Time: at(14, 2), Notice: &core.Notice{Code: core.NoticeSubject, Nick: evil, Text: evil, Reason: evil, List: []core.Row{{Name: evil, Status: evil}}}},
	)
	v.Questions = []core.Question{{ID: 1, Kind: core.AskSubscription, From: im.MustJID("lupin@example.org"), Text: evil}}
	return v
}

// With everything hostile and nothing cleaned before, no hostile byte reaches the device.
func TestNothingHostileReachesTheTerminal(t *testing.T) {
	terminal := newPseudoTerminal(t, 120, 40)
	s := stageOn(t, Options{}, terminal.screen(t))
	for _, payload := range hostile() {
		for _, size := range [][2]uint16{{120, 40}, {50, 20}, {30, 8}} {
			terminal.resize(size[0], size[1])
			s.screen.Sync()
			s.update(core.Update{View: hostileView(t, payload)})
			s.draw()
			for _, keys := range []string{"<Alt+L>", "<Alt+O>", "<Esc>", "<F1>", "<F1>"} {
				s.typed(t, keys)
			}
		}
	}
	s.close()
	terminal.see(t, "evil")
	output := terminal.output()
	for _, payload := range hostile() {
		payload = strings.Trim(payload, "a")
		if len(payload) == 1 && payload[0] < ' ' || payload == "\x1b(0" || payload == "\x1bc" {
			continue // the terminal's own sequences hold these
		}
		if strings.Contains(output, payload) {
			t.Errorf("%q reached the terminal", payload)
		}
	}
	for _, own := range []string{"\x00", "\x05", "\x0b", "\x0c", "\x1bcend", "\x1b(0end"} {
		if strings.Contains(output, own) {
			t.Errorf("%q reached the terminal", own)
		}
	}
}

// The check above can fail: what goes around the painter does reach the device.
func TestHostileBytesWouldBeSeen(t *testing.T) {
	terminal := newPseudoTerminal(t, 80, 24)
	screen := terminal.screen(t)
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	screen.PutStr(0, 0, "evil\x1b[99;66H\u202eend")
	screen.Show()
	screen.Fini()
	terminal.see(t, "\x1b[99;66H")
}

// The 200 kB that a hostile message piles on one letter do not go out.
func TestMarksAreBounded(t *testing.T) {
	terminal := newPseudoTerminal(t, 120, 40)
	s := stageOn(t, Options{}, terminal.screen(t))
	v := sampleRoom()
	v.Current.Log = logLines(say("hubert", "evil"+strings.Repeat("\u0301", 100_000), at(14, 0)))
	s.update(core.Update{View: v})
	s.draw()
	s.close()
	terminal.see(t, "evi")
	if n := strings.Count(terminal.output(), "\u0301"); n > maxMarks {
		t.Errorf("%d marks reached the terminal", n)
	}
}

// Whether it ends well or by a fault, the terminal is left as it was: main screen, cursor, no mouse, no paste marks.
func TestTerminalIsGivenBack(t *testing.T) {
	for name, end := range map[string]func(*Screen, context.CancelFunc){
		"end":   func(_ *Screen, stop context.CancelFunc) { stop() },
		"fault": func(s *Screen, _ context.CancelFunc) { s.after(0, func() { panic("fault") }) },
	} {
		t.Run(name, func(t *testing.T) {
			terminal := newPseudoTerminal(t, 80, 24)
			s := New(Options{Printer: printer("en"), Screen: terminal.screen(t)})
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			updates, done := make(chan core.Update), make(chan error, 1)
			go func() { done <- s.Run(ctx, make(chan core.Command), updates) }()
			updates <- core.Update{View: sampleRoom()}
			terminal.see(t, "grenoble")
			end(s, stop)
			if err := <-done; (err != nil) != (name == "fault") {
				t.Errorf("got %v", err)
			}
			terminal.see(t, "\x1b[?1004l") // the last that is taken back
			last := terminal.output()
			for off, on := range map[string]string{
				"\x1b[?1049l": "\x1b[?1049h", "\x1b[?2004l": "\x1b[?2004h", "\x1b[?1000l": "\x1b[?1000h", "\x1b[?1004l": "\x1b[?1004h",
			} {
				if strings.LastIndex(last, off) < strings.LastIndex(last, on) {
					t.Errorf("%q was not taken back", on)
				}
			}
		})
	}
}
