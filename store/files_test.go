package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"traboule/im"
)

// files reads all files of a folder, by name.
func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = content
	}
	return all
}

// names lists files.
func names(all map[string][]byte) (list []string) {
	for name := range all {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// fill keeps something of each kind, and some messages.
func fill(t *testing.T, s *Store) {
	t.Helper()
	records := everything().list()
	for n := range uint64(300) {
		records = append(records, record(said(n+1, "rendezvous à la chapelle")))
	}
	if err := s.with(func(d *database) error { return d.keepAll(records, s.now) }); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(hubert, "sesame-ouvre"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSealedKey(hubert, SealedKey{Sealed: []byte("cle-scellee"), Tag: 256}); err != nil {
		t.Fatal(err)
	}
}

// opened opens a Store that is not run.
func opened(t *testing.T, l layer) *Store {
	t.Helper()
	s, err := open(t.Context(), Options{}, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// secrets are what must be in no file.
func secrets() []string {
	return []string{
		"rendezvous", "chapelle", "sesame", "cle-scellee", "hubert", "anne", "grenoble", "example", "porte", "demain", "SCRAM",
		"SQLite", "CREATE", "message", "conversation",
	}
}

// leaks names the first secret in a file, if any.
func leaks(content []byte) string {
	for _, secret := range secrets() {
		if bytes.Contains(content, []byte(secret)) {
			return secret
		}
	}
	return ""
}

func TestFilesHideWhatIsKept(t *testing.T) {
	path := newPath(t)
	s := opened(t, layer{path: path, key: testKey[:]})
	fill(t, s)
	folder := filepath.Dir(path)
	search := func(when string, want ...string) {
		all := files(t, folder)
		if !slices.Equal(names(all), want) {
			t.Errorf("%s: files %q, want %q", when, names(all), want)
		}
		for name, content := range all {
			if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s, %s: mode %v, %v", name, when, info.Mode(), err)
			}
			if secret := leaks(content); secret != "" || len(content) == 0 {
				t.Errorf("%s, %s: %d bytes, with %q in clear", name, when, len(content), secret)
			}
		}
	}
	search("while open", "profile", "profile-seal", "profile-wal")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	search("when closed", "profile", "profile-seal")
}

// TestFilesWithoutEncryption: the search of the test before finds what is there.
func TestFilesWithoutEncryption(t *testing.T) {
	path := newPath(t)
	s := opened(t, layer{path: path, key: testKey[:], plain: true})
	fill(t, s)
	if leaks(files(t, filepath.Dir(path))["profile-wal"]) == "" {
		t.Error("the log holds no secret in clear")
	}
	s.Close()
	if leaks(files(t, filepath.Dir(path))["profile"]) == "" {
		t.Error("the database holds no secret in clear")
	}
}

// TestErasedIsGone: nothing of a message that was erased is in any file, in pages without content or in the log.
func TestErasedIsGone(t *testing.T) {
	if unraced(t) {
		return
	}
	forget := func(s *running) {
		if done := s.done(im.ForgetHistory{For: s.For(), Peer: room}); done.Err != nil {
			t.Fatal(done.Err)
		}
	}
	for name, erase := range map[string]func(*running){
		"forgotten": forget,
		"all forgotten": func(s *running) {
			if done := s.done(im.ForgetHistory{}); done.Err != nil {
				t.Fatal(done.Err)
			}
		},
		"too old": func(s *running) {
			s.keep(im.HistoryRecord{Policy: im.HistoryPolicy{Mode: im.HistoryDays, Days: 0}})
			ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
			eraseAll(t, s.Store)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := startLayer(t, layer{path: path, key: testKey[:], plain: true})
			for n := range uint64(700) {
				m := said(n+1, "Rendezvous à la chapelle")
				m.From, m.Sender, m.ID = "pseudonyme", "occupante", "identifiant"
				s.keep(record(m))
			}
			ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
			traces := []string{"endezvous", "chapelle", "pseudonyme", "occupante", "identifiant", "grenoble"}
			before := slices.Concat(slices.Collect(values(files(t, filepath.Dir(path))))...)
			for _, trace := range traces {
				if !bytes.Contains(before, []byte(trace)) {
					t.Fatalf("%q was never there", trace)
				}
			}
			erase(s)
			for _, when := range []string{"while open", "when closed"} {
				for name, content := range files(t, filepath.Dir(path)) {
					for _, trace := range traces {
						if bytes.Contains(content, []byte(trace)) {
							t.Errorf("%s, %s: still holds %q", name, when, trace)
						}
					}
				}
				if when == "while open" {
					whole(t, s.Store)
					s.stop()
				}
			}
		})
	}
}

// TestPurgeGoesOn: what is left of erased messages when the client ends is gone soon after the next start.
func TestPurgeGoesOn(t *testing.T) {
	path := newPath(t)
	l := layer{path: path, key: testKey[:], plain: true}
	s := opened(t, l)
	var records []im.Record
	for n := range uint64(300) {
		records = append(records, record(said(n+1, "effacement")))
	}
	err := s.with(func(d *database) error {
		if err := d.keepAll(records, s.now); err != nil {
			return err
		}
		_, _, err := d.eraseSome("SELECT id FROM message")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	held := func() bool {
		return slices.ContainsFunc(slices.Collect(values(files(t, filepath.Dir(path)))), func(content []byte) bool {
			return bytes.Contains(content, []byte("effacement"))
		})
	}
	if !held() {
		t.Fatal("nothing is left to be purged")
	}
	r := startLayer(t, l)
	waitFor(t, func() bool { return !held() })
	whole(t, r.Store)
}

func values(all map[string][]byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for _, content := range all {
			if !yield(content) {
				return
			}
		}
	}
}

func TestOneStorePerFile(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	if _, err := Open(t.Context(), Options{Path: path, Key: testKey}); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	start(t, path)
}

// TestStoreIsFreeAtOnce closes a store while somebody else still has the descriptor of its lock, as a program has that is just
// being started.
func TestStoreIsFreeAtOnce(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	inherited, err := syscall.Dup(int(s.db.seal.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	start(t, path)
}

func TestWrongKey(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	fill(t, s.Store)
	s.stop()
	before := files(t, filepath.Dir(path))
	if _, err := Open(t.Context(), Options{Path: path, Key: [32]byte{9}}); !errors.Is(err, ErrWrongKey) {
		t.Errorf("opened with a wrong key: %v", err)
	}
	for name, content := range files(t, filepath.Dir(path)) {
		if !bytes.Equal(content, before[name]) {
			t.Errorf("%s was changed", name)
		}
	}
	start(t, path)
}

func TestSetAside(t *testing.T) {
	path := newPath(t)
	for range 2 {
		s := start(t, path)
		fill(t, s.Store)
		s.stop()
		aside, err := SetAside(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, path + sealSuffix} {
			if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s is still there", name)
			}
		}
		old := start(t, aside)
		if n := count(t, old.Store); n != 300 {
			t.Errorf("%d messages aside", n)
		}
		old.stop()
	}
	if s := start(t, path); !s.Profile().New || count(t, s.Store) != 0 {
		t.Error("what was set aside is still there")
	}
}

// TestFolderOfAnyName: people have spaces in the names of their folders.
func TestFolderOfAnyName(t *testing.T) {
	for _, name := range []string{"mon profil", "a+b", "100%", "a%20b", "c'est quoi ?", "a#b&c=d;e", "été"} {
		folder := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "database")
		s := start(t, path)
		s.keep(im.MechanismRecord{Kept: im.Kept{Account: hubert}, Mechanism: "PLAIN"})
		s = reread(s, path)
		if got := s.Profile().Mechanisms; len(got) != 1 {
			t.Errorf("in %q: %v", name, got)
		}
	}
}
