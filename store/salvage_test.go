package store

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"traboule/im"
)

// salvaged salvages files, and returns how many messages are left of them; ok is false if nothing could be read.
func salvaged(t *testing.T, all map[string][]byte) (messages int, ok bool) {
	t.Helper()
	path := lay(t, all)
	aside, err := Salvage(t.Context(), Options{Path: path, Key: testKey})
	left := files(t, filepath.Dir(path))
	if errors.Is(err, ErrDamaged) {
		if !maps.EqualFunc(left, all, bytes.Equal) {
			t.Errorf("nothing can be read, and of %q there are %q", names(all), names(left))
		}
		return 0, false
	}
	if err != nil {
		t.Error(err)
		return 0, false
	}
	if got, want := left[filepath.Base(aside)], all["profile"]; !bytes.Equal(got, want) {
		t.Errorf("aside are %d bytes of %d", len(got), len(want))
	}
	if slices.ContainsFunc(names(left), func(name string) bool { return strings.Contains(name, salvageSuffix) }) {
		t.Errorf("there are %q", names(left))
	}
	s := opened(t, layer{path: path, key: testKey[:]})
	whole(t, s)
	report, err := s.Check(t.Context())
	if err != nil {
		t.Error(err)
	}
	found, err := s.db.search(im.SearchHistory{Text: "chapelle", Limit: maxLimit}, s.now())
	if err != nil || len(found.Found) > report.Messages {
		t.Errorf("of %d messages %d are found, %v", report.Messages, len(found.Found), err)
	}
	keepAll(t, s, record(said(5000, "après")))
	if merged, err := s.db.merge(im.MergeHistory{For: im.For{Account: hubert}, Messages: []im.StoredMessage{said(5000, "après")}}, s.now); err != nil || !merged.Merged[0].Known {
		t.Errorf("merged %+v, %v", merged, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return report.Messages, true
}

// TestSalvage: whatever page is damaged, what can be read of the others is in a new database that is whole, and keeps more.
func TestSalvage(t *testing.T) {
	if unraced(t) {
		return
	}
	all := closed(t)
	if n, ok := salvaged(t, maps.Clone(all)); n != 320 || !ok {
		t.Errorf("of a whole one %d messages are salvaged", n)
	}
	content := all["profile"]
	lost, damaging, messages := 0, 0, 320
	for block := 0; block < len(content); block += blockSize {
		damaged := bytes.Clone(content)
		damaged[block+100] ^= 1
		n, ok := salvaged(t, with(all, "profile", damaged))
		if !ok {
			lost++
			continue
		}
		if n < 320 {
			damaging++
		}
		messages = min(messages, n)
	}
	t.Logf("of %d pages %d are needed for any other, %d cost messages; %d left at least", len(content)/blockSize, lost, damaging, messages)
	if lost > 5 || damaging == 0 {
		t.Errorf("of %d pages %d are needed for any other, %d cost messages", len(content)/blockSize, lost, damaging)
	}
}

// TestSalvageWithoutBeginning: the first page, without which nothing can be read, costs nothing, whether the database was closed
// or cut off.
func TestSalvageWithoutBeginning(t *testing.T) {
	for when, all := range map[string]map[string][]byte{"closed": closed(t), "cut": cut(t)} {
		damaged := bytes.Clone(all["profile"])
		damaged[100] ^= 1
		if n, ok := salvaged(t, with(all, "profile", damaged)); n != 320 || !ok {
			t.Errorf("%s: %d messages are left", when, n)
		}
	}
}

// TestSalvageOfAShortDatabase: a database that has lost its end costs no more than what stood there. What tells of all else is before
// the messages.
func TestSalvageOfAShortDatabase(t *testing.T) {
	if unraced(t) {
		return
	}
	all := closed(t)
	content := all["profile"]
	before := 320
	for lost := 1; lost < len(content); lost += blockSize {
		n, ok := salvaged(t, with(all, "profile", bytes.Clone(content[:len(content)-lost])))
		if n > before || lost < 15*blockSize && (!ok || n < 100) || lost < 5*blockSize && n < 320 {
			t.Errorf("%d bytes of %d missing: %d messages left, readable is %t", lost, len(content), n, ok)
		}
		before = n
	}
}

// TestSalvageOfALargeDatabase: one leaf of many costs no more than what is on it, also where many are damaged.
func TestSalvageOfALargeDatabase(t *testing.T) {
	if unraced(t) {
		return
	}
	path := newPath(t)
	s := talked(t, layer{path: path, key: testKey[:]}, 5000)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for block := 100 * blockSize; block < len(content); block += 15 * blockSize {
		content[block] ^= 1
		damaged++
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Salvage(t.Context(), Options{Path: path, Key: testKey}); err != nil {
		t.Fatal(err)
	}
	s = opened(t, layer{path: path, key: testKey[:]})
	whole(t, s)
	n := count(t, s)
	t.Logf("%d pages of %d damaged, %d messages of 5001 left", damaged, len(content)/blockSize, n)
	if damaged < 5 || n < 5001-100*damaged {
		t.Errorf("%d pages of %d damaged, %d messages of 5001 left", damaged, len(content)/blockSize, n)
	}
}

// TestSalvageNamesWhatLostItsName: where with whom something was said is lost, what was said is not.
func TestSalvageNamesWhatLostItsName(t *testing.T) {
	path := newPath(t)
	s := talked(t, layer{path: path, key: testKey[:]}, 3)
	if err := s.with(func(d *database) error { return d.exec("DELETE FROM conversation WHERE peer = ?", text(room.String())) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Salvage(t.Context(), Options{Path: path, Key: testKey}); err != nil {
		t.Fatal(err)
	}
	s = opened(t, layer{path: path, key: testKey[:]})
	whole(t, s)
	all, err := s.Conversations()
	if err != nil || len(all) != 2 || all[1] != (Conversation{hubert, im.MustJID("lost-1@lost.invalid"), 3}) {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestSalvageBringsNothingBack: what was being erased does not come back, whatever page is damaged.
func TestSalvageBringsNothingBack(t *testing.T) {
	if unraced(t) {
		return
	}
	for _, peer := range []im.JID{room, all} {
		path := newPath(t)
		s := talked(t, layer{path: path, key: testKey[:]}, 200)
		forget(t, s, peer)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		whole := files(t, filepath.Dir(path))
		content := whole["profile"]
		for block := blockSize; block < len(content); block += blockSize {
			damaged := bytes.Clone(content)
			damaged[block] ^= 1
			path := lay(t, with(whole, "profile", damaged))
			if _, err := Salvage(t.Context(), Options{Path: path, Key: testKey}); err != nil {
				continue
			}
			s := opened(t, layer{path: path, key: testKey[:]})
			if slices.Contains(seen(t, s), "effacement") {
				t.Errorf("it came back with page %d damaged", block/blockSize)
			}
			s.Close()
		}
	}
}

// TestSalvageIsFinished: wherever the power goes while files change places, the new database comes to its place in the end, and
// all files of the damaged one are aside.
func TestSalvageIsFinished(t *testing.T) {
	whole := cut(t)
	damaged := bytes.Clone(whole["profile"])
	damaged[len(damaged)-blockSize+100] ^= 1
	before := with(whole, "profile", damaged)
	path := lay(t, before)
	aside, err := Salvage(t.Context(), Options{Path: path, Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	after := files(t, filepath.Dir(path))
	fresh, seal, name := after["profile"], after["profile-seal"], filepath.Base(aside)

	step := with(with(before, "profile-salvaged", fresh), "profile-salvaged-seal", seal)
	for _, move := range [][2]string{
		{"profile", name}, {"profile-wal", name + "-wal"}, {"profile-seal", name + "-seal"},
		{"profile-salvaged-seal", "profile-seal"}, {"profile-salvaged", "profile"},
	} {
		step = with(step, move[1], step[move[0]])
		delete(step, move[0])
		path := lay(t, step)
		if err := FinishSalvage(path); err != nil {
			t.Fatalf("after %s has moved: %v", move[0], err)
		}
		left := files(t, filepath.Dir(path))
		if !bytes.Equal(left["profile"], fresh) || !bytes.Equal(left["profile-seal"], seal) || len(left) != len(after) {
			t.Errorf("after %s has moved there are %q", move[0], names(left))
		}
		for suffix, content := range map[string][]byte{"": damaged, "-wal": before["profile-wal"], "-seal": before["profile-seal"]} {
			if !bytes.Equal(left[name+suffix], content) {
				t.Errorf("after %s has moved, %s is not the damaged one's", move[0], name+suffix)
			}
		}
		if n := count(t, opened(t, layer{path: path, key: testKey[:]})); n < 100 {
			t.Errorf("after %s has moved, %d messages are left", move[0], n)
		}
	}
}

// TestFinishSalvageLeavesADatabase: what is where a database should be is never put away.
func TestFinishSalvageLeavesADatabase(t *testing.T) {
	all := with(with(closed(t), "profile-salvaged", []byte("half")), "profile-salvaged-seal", []byte("done"))
	path := lay(t, all)
	if err := FinishSalvage(path); err != nil {
		t.Fatal(err)
	}
	if left := files(t, filepath.Dir(path)); !maps.EqualFunc(left, all, bytes.Equal) {
		t.Errorf("there are %q", names(left))
	}
}
