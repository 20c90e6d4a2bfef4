package otr

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"traboule/im"
)

// shelf keeps sealed keys as a profile does.
type shelf struct {
	sealing [32]byte
	full    error // why nothing more can be kept

	mu   sync.Mutex
	kept map[im.JID]SealedKey
	// keeping, if there, is told that something is to be kept, and then waited for.
	keeping chan struct{}
}

func newShelf() *shelf {
	s := &shelf{kept: map[im.JID]SealedKey{}}
	rand.Read(s.sealing[:])
	return s
}

func (s *shelf) keep(_ context.Context, account im.JID, key SealedKey) error {
	if s.keeping != nil {
		s.keeping <- struct{}{}
		<-s.keeping
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full == nil {
		s.kept[account] = key
	}
	return s.full
}

func (s *shelf) of(account im.JID) (SealedKey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, found := s.kept[account]
	return key, found
}

func (s *shelf) sealingFile(t testing.TB) *os.File {
	key := s.sealing
	file, err := SealingFile(&key)
	if err != nil {
		t.Fatal(err)
	}
	if key != ([32]byte{}) {
		t.Error("the key was not wiped")
	}
	return file
}

// sealingSide is a side whose keys are kept.
func sealingSide(t testing.TB, launch func(context.Context) (net.Conn, error), s *shelf, unkept func(im.JID, error)) *side {
	hubert, paulette := im.MustJID("hubert@example.org/tui"), im.MustJID("paulette@example.org/phone")
	a := &side{t: t, self: hubert, peer: paulette, flags: allFlags()}
	a.engine = Start(context.Background(), Options{
		Launch: launch, Sealing: s.sealingFile(t), Keep: s.keep, Unkept: unkept, Died: func(err error) { a.died = append(a.died, err) },
	})
	t.Cleanup(a.engine.Close)
	return a
}

func (s *side) make() (Key, error) {
	s.t.Helper()
	return s.withKey(func(done func(Key, error)) { s.engine.MakeKey(s.self.Bare(), 0, done) })
}

func (s *side) open(account im.JID, key SealedKey) (Key, error) {
	s.t.Helper()
	return s.withKey(func(done func(Key, error)) { s.engine.OpenKey(account, key, done) })
}

func TestKeyOutlivesTheEngine(t *testing.T) {
	shelf := newShelf()
	a := sealingSide(t, inside(t), shelf, nil)
	made, err := a.make()
	if err != nil {
		t.Fatal(err)
	}
	kept, found := shelf.of(a.self.Bare())
	if !found || kept.Tag != made.Tag {
		t.Fatalf("kept %v, tag %x; made with tag %x", found, kept.Tag, made.Tag)
	}
	b := sealingSide(t, inside(t), shelf, nil)
	if opened, err := b.open(b.self.Bare(), kept); err != nil || opened != made {
		t.Errorf("opened %+v, %v; made %+v", opened, err, made)
	}
	if again, err := b.make(); err != nil || again != made {
		t.Errorf("used %+v, %v; made %+v", again, err, made)
	}
	if now, _ := shelf.of(a.self.Bare()); !slices.Equal(now.Sealed, kept.Sealed) {
		t.Error("what was opened was kept once more")
	}
}

func TestSealedKeyOfOthers(t *testing.T) {
	own := newShelf()
	a := sealingSide(t, inside(t), own, nil)
	if _, err := a.make(); err != nil {
		t.Fatal(err)
	}
	kept, _ := own.of(a.self.Bare())
	refused := func(name string, s *side, account im.JID, sealed []byte) {
		t.Helper()
		if key, err := s.open(account, SealedKey{sealed, kept.Tag}); !errors.Is(err, ErrBadSealedKey) || key.Fingerprint != "" {
			t.Errorf("%s: %+v, %v", name, key, err)
		}
	}
	engine := func(s *shelf) *side { return sealingSide(t, inside(t), s, nil) }
	refused("another sealing key", engine(newShelf()), a.self.Bare(), kept.Sealed)
	refused("another account", engine(own), im.MustJID("paulette@example.org"), kept.Sealed)
	for _, at := range []int{0, 1, 13, len(kept.Sealed) / 2, len(kept.Sealed) - 1} {
		flipped := slices.Clone(kept.Sealed)
		flipped[at] ^= 0x10
		refused("a flipped bit", engine(own), a.self.Bare(), flipped)
	}
	for _, short := range []int{0, 1, 12, 28, len(kept.Sealed) - 1} {
		refused("a part", engine(own), a.self.Bare(), kept.Sealed[:short])
	}
	refused("more than there ever is", engine(own), a.self.Bare(), make([]byte, maxSealedKey+1))
}

// TestRefusedKeyIsNotReplaced asks for more after a kept key could not be opened: no other takes its place, for contacts
// would take it for somebody else's.
func TestRefusedKeyIsNotReplaced(t *testing.T) {
	shelf := newShelf()
	a := sealingSide(t, inside(t), shelf, nil)
	a.open(a.self.Bare(), SealedKey{Sealed: []byte("no key")})
	if key, err := a.make(); !errors.Is(err, ErrBadSealedKey) {
		t.Errorf("made %+v, %v", key, err)
	}
	a.query()
	if errs := a.takeErrors(); len(errs) != 1 || !errors.Is(errs[0], ErrBadSealedKey) || len(a.outbox) > 0 {
		t.Errorf("a query: %v, sent %q", errs, a.outbox)
	}
	if _, found := shelf.of(a.self.Bare()); found {
		t.Error("another key was kept")
	}
}

// TestKeyIsKeptBeforeItIsUsed looks at what is done while the disk has not answered: nothing.
func TestKeyIsKeptBeforeItIsUsed(t *testing.T) {
	shelf := newShelf()
	shelf.keeping = make(chan struct{})
	a := sealingSide(t, inside(t), shelf, nil)
	other := im.MustJID("paulette@example.org")
	var order []string
	note := func(what string) func(Key, error) {
		return func(Key, error) { order = append(order, what) }
	}
	a.pending++
	a.engine.Query(a.conversation(), allFlags(), a.done)
	a.engine.MakeKey(a.self.Bare(), 0, note("made"))
	<-shelf.keeping
	a.engine.ListKeys(shelf.sealingFile(t), func([]StoredKey, error) { order = append(order, "something else") })
	a.engine.settle(t, func() bool { return len(order) == 1 })
	if len(a.outbox) > 0 || order[0] != "something else" {
		t.Errorf("before it is kept: sent %q, done %q", a.outbox, order)
	}
	shelf.keeping <- struct{}{}
	a.wait()
	a.engine.settle(t, func() bool { return len(order) == 2 })
	if len(a.outbox) != 1 || a.state.Ours == "" && order[1] != "made" {
		t.Errorf("once it is kept: sent %q, done %q", a.outbox, order)
	}
	go func() { <-shelf.keeping; shelf.keeping <- struct{}{} }()
	a.engine.MakeKey(other, 0, note("another"))
	a.engine.settle(t, func() bool { return len(order) == 3 })
	if _, found := shelf.of(other); !found {
		t.Error("the key of another account was not kept")
	}
}

func TestKeyThatCannotBeKept(t *testing.T) {
	shelf := newShelf()
	shelf.full = errors.New("no space left")
	var told []error
	a := sealingSide(t, inside(t), shelf, func(account im.JID, err error) {
		if account != im.MustJID("hubert@example.org") {
			t.Errorf("of %v", account)
		}
		told = append(told, err)
	})
	made, err := a.withKey(func(done func(Key, error)) {
		a.engine.MakeKey(a.self.Bare(), 0, func(k Key, err error) {
			if len(told) != 1 || !errors.Is(told[0], shelf.full) {
				t.Errorf("told before the key is used: %v", told)
			}
			done(k, err)
		})
	})
	if again, errAgain := a.make(); err != nil || errAgain != nil || again != made || made.Fingerprint == "" {
		t.Errorf("%+v, %v; again %+v, %v", made, err, again, errAgain)
	}
	if len(told) != 1 {
		t.Errorf("told %v", told)
	}
}

// TestSealingOutlivesAChild ends children at each step, and asks again.
func TestSealingOutlivesAChild(t *testing.T) {
	shelf := newShelf()
	var conn net.Conn
	launch := func(ctx context.Context) (c net.Conn, err error) {
		conn, err = inside(t)(ctx)
		return conn, err
	}
	a := sealingSide(t, launch, shelf, nil)
	made, err := a.make()
	if err != nil {
		t.Fatal(err)
	}
	end := func() {
		t.Helper()
		died := len(a.died)
		conn.Close()
		a.engine.settle(t, func() bool { return len(a.died) > died })
	}
	end()
	if again, err := a.make(); err != nil || again != made {
		t.Errorf("in the next child: %+v, %v; before %+v", again, err, made)
	}
	kept, _ := shelf.of(a.self.Bare())
	end()
	var sealed SealedKey
	a.pending++
	a.engine.SealKey(a.self.Bare(), func(k SealedKey, err error) {
		a.pending--
		if err != nil {
			t.Error(err)
		}
		sealed = k
	})
	a.wait()
	if slices.Equal(sealed.Sealed, kept.Sealed) || sealed.Tag != kept.Tag {
		t.Errorf("sealed anew: the same %v, tag %x, want %x", slices.Equal(sealed.Sealed, kept.Sealed), sealed.Tag, kept.Tag)
	}
	b := sealingSide(t, inside(t), shelf, nil)
	if opened, err := b.open(b.self.Bare(), sealed); err != nil || opened != made {
		t.Errorf("opened %+v, %v", opened, err)
	}
}

// TestChildDiesBeforeTheKeyIsSealed has what waits for the key fail with the child, and a kept one never replaced.
func TestChildDiesBeforeTheKeyIsSealed(t *testing.T) {
	shelf := newShelf()
	launch := scripted(t, func(r request) (reply, bool) { return reply{ID: r.ID}, r.Task == sealingTask })
	a := sealingSide(t, launch, shelf, nil)
	for range 2 {
		if _, err := a.make(); !errors.Is(err, ErrDied) {
			t.Errorf("made: %v", err)
		}
	}
	b := sealingSide(t, launch, shelf, nil)
	if _, err := b.open(b.self.Bare(), SealedKey{Sealed: []byte("x")}); !errors.Is(err, ErrDied) {
		t.Errorf("opened: %v", err)
	}
	b.engine.settle(t, func() bool { return len(b.died) == 1 })
	if _, err := b.make(); !errors.Is(err, ErrDied) || len(b.died) != 1 {
		t.Errorf("asked for another: %v, %d children died", err, len(b.died))
	}
}

// TestParentHoldsNoSealedKey looks for the secrets in all that the parent has in memory, after keys were sealed and opened.
func TestParentHoldsNoSealedKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "otr.private_key")
	shelf := newShelf()
	sealing := slices.Clone(shelf.sealing[:])
	for i := range sealing {
		sealing[i] ^= 0xff // so that the test itself does not hold it
	}
	first := sealingSide(t, apart, shelf, nil)
	if _, err := first.make(); err != nil {
		t.Fatal(err)
	}
	second := sealingSide(t, apart, shelf, nil)
	clear(shelf.sealing[:])
	kept, _ := shelf.of(first.self.Bare())
	if _, err := second.open(second.self.Bare(), kept); err != nil {
		t.Fatal(err)
	}
	if _, err := second.save(KeyName{"fresh", "xmpp"}, path); err != nil {
		t.Fatal(err)
	}
	before := heapDump(t, dir)
	secret := secretNumber(t, path)
	if found := search(t, before, secret); found != "" {
		t.Errorf("the parent holds the key, %s", found)
	}
	for i := range sealing {
		sealing[i] ^= 0xff
	}
	if found := search(t, before, sealing); found != "" {
		t.Errorf("the parent holds the sealing key, %s", found)
	}
	after := heapDump(t, dir)
	if search(t, after, secret) == "" || search(t, after, sealing) == "" {
		t.Error("the search does not find what is there")
	}
	runtime.KeepAlive(secret)
	runtime.KeepAlive(sealing)
}
