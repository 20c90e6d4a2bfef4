package line

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// client stands in for the rest of the program: it takes commands and gives Updates.
type client struct {
	t        *testing.T
	in       *io.PipeWriter
	out      *output
	commands chan core.Command
	updates  chan core.Update
	result   chan error
	cancel   context.CancelFunc
}

// output is a standard output that can be read while it is written, and stalled or broken.
type output struct {
	sync.Mutex
	bytes.Buffer
	broken error
	stall  chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	if o.stall != nil {
		<-o.stall
	}
	o.Lock()
	defer o.Unlock()
	if o.broken != nil {
		return 0, o.broken
	}
	return o.Buffer.Write(p)
}

func (o *output) printed() string {
	o.Lock()
	defer o.Unlock()
	return o.String()
}

func start(t *testing.T, json bool, out *output) *client {
	ctx, cancel := context.WithCancel(t.Context())
	in, typed := io.Pipe()
	c := &client{t, typed, out, make(chan core.Command), make(chan core.Update), make(chan error, 1), cancel}
	options := Options{In: in, Out: out, Printer: i18n.NewIn("en", time.UTC), JSON: json, Now: noon}
	go func() { c.result <- Run(ctx, options, c.commands, c.updates) }()
	t.Cleanup(func() {
		cancel()
		typed.Close()
	})
	return c
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func (c *client) types(text string) {
	go io.WriteString(c.in, text)
}

func (c *client) wantCommand(want core.Command) {
	c.t.Helper()
	select {
	case got := <-c.commands:
		if got != want {
			c.t.Errorf("command %#v, want %#v", got, want)
		}
	case <-time.After(10 * time.Minute):
		c.t.Fatalf("no command, want %#v", want)
	}
}

func (c *client) tells(facts ...core.Fact) { c.updates <- core.Update{Facts: facts} }

func (c *client) quits() error {
	c.t.Helper()
	c.updates <- core.Update{View: core.View{Quit: true}}
	return c.ends()
}

func (c *client) ends() error {
	c.t.Helper()
	select {
	case err := <-c.result:
		return err
	case <-time.After(10 * time.Minute):
		c.t.Fatal("Run does not end")
		return nil
	}
}

func room() core.ConversationID {
	return core.ConversationID{Account: im.MustJID("ana@localhost"), Peer: im.MustJID("grenoble@conference.localhost")}
}

func said(id core.ConversationID, from, body string) core.LineAdded {
	return core.LineAdded{Conversation: id, Line: &core.Line{Time: noon(), From: from, Body: body}}
}

func TestRunCarriesCommandsAndLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		c.types("salut\n\n  \nça va ?\r\n")
		c.wantCommand(core.Say{Text: "salut"})
		c.wantCommand(core.Say{Text: "ça va ?"})
		c.tells(said(room(), "hubert", "oui"))
		if err := c.quits(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if got, want := c.out.printed(), "12:00 grenoble@conference.localhost <hubert> oui\n"; got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	})
}

func TestRunPrintsTheLastFactsBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		c.updates <- core.Update{View: core.View{Quit: true}, Facts: []core.Fact{said(room(), "hubert", "au revoir")}}
		if err := c.ends(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if got := c.out.printed(); !strings.Contains(got, "au revoir") {
			t.Errorf("printed %q", got)
		}
	})
}

func TestRunEndsWhenUpdatesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		close(c.updates)
		if err := c.ends(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled := &output{stall: make(chan struct{})}
		c := start(t, false, stalled)
		c.types("nobody takes this\n")
		c.tells(said(room(), "hubert", "nobody reads this"))
		synctest.Wait()
		c.cancel()
		if err := c.ends(); err != nil {
			t.Errorf("Run: %v", err)
		}
		close(stalled.stall)
	})
}

func TestRunQuitsAtTheEndOfInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		c.types("salut")
		synctest.Wait()
		c.in.Close()
		c.wantCommand(core.Say{Text: "salut"})
		before := time.Now()
		c.wantCommand(core.Quit{})
		if waited := time.Since(before); waited != calmWait {
			t.Errorf("quit %v after the last command, want %v", waited, calmWait)
		}
		c.quits()
	})
}

