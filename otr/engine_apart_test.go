package otr

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"traboule/confine"
	"traboule/im"
)

// TestEngineOfAConfinedProcess has a process that may start no program have its child started by the door.
func TestEngineOfAConfinedProcess(t *testing.T) {
	const marker = "OTR_TEST_CONFINED"
	if os.Getenv(marker) == "" {
		ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
		defer cancel()
		command := exec.CommandContext(ctx, os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
		command.Env = append(os.Environ(), marker+"=1")
		if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Fatalf("in a process of its own: %v\n%s", err, out)
		}
		return
	}
	door, err := confine.OpenDoor()
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	self := []string{ChildName}
	if err := door.Allow(t.Context(), confine.Allowed{Programs: []confine.Program{{Argv: self, Self: true}}}); err != nil {
		t.Fatal(err)
	}
	state, err := confine.Apply(confine.Rules{})
	if err != nil || !state.ProgramsBlocked {
		t.Fatalf("confined: %+v, %v", state, err)
	}
	launch := func(ctx context.Context) (net.Conn, error) { return door.Attach(ctx, self) }
	e := Start(t.Context(), Options{Launch: launch})
	defer e.Close()
	var key Key
	e.MakeKey(im.MustJID("hubert@example.org"), 0, func(k Key, failed error) { key, err = k, failed })
	e.settle(t, func() bool { return err != nil || key.Fingerprint != "" })
	if err != nil || len(key.Fingerprint) != 40 {
		t.Errorf("key %+v, %v", key, err)
	}
}

// TestEngineLeavesNothing closes an engine in the middle of everything.
func TestEngineLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, launch := range []func(context.Context) (net.Conn, error){
		apart,
		func(ctx context.Context) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() },
	} {
		e := Start(t.Context(), Options{Launch: launch})
		for i := range 10 {
			e.MakeKey(im.MustJID(fmt.Sprintf("a%d@example.org", i)), 0, nil)
		}
		e.Close()
		e.MakeKey(im.MustJID("late@example.org"), 0, func(Key, error) { t.Error("completed after the end") })
	}
	for end := time.Now().Add(patience); len(children(t)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("children are left: %v", children(t))
		}
	}
}

// loadFixture gives an account one of the keys that are for tests.
func loadFixture(t *testing.T, e *Engine, account im.JID, as KeyName) {
	t.Helper()
	file, err := os.Open("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	e.LoadKey(account, as, file, func(_ Key, err error) {
		if err != nil {
			t.Error(err)
		}
	})
}

// TestAccountsWorkSideBySide has several accounts do all at once, for the race detector: the library has package variables.
func TestAccountsWorkSideBySide(t *testing.T) {
	e := Start(t.Context(), Options{Launch: inside(t)})
	t.Cleanup(e.Close)
	const accounts, texts = 4, 5
	got, failed := 0, 0
	for i := range accounts {
		a := Conversation{im.MustJID(fmt.Sprintf("a%d@example.org", i)), im.MustJID(fmt.Sprintf("b%d@example.org/x", i))}
		b := Conversation{a.Peer.Bare(), a.Account}
		loadFixture(t, e, a.Account, KeyName{"hubert@example.org/tui", "prpl-jabber"})
		loadFixture(t, e, b.Account, KeyName{"paulette@example.org/phone", "prpl-jabber"})
		var deliver func(to, from Conversation) func(Result, error)
		deliver = func(to, from Conversation) func(Result, error) {
			return func(r Result, err error) {
				if err != nil {
					failed++
				}
				for _, text := range r.Send {
					e.Receive(to, allFlags(), text, deliver(from, to))
				}
				for _, event := range r.Events {
					if _, is := event.(Secured); is && to == b {
						for range texts {
							e.Encrypt(from, "salut", deliver(to, from))
						}
					}
				}
				if r.HasPlain && r.Encrypted {
					got++
				}
			}
		}
		e.Query(a, allFlags(), deliver(b, a))
	}
	e.settle(t, func() bool { return got == accounts*texts || failed > 0 })
	if failed > 0 {
		t.Errorf("%d operations failed", failed)
	}
}
