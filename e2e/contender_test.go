package e2e_test

import (
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"traboule/internal/crowd"
	"traboule/internal/cutproxy"
	"traboule/internal/prosody"
)

// contender is a client that is measured: ours, or one that people use instead.
type contender struct {
	name string
	// start says how to run it, logged in as ana.
	start func(t testing.TB, s server) (env, argv []string)
	// Its commands to join and leave a room, and to show one (empty where joining shows it).
	join, leave, show string
}

func contenders() []contender {
	return []contender{
		{
			name: "traboule",
			start: func(t testing.TB, s server) (env, argv []string) {
				return nil, append([]string{binary()}, launch{server: s, account: "ana@localhost"}.arguments(t.TempDir())...)
			},
			join: "/join %s ana", leave: "/part",
		},
		{
			name:  "mcabber",
			start: func(t testing.TB, s server) (env, argv []string) { return mcabber(t, s, "ana") },
			join:  "/room join %s ana", leave: "/room leave", show: "/roster search %s",
		},
		{
			name:  "profanity",
			start: func(t testing.TB, s server) (env, argv []string) { return profanity(t, s, "ana") },
			join:  "/join %s nick ana", leave: "/close",
		},
	}
}

// eachContender runs a benchmark for every client that is installed.
func eachContender(b *testing.B, measure func(*testing.B, contender)) {
	for _, c := range contenders() {
		b.Run(c.name, func(b *testing.B) {
			if _, err := exec.LookPath(c.name); err != nil && c.name != "traboule" {
				b.Skip("not installed")
			}
			measure(b, c)
		})
	}
}

// arena is what a client is measured against: a Prosody with a contact on line and a room service of our own, behind a
// relay that can hold back what the server sends.
type arena struct {
	server server
	relay  *cutproxy.Proxy
	crowd  *crowd.Service
}

func newArena(b *testing.B) arena {
	b.Helper()
	p := prosody.New(b, prosody.Options{Users: accounts(), Quiet: true, Component: crowd.Host})
	s := server{"prosody", p.Addr, p.DirectAddr, p.CAFile, p.CA.Pool(), p.Log}
	for _, names := range [][]string{{"ana@localhost", "paulette@localhost"}, {"paulette@localhost", "ana@localhost"}} {
		if err := p.SetRoster(names[0], names[1:]...); err != nil {
			b.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	service, err := crowd.Connect(ctx, p.ComponentAddr, p.ComponentSecret, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { service.Close() })
	relay, err := cutproxy.New(s.addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { relay.Close() })
	s.addr = relay.Addr()

	paulette := raw(b, s, "paulette")
	if err := paulette.Send("<presence/>"); err != nil {
		b.Fatal(err)
	}
	return arena{s, relay, service}
}

// open starts a client and waits until its contact is on screen.
func (a arena) open(b *testing.B, c contender) (x *bareScreen, took time.Duration) {
	b.Helper()
	env, argv := c.start(b, a.server)
	began := time.Now()
	x = newBareScreen(b, env, argv...)
	return x, x.awaitAfter(0, "paulette").Sub(began)
}

// enter joins the crowd's room, which is empty as yet, and shows it.
func (a arena) enter(b *testing.B, c contender, x *bareScreen) (jid string) {
	b.Helper()
	x.say(fmt.Sprintf(c.join, crowd.Room))
	jid = a.joined(b, x)
	if c.show != "" {
		time.Sleep(time.Second) // its list must have the room
		x.say(fmt.Sprintf(c.show, crowd.Room))
		x.say("")
	}
	a.mark(b, x, jid, "PRÊTE")
	return jid
}

// joined waits until the client asks to join the crowd.
func (a arena) joined(b *testing.B, x *bareScreen) (jid string) {
	b.Helper()
	select {
	case jid = <-a.crowd.Joined():
	case <-time.After(patience):
		b.Fatalf("it did not join; it drew %q", x.bytes.last(2000))
	}
	return jid
}

// mark has a text said in the room and waits until it is drawn.
func (a arena) mark(b *testing.B, x *bareScreen, jid, text string) time.Time {
	b.Helper()
	from := x.bytes.size()
	if err := a.crowd.Say(jid, 1, func(int) string { return text }); err != nil {
		b.Fatal(err)
	}
	return x.awaitAfter(from, text)
}

// endurance is how long a client may need for what it is given at once. Some need longer.
const endurance = 2 * time.Minute

// release lets out what the relay holds once all of it has come, and returns how long the client takes until it has
// drawn the text at the end of it.
func (a arena) release(b *testing.B, x *bareScreen, text string) time.Duration {
	b.Helper()
	for before := -1; before != a.relay.Held(); time.Sleep(500 * time.Millisecond) {
		before = a.relay.Held()
	}
	from, began := x.bytes.size(), time.Now()
	a.relay.Hold(false)
	drawn, at := x.bytes.await(from, []byte(text), endurance)
	if !drawn {
		b.Skipf("not done within %v", endurance)
	}
	return at.Sub(began)
}