func TestRunWaitsForWhatIsOnItsWay(t *testing.T) {
	account := im.MustJID("ana@localhost")
	pendingLine := &core.Line{Out: true, ID: "a1", State: core.StatePending}
	for _, test := range []struct {
		name         string
		begins, ends core.Update
	}{
		{"connecting",
			core.Update{View: core.View{Accounts: []core.AccountView{{Account: account, State: im.WaitingForTor}}}},
			core.Update{View: core.View{Accounts: []core.AccountView{{Account: account, State: im.Connected}}}}},
		{"trying again",
			core.Update{View: core.View{Accounts: []core.AccountView{{Account: account, RetryAt: noon()}}}},
			core.Update{View: core.View{Accounts: []core.AccountView{{Account: account, State: im.Failed}}}}},
		{"joining",
			core.Update{Facts: []core.Fact{core.RoomFact{Account: account, Room: room().Peer, State: core.RoomJoining}}},
			core.Update{Facts: []core.Fact{core.RoomFact{Account: account, Room: room().Peer, State: core.RoomFailed}}}},
		{"sending",
			core.Update{Facts: []core.Fact{core.MessageFact{Conversation: room(), Line: pendingLine}}},
			core.Update{Facts: []core.Fact{core.MessageStateFact{Conversation: room(), ID: "a1", State: core.StateSent}}}},
		{"encrypting",
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, State: im.OTRStarting}}},
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, Reason: im.OTRTimeout}}}},
		{"verifying",
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, State: im.OTREncrypted, Event: core.OTRSMPProgress}}},
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, State: im.OTREncrypted, Event: core.OTRSMPFailure}}}},
		{"loading what was said before",
			core.Update{View: core.View{Current: core.Window{Older: core.OlderLoading}}},
			core.Update{View: core.View{Current: core.Window{Older: core.OlderMore}}}},
		{"searching",
			core.Update{View: core.View{Search: core.SearchView{Number: 1, Searching: true}}},
			core.Update{View: core.View{Search: core.SearchView{Number: 1}}}},
		{"verifying when it ends",
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, State: im.OTREncrypted, Event: core.OTRSMPProgress}}},
			core.Update{Facts: []core.Fact{core.OTRFact{Account: account, Peer: room().Peer, State: im.OTRFinished}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := start(t, true, new(output))
				c.updates <- test.begins
				c.in.Close()
				time.Sleep(20 * time.Second)
				c.updates <- test.ends
				before := time.Now()
				c.wantCommand(core.Quit{})
				if waited := time.Since(before); waited != calmWait {
					t.Errorf("quit %v after all was done, want %v", waited, calmWait)
				}
				c.quits()
			})
		})
	}
}

func TestRunDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, true, new(output))
		c.tells(core.RoomFact{Room: room().Peer, State: core.RoomJoining})
		before := time.Now()
		c.in.Close()
		c.wantCommand(core.Quit{})
		if waited := time.Since(before); waited != lastWait {
			t.Errorf("quit after %v, want %v", waited, lastWait)
		}
		c.quits()
	})
}

func TestRunEndsCleanlyWhenNobodyReads(t *testing.T) {
	full := errors.New("no space left on device")
	for _, test := range []struct{ broken, want error }{{syscall.EPIPE, nil}, {full, full}} {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, false, &output{broken: test.broken})
			c.tells(said(room(), "hubert", "salut"))
			c.wantCommand(core.Quit{})
			c.tells(said(room(), "hubert", "encore")) // goes nowhere, and nobody waits for it
			if err := c.quits(); !errors.Is(err, test.want) {
				t.Errorf("Run: %v, want %v", err, test.want)
			}
		})
	}
}

func TestRunPrintsWhatItHasTakenWhenItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &output{stall: make(chan struct{})}
		c := start(t, false, slow)
		c.tells(said(room(), "hubert", "au revoir"))
		c.cancel()
		time.AfterFunc(flushWait/2, func() { close(slow.stall) })
		if err := c.ends(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if got := c.out.printed(); !strings.Contains(got, "au revoir") {
			t.Errorf("printed %q", got)
		}
	})
}

func TestRunKeepsTakingCommandsWhileTheReaderStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled := &output{stall: make(chan struct{})}
		c := start(t, false, stalled)
		c.tells(said(room(), "hubert", "salut"))
		c.types("un\ndeux\n")
		c.wantCommand(core.Say{Text: "un"})
		c.wantCommand(core.Say{Text: "deux"})
		select {
		case c.updates <- core.Update{}:
			t.Error("an Update was taken that nobody can read")
		case <-time.After(time.Minute):
		}
		close(stalled.stall)
		c.quits()
	})
}

func TestRunBoundsInputLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, true, new(output))
		c.types(strings.Repeat("x", maxLine+1) + "\n" + "\xff après\n")
		c.wantCommand(core.Say{Text: "\ufffd après"})
		c.quits()
		want := `{"type":"notice","time":"2026-11-21T12:00:00Z","level":"error","code":"input-too-long",` +
			`"text":"that line was longer than 1,048,576 bytes and was thrown away","of":1048576}` + "\n"
		if got := c.out.printed(); got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	})
}

func TestRunAnswersWrongCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		c.types("/jion grenoble\n/kick\n//salut\n")
		c.wantCommand(core.Say{Text: "/salut"})
		c.quits()
		want := "12:00 -!- /jion: there is no such command. Did you mean /join?\n12:00 -!- /kick lacks NICK · /help kick\n"
		if got := c.out.printed(); got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	})
}

// TestRunSendsNothingElsewhereWhileItLooksForARoom types a text behind a /join by short name: it must wait for the window.
func TestRunSendsNothingElsewhereWhileItLooksForARoom(t *testing.T) {
	for name, answer := range map[string]core.Fact{
		"found":     core.RoomFact{Room: room().Peer, State: core.RoomJoining},
		"not found": core.NoticeFact{Notice: &core.Notice{Code: core.NoticeNoRoomService, Level: core.Error}},
		"no answer": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := start(t, false, new(output))
				c.types("/join grenoble\nsalut\n")
				c.wantCommand(core.Join{Room: "grenoble"})
				c.tells(said(room(), "hubert", "no answer to that"))
				select {
				case command := <-c.commands:
					t.Errorf("%#v too early", command)
				case <-time.After(serviceWait / 2):
				}
				if answer != nil {
					c.tells(answer)
				}
				c.wantCommand(core.Say{Text: "salut"})
				c.quits()
			})
		})
	}
}

// TestRunHoldsALineUntilThereIsARoom types ahead while the account still connects, which takes its time through Tor: what is
// meant for the room waits, and so does the end, but not what is said to nobody.
func TestRunHoldsALineUntilThereIsARoom(t *testing.T) {
	account := im.MustJID("ana@localhost")
	connecting := core.View{Accounts: []core.AccountView{{Account: account, State: im.Connecting}}}
	connected := core.View{Accounts: []core.AccountView{{Account: account, State: im.Connected}}}
	synctest.Test(t, func(t *testing.T) {
		c := start(t, false, new(output))
		c.updates <- core.Update{View: connecting}
		c.types("/join grenoble\n/help\n/tor\nsalut\n")
		c.wantCommand(core.Join{Room: "grenoble"})
		c.wantCommand(core.Help{})
		c.wantCommand(core.TorState{})
		c.in.Close()
		select {
		case command := <-c.commands:
			t.Errorf("%#v too early", command)
		case <-time.After(3 * serviceWait):
		}
		c.updates <- core.Update{View: connected}
		c.updates <- core.Update{View: connected, Facts: []core.Fact{core.RoomFact{Account: account, Room: room().Peer, State: core.RoomJoining}}}
		c.wantCommand(core.Say{Text: "salut"})
		c.updates <- core.Update{View: connected, Facts: []core.Fact{core.RoomFact{Account: account, Room: room().Peer, State: core.RoomJoined}}}
		c.wantCommand(core.Quit{})
		c.quits()
	})
}

// TestCurrentConversationNamesItsAccount: the same contact can be in several accounts.
func TestCurrentConversationNamesItsAccount(t *testing.T) {
	account := im.MustJID("ana@second.localhost")
	form := &text{printer: i18n.New(i18n.English), now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.Local) }}
	var out bytes.Buffer
	form.facts(&out, core.Update{View: core.View{Accounts: make([]core.AccountView, 2)}})
	form.say(&out, &core.Notice{Code: core.NoticeCurrent, Account: account, JID: im.MustJID("hubert@localhost")})
	if got, want := out.String(), "12:00 -!- (ana@second.localhost) what you type goes to hubert@localhost now\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
