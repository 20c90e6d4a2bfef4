package otr

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// world is the network between some users of a stage, and its clock. Nothing in it happens by itself.
type world struct {
	t     reporter
	now   time.Time
	users []*user
	log   bool // whatever is done
	// lose, unless nil, tells what gets lost on the way.
	lose func(from *user, r im.SendMessage) bool
}

// reporter is a test, or one of the many that a property is made of.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
	Fatal(args ...any)
}

// user is one login, with a stage of its own.
type user struct {
	world   *world
	account im.JID
	jid     im.JID // by which others know them: their own full one, or an occupant's
	stage   *Stage
	engine  *counting
	fake    *fakeEngine // nil with a real one
	online  bool
	outbox  []im.SendMessage // on the way
	sent    []im.SendMessage // all of them
	others  []im.Request     // the other requests that came through
	ending  []im.Request     // those of which the end was not told yet
	events  []im.Event       // since the last look
	last    im.RequestID
	pending map[im.RequestID]bool // requests without an end
	// watch, unless nil, sees each text before it is on its way.
	watch func(im.SendMessage)
}

func (w *world) logf(format string, args ...any) {
	if w.log {
		w.t.Logf(format, args...)
	}
}

func newWorld(t reporter) *world {
	return &world{t: t, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
}

// join adds a user with a fake engine, whose key is called as the account is.
func (w *world) join(jid string) *user {
	full := im.MustJID(jid)
	return w.joinAs(full.Bare(), full)
}

func (w *world) joinAs(account, jid im.JID) *user {
	fake := newFakeEngine(jid.String())
	u := w.add(account, jid, fake)
	u.fake = fake
	return u
}

// joinForReal adds a user with a real engine, and the key of the test data that is called as they are.
func (w *world) joinForReal(t testing.TB, launch func(context.Context) (net.Conn, error), jid string) *user {
	return w.joinWithKey(t, launch, im.MustJID(jid), jid)
}

func (w *world) joinWithKey(t testing.TB, launch func(context.Context) (net.Conn, error), full im.JID, key string) *user {
	var u *user
	e := Start(t.Context(), Options{Launch: launch, Died: func(err error) { u.stage.Died(err) }})
	t.Cleanup(e.Close)
	u = w.add(full.Bare(), full, e)
	file, err := os.Open("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	u.engine.pending++
	e.LoadKey(full.Bare(), KeyName{key, "prpl-jabber"}, file, func(_ Key, err error) {
		u.engine.pending--
		if err != nil {
			t.Error(err)
		}
	})
	u.work()
	return u
}

func (w *world) add(account, jid im.JID, e engine) *user {
	u := &user{world: w, account: account, jid: jid, engine: &counting{engine: e}, online: true, pending: map[im.RequestID]bool{}}
	ids := 0
	u.stage = NewStage(StageOptions{
		Engine: u.engine, Clients: map[im.JID]Sender{account: u},
		NewID: func() string { ids++; return fmt.Sprintf("own-%s-%d", jid, ids) },
	})
	w.users = append(w.users, u)
	return u
}

// Send takes what the stage lets through.
func (u *user) Send(r im.Request) error {
	if !u.online {
		return &im.Failure{Code: im.CodeNotConnected}
	}
	if m, is := r.(im.SendMessage); is {
		if u.watch != nil {
			u.watch(m)
		}
		u.outbox, u.sent = append(u.outbox, m), append(u.sent, m)
		return nil
	}
	u.others, u.ending = append(u.others, r), append(u.ending, r)
	return nil
}

func (u *user) on() im.On { return im.On{Account: u.account} }

func (u *user) ask() im.For {
	u.last++
	u.pending[u.last] = true
	return im.For{Account: u.account, ID: u.last}
}

// do has the loop ask for something.
func (u *user) do(r im.Request) im.RequestID {
	u.world.t.Helper()
	u.stage.now = u.world.now
	u.world.logf("%s: %T %+v", u.jid.Local(), r, r)
	u.stage.request(r)
	u.take()
	return r.Number()
}

// say has the user say something, to an address as it is typed.
func (u *user) say(to, text string) im.RequestID {
	u.world.t.Helper()
	r := im.SendMessage{For: u.ask(), To: im.MustJID(to), Body: text, Kind: u.stage.desks[u.account].kind(im.MustJID(to))}
	r.Stanza = fmt.Sprintf("said-%d", r.ID)
	id := u.do(r)
	u.world.settle()
	return id
}

func (u *user) start(to *user) {
	u.world.t.Helper()
	u.do(im.StartOTR{For: u.ask(), To: to.jid})
	u.world.settle()
}

// policy is what the core of a user says about somebody; an empty address is everybody.
func (u *user) policy(of string, p im.OTRPolicy, known bool) {
	u.world.t.Helper()
	r := im.SetOTRPolicy{For: u.ask(), Policy: p, Known: known}
	if of != "" {
		r.Peer = im.MustJID(of)
	}
	u.do(r)
}

// happen has a client tell something.
func (u *user) happen(e im.Event) {
	u.world.t.Helper()
	u.stage.now = u.world.now
	u.world.logf("%s: %T %+v", u.jid.Local(), e, e)
	u.stage.receive(e)
	u.take()
}

// hear delivers a message.
func (u *user) hear(m im.Message) {
	u.world.t.Helper()
	if m.To.IsZero() {
		m.To = u.jid
	}
	u.happen(im.MessageReceived{On: u.on(), Message: m})
	u.world.settle()
}

// take takes over what the stage hands to the loop.
func (u *user) take() {
	for _, e := range u.stage.ready {
		if d, is := e.(im.Done); is {
			if !u.pending[d.Request] {
				u.world.t.Errorf("request %d ended twice, or nobody made it: %+v", d.Request, d)
			}
			delete(u.pending, d.Request)
		}
	}
	u.events = append(u.events, u.stage.ready...)
	u.stage.ready = nil
}

// work has the engine's results taken, all of them, and reports whether there were any.
func (u *user) work() bool {
	u.world.t.Helper()
	worked := false
	for u.engine.pending > 0 || u.fake != nil && len(u.fake.completed) > 0 {
		u.workOnce()
		worked = true
	}
	return worked
}

func (u *user) workOnce() {
	u.world.t.Helper()
	select {
	case done := <-u.engine.Completed():
		u.stage.now = u.world.now
		u.world.logf("%s: engine", u.jid.Local())
		done()
		u.take()
	case <-time.After(patience):
		u.world.t.Fatal("waited in vain for the engine")
	}
}

// settle carries what is said until nobody says anything more.
func (w *world) settle() {
	w.t.Helper()
	for range 1000 {
		moved := false
		for _, u := range w.users {
			moved = u.work() || moved
			moved = u.deliver() || moved
		}
		if !moved {
			return
		}
	}
	w.t.Fatal("they never come to an end")
}

// deliver carries what a user has said to whom it is for, and tells that the server has it.
func (u *user) deliver() bool {
	outbox, ending := u.outbox, u.ending
	u.outbox, u.ending = nil, nil
	for _, r := range ending {
		u.happen(im.Done{On: u.on(), Request: r.Number()})
	}
	for _, r := range outbox {
		u.happen(im.Done{On: u.on(), Request: r.ID})
		if u.world.lose != nil && u.world.lose(u, r) {
			continue
		}
		for _, to := range u.world.users {
			if to.jid == r.To || to.account == r.To {
				to.happen(im.MessageReceived{On: to.on(), Message: im.Message{
					From: u.jid, To: r.To, Kind: r.Kind, ID: r.Stanza, Body: r.Body, WantsReceipt: r.AskReceipt, Hint: map[im.Encryption]string{im.OTR: "OTR"}[r.Encryption],
				}})
			}
		}
	}
	return len(outbox)+len(ending) > 0
}

// later lets time pass, and what is due happen.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(d)
	for _, u := range w.users {
		if at := u.stage.alarm; !at.IsZero() && !w.now.Before(at) {
			u.stage.now = w.now
			u.stage.wake()
			u.take()
		}
	}
	w.settle()
}

// took gives what the loop was told since the last look, in words, without the requests that went well.
func (u *user) took() []string {
	var words []string
	for _, e := range u.events {
		if w := inWords(e); w != "" {
			words = append(words, w)
		}
	}
	u.events = nil
	return words
}

func inWords(e im.Event) string {
	switch e := e.(type) {
	case im.MessageReceived:
		m := e.Message
		w := "message " + m.From.Resource() + ": " + m.Body
		if m.Encryption == im.OTR {
			w += " (OTR)"
		}
		if m.Exposed {
			w += " (exposed)"
		}
		if m.Hint != "" {
			w += " (hint " + m.Hint + ")"
		}
		if m.WantsReceipt {
			w += " (receipt)"
		}
		return w
	case im.OTRChanged:
		return fmt.Sprintf("%s %s because %d", e.Peer.Resource(), []string{"plain", "starting", "encrypted", "finished"}[e.State], e.Reason)
	case im.OTROffered:
		return e.Peer.Resource() + " offers"
	case im.OTRNoted:
		return strings.TrimSpace(fmt.Sprintf("%s note %d %s", e.Peer.Resource(), e.Note, e.Text))
	case im.SMPChanged:
		return strings.TrimSpace(fmt.Sprintf("%s SMP %d %s", e.Peer.Resource(), e.Step, e.Question))
	case im.Done:
		if e.Err != nil {
			return fmt.Sprintf("request failed: %s", e.Err.Code)
		}
		if r, is := e.Result.(im.SentResult); is && r.Encryption == im.OTR {
			return "sent encrypted"
		}
		return ""
	default:
		return fmt.Sprintf("%T", e)
	}
}

// expect compares what the loop was told since the last look.
func (u *user) expect(want ...string) {
	u.world.t.Helper()
	if got := u.took(); !slices.Equal(got, want) {
		u.world.t.Errorf("%s was told\n\t%s\nwant\n\t%s", u.jid, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// bodies gives what went out since the last look.
func (u *user) bodies() []string {
	var all []string
	for _, r := range u.sent {
		all = append(all, r.Body)
	}
	u.sent = nil
	return all
}

// silent sees that nothing went out since the last look.
func (u *user) silent() {
	u.world.t.Helper()
	if got := u.bodies(); len(got) > 0 {
		u.world.t.Errorf("%s sent %q", u.jid, got)
	}
}

// ended sees that every request has come to its end.
func (w *world) ended() {
	w.t.Helper()
	for _, u := range w.users {
		if len(u.pending) > 0 {
			w.t.Errorf("%s: no end of requests %v", u.jid, u.pending)
		}
		if u.stage.waiting != 0 || u.stage.weight != 0 {
			w.t.Errorf("%s: %d wait, of %d bytes", u.jid, u.stage.waiting, u.stage.weight)
		}
	}
}

// pair is two who know each other.
func pair(t testing.TB) (*world, *user, *user) {
	w := newWorld(t)
	return w, w.join("hubert@example.org/tui"), w.join("paulette@example.org/phone")
}

// together is two with a session.
func together(t testing.TB) (*world, *user, *user) {
	t.Helper()
	w, hubert, paulette := pair(t)
	paulette.policy("hubert@example.org", im.OTROpportunistic, true)
	hubert.start(paulette)
	hubert.expect("phone starting because 1", "phone encrypted because 1")
	paulette.expect("tui starting because 2", "tui encrypted because 2")
	hubert.sent, paulette.sent = nil, nil
	return w, hubert, paulette
}
