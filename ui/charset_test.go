package ui

import (
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
)

// TestBytesThatAreNoText types what no keyboard of a UTF-8 terminal types, and then a letter.
func TestBytesThatAreNoText(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8")
	for name, bytes := range map[string]string{
		"Latin-1": "caf\xe9 ", "bytes that never occur": "\xff\xfe\xc0", "a character cut short": "\xf0\x9f\x91 ",
		"a surrogate": "\xed\xa0\x80", "in a paste": "\x1b[200~\xe9\x1b[201~",
	} {
		t.Run(name, func(t *testing.T) {
			p := newPseudoTerminal(t, 80, 24)
			tolerateBytes()
			screen := p.screen(t)
			if err := screen.Init(); err != nil {
				t.Fatal(err)
			}
			defer screen.Fini()
			if _, err := p.master.WriteString(bytes + "é"); err != nil {
				t.Fatal(err)
			}
			events := make(chan tcell.Event)
			go func() {
				for ev := screen.PollEvent(); ev != nil; ev = screen.PollEvent() {
					events <- ev
				}
				close(events)
			}()
			for timeout := time.After(10 * time.Second); ; {
				select {
				case ev := <-events:
					if key, is := ev.(*tcell.EventKey); is && key.Rune() == 'é' {
						go func() {
							for range events {
							}
						}()
						return
					}
				case <-timeout:
					t.Fatal("no key comes any more")
				}
			}
		})
	}
}
