package otr

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"traboule/im"
)

// load has an account read its key from a file.
func (s *side) load(as KeyName, path string) (Key, error) {
	s.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.withKey(func(done func(Key, error)) { s.engine.LoadKey(s.self.Bare(), as, file, done) })
}

// save has an account write its key into a file.
func (s *side) save(as KeyName, path string) (Key, error) {
	s.t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.withKey(func(done func(Key, error)) { s.engine.SaveKey(s.self.Bare(), as, file, done) })
}

func (s *side) withKey(ask func(func(Key, error))) (key Key, err error) {
	s.pending++
	ask(func(k Key, e error) { s.pending--; key, err = k, e })
	s.wait()
	return key, err
}

// bare makes a side that has no key yet.
func bare(t *testing.T, self im.JID) *side {
	s := &side{t: t, self: self, peer: self, flags: allFlags()}
	s.engine = Start(t.Context(), Options{Launch: inside(t)})
	t.Cleanup(s.engine.Close)
	return s
}

func TestKeyIsMadeOnce(t *testing.T) {
	s := bare(t, im.MustJID("hubert@example.org"))
	first, err := s.withKey(func(done func(Key, error)) { s.engine.MakeKey(s.self, 0x12345, done) })
	if err != nil || len(first.Fingerprint) != 40 || first.Tag != 0x12345 {
		t.Fatalf("key %+v, %v", first, err)
	}
	again, err := s.withKey(func(done func(Key, error)) { s.engine.MakeKey(s.self, 0, done) })
	if err != nil || again != first {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	other := im.MustJID("paulette@example.org")
	another, err := s.withKey(func(done func(Key, error)) { s.engine.MakeKey(other, 0, done) })
	if err != nil || another.Fingerprint == first.Fingerprint || another.Tag == first.Tag || another.Tag < minTag {
		t.Errorf("of another account: %+v, %v", another, err)
	}
}

// TestKeysGoThereAndBack saves keys under names of all sorts in one file, and loads them into other engines.
func TestKeysGoThereAndBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otr.private_key")
	names := []KeyName{
		{"hubert@example.org/Home", "prpl-jabber"}, {"hubert@example.org", "jabber"}, {"hubert@example.org", "xmpp"},
		{`a "b" (c) \d`, "prpl-jabber"}, {"é \t\n\x01🧵", "a b"}, {"1", ""}, {"", "xmpp"},
	}
	keys := map[KeyName]Key{}
	for _, name := range names {
		s := bare(t, im.MustJID("hubert@example.org"))
		key, err := s.save(name, path)
		if err != nil {
			t.Fatalf("save %q: %v", name, err)
		}
		keys[name] = key
	}
	for _, name := range names {
		s := bare(t, im.MustJID("hubert@example.org"))
		if key, err := s.load(name, path); err != nil || key.Fingerprint != keys[name].Fingerprint {
			t.Errorf("%q: %+v, %v; saved was %+v", name, key, err, keys[name])
		}
	}
	s := bare(t, im.MustJID("hubert@example.org"))
	if key, err := s.load(KeyName{}, path); err != nil || key.Fingerprint != keys[names[0]].Fingerprint {
		t.Errorf("by its address: %+v, %v", key, err)
	}
	// A second key of one name takes the place of the first.
	s = bare(t, im.MustJID("hubert@example.org"))
	key, err := s.save(names[1], path)
	if err != nil {
		t.Fatal(err)
	}
	s = bare(t, im.MustJID("hubert@example.org"))
	if again, err := s.load(names[1], path); err != nil || again.Fingerprint != key.Fingerprint {
		t.Errorf("saved twice: %+v, %v; want %+v", again, err, key)
	}
	content, err := os.ReadFile(path)
	if err != nil || bytes.Count(content, []byte("(account")) != len(names) {
		t.Errorf("%d keys in the file, %v", bytes.Count(content, []byte("(account")), err)
	}
}

// TestKeysOfOthers reads what other programs wrote, in all the ways in which libgcrypt writes strings.
func TestKeysOfOthers(t *testing.T) {
	content, err := os.ReadFile("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	const fingerprint = "40e81be26c440c3233310b0554f68f0c7a956cbc"
	for name, row := range map[string]struct{ from, to string }{
		"as we write":        {"", ""},
		"without a resource": {"hubert@example.org/tui", "hubert@example.org"},
		"in hexadecimal":     {`"hubert@example.org/tui"`, "#6875626572744065 78616D706C652E6F7267#"},
		"with its length":    {`"hubert@example.org/tui"`, "18:hubert@example.org"},
		"escaped":            {`"hubert@example.org/tui"`, `"hubert\x40example\056org"`},
		"in capitals":        {`"hubert@example.org/tui"`, `"Hubert@Example.org"`},
		"on one line":        {"\n", " "},
		"in small letters":   {"#00E6E1F59801134A82DA290097730C923DEE129DEB#", "#00e6e1f59801134a82da290097730c923dee129deb#"},
	} {
		path := filepath.Join(t.TempDir(), "key")
		changed := bytes.ReplaceAll(content, []byte(row.from), []byte(row.to))
		if row.from == "" {
			changed = content
		}
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		s := bare(t, im.MustJID("hubert@example.org"))
		if key, err := s.load(KeyName{}, path); err != nil || key.Fingerprint != fingerprint {
			t.Errorf("%s: %+v, %v", name, key, err)
		}
	}
}

func TestBadKeyFiles(t *testing.T) {
	content, err := os.ReadFile("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	change := func(from, to string) string { return strings.Replace(string(content), from, to, 1) }
	for name, row := range map[string]struct {
		content string
		want    error
	}{
		"empty":                 {"", ErrNoKey},
		"of nobody":             {"(privkeys)", ErrNoKey},
		"of others":             {change("hubert@example.org", "hubert@example.com"), ErrNoKey},
		"another list":          {change("privkeys", "keys"), ErrBadKeyFile},
		"another entry":         {change("account", "friend"), ErrBadKeyFile},
		"cut":                   {string(content[:len(content)/2]), ErrBadKeyFile},
		"without its end":       {strings.TrimSpace(string(content))[:len(content)-2], ErrBadKeyFile},
		"with something after":  {string(content) + "x", ErrBadKeyFile},
		"another number":        {change("#7250D7DB", "#7250D7DC"), ErrBadKeyFile},
		"a number of nothing":   {change("#7250D7DB2FC72746E1FAB262C553A4D91BF4DB89#", "##"), ErrBadKeyFile},
		"no number":             {change("#7250D7DB2FC72746E1FAB262C553A4D91BF4DB89#", "#7250D7DB2FC7274#"), ErrBadKeyFile},
		"deep":                  {strings.Repeat("(", 100_000), ErrBadKeyFile},
		"long":                  {strings.Repeat(" ", maxKeyFile+1), ErrBadKeyFile},
		"a length that is none": {"(privkeys 99:x)", ErrBadKeyFile},
		"something else":        {"\x7fELF\x00\x01", ErrBadKeyFile},
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(row.content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := bare(t, im.MustJID("hubert@example.org"))
		key, err := s.load(KeyName{}, path)
		if !errors.Is(err, row.want) || key.Fingerprint != "" {
			t.Errorf("%s: %+v, %v", name, key, err)
		}
		if row.want == ErrBadKeyFile {
			if _, err := s.save(KeyName{"a", "b"}, path); !errors.Is(err, ErrBadKeyFile) {
				t.Errorf("%s: it was written to: %v", name, err)
			}
		}
	}
}

func FuzzExpression(f *testing.F) {
	content, err := os.ReadFile("testdata/otr.private_key")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`(a "\x41\101\n" #4142# 2:() b)`))
	f.Fuzz(func(t *testing.T, content []byte) {
		e, err := parseExpression(content)
		if err != nil || e.list {
			return
		}
		// What is no list is the same after being written in either way.
		for _, text := range []string{quote(e.text), word(e.text)} {
			if again, err := parseExpression([]byte(text)); err != nil || again.text != e.text {
				t.Errorf("%q became %q, %v", text, again.text, err)
			}
		}
	})
}

// TestParentHoldsNoKey looks for the secret number of a key in all that the parent has in memory, after a session with it.
// It is in a file that the parent has not read by then.
func TestParentHoldsNoKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "otr.private_key")
	a, b := twoSides(t, apart)
	fresh := im.MustJID("fresh@example.org/tui")
	a.self, b.peer = fresh, fresh
	if _, err := a.save(KeyName{"fresh", "xmpp"}, path); err != nil {
		t.Fatal(err)
	}
	a.query()
	exchange(a, b)
	a.startSMP("", "x")
	exchange(a, b)
	b.answerSMP("x")
	exchange(a, b)
	secured(t, a, b, 3)
	before := heapDump(t, dir)

	secret := secretNumber(t, path)
	if found := search(t, before, secret); found != "" {
		t.Errorf("the parent holds the key, %s", found)
	}
	if found := search(t, heapDump(t, dir), secret); found == "" {
		t.Error("the search finds nothing that is there")
	}
	runtime.KeepAlive(secret)
}

// secretNumber reads the secret number of the only key of a file.
func secretNumber(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := parseExpression(content)
	if err != nil {
		t.Fatal(err)
	}
	secret := []byte(list.find("account").find("private-key").find("dsa").find("x").value())
	if len(bytes.TrimLeft(secret, "\x00")) < 16 {
		t.Fatalf("the number in the file has %d bytes", len(secret))
	}
	return secret
}

// heapDump writes all that this process has in memory to a file.
func heapDump(t *testing.T, dir string) string {
	t.Helper()
	file, err := os.CreateTemp(dir, "heap")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	debug.WriteHeapDump(file.Fd())
	return file.Name()
}

// search looks for a number in a file, in the ways in which a program holds one.
func search(t *testing.T, path string, number []byte) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number = bytes.TrimLeft(number, "\x00")
	backwards := slices.Clone(number)
	slices.Reverse(backwards)
	for name, pattern := range map[string][]byte{
		"as bytes": number, "as a number": backwards[:16], "in digits": []byte(strings.ToUpper(hexOf(number))), "in small digits": []byte(hexOf(number)),
	} {
		if bytes.Contains(content, pattern) {
			return name
		}
	}
	return ""
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
