package store

import (
	"bytes"
	"errors"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"traboule/im"
)

// cut takes the files of a profile as a power cut would leave them: some changes are in the database, some in its log alone.
func cut(t *testing.T) map[string][]byte {
	t.Helper()
	path := newPath(t)
	s := opened(t, layer{path: path, key: testKey[:]})
	fill(t, s)
	if err := s.with((*database).tidy); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(20) {
		m := said(1000+n, "dans le journal")
		if err := s.with(func(d *database) error { return d.keepAll([]im.Record{record(m)}, s.now) }); err != nil {
			t.Fatal(err)
		}
	}
	return files(t, filepath.Dir(path))
}

// closed takes the files of a profile that was closed.
func closed(t *testing.T) map[string][]byte {
	t.Helper()
	path := lay(t, cut(t))
	if err := opened(t, layer{path: path, key: testKey[:]}).Close(); err != nil {
		t.Fatal(err)
	}
	return files(t, filepath.Dir(path))
}

// lay puts files into a new folder.
func lay(t *testing.T, all map[string][]byte) (path string) {
	t.Helper()
	path = newPath(t)
	for name, content := range all {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// readAll reads all that is kept in files, and fails if it cannot or if anything of it is not as it was given.
func readAll(t *testing.T, all map[string][]byte, accept bool) error {
	s, err := Open(t.Context(), Options{Path: lay(t, all), Key: testKey, AcceptLoss: accept})
	if err != nil {
		return err
	}
	defer s.Close()
	profile := s.Profile()
	profile.LastSeq = 0
	if !reflect.DeepEqual(profile, everything()) {
		t.Errorf("read %+v", profile)
	}
	n := 0
	err = s.Export(t.Context(), hubert, room, func(m im.FoundMessage) error {
		want := said(m.Seq, "rendezvous à la chapelle")
		if m.Seq >= 1000 {
			want.Body = "dans le journal"
		}
		if m.StoredMessage != want {
			t.Errorf("read %+v", m)
		}
		n++
		return nil
	})
	if err != nil {
		return err
	}
	if n != 320 && !accept {
		t.Errorf("%d messages", n)
	}
	if _, _, err := s.Password(hubert); err != nil {
		return err
	}
	if _, err := s.SealedKeys(); err != nil {
		return err
	}
	report, err := s.Check(t.Context())
	if err == nil && (report.Messages != n || len(report.Damaged) > 0) {
		t.Errorf("%+v without an error", report)
	}
	return err
}

// told reports whether an error tells a damage.
func told(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, ErrWrongKey) || errors.Is(err, ErrMissing)
}

func TestDamageIsTold(t *testing.T) {
	if unraced(t) {
		return
	}
	random := rand.New(rand.NewSource(1))
	for when, all := range map[string]map[string][]byte{"closed": closed(t), "cut": cut(t)} {
		if err := readAll(t, all, false); err != nil {
			t.Fatalf("%s, undamaged: %v", when, err)
		}
		for name, content := range all {
			flips, missed := 0, 0
			for block := 0; block < len(content); block += blockSize {
				damaged := bytes.Clone(content)
				at := block + random.Intn(min(blockSize, len(content)-block))
				damaged[at] ^= 1 << random.Intn(8)
				flips++
				if err := readAll(t, with(all, name, damaged), false); err == nil {
					missed++ // all was there nevertheless
				} else if !told(err) {
					t.Errorf("%s: %s with byte %d changed: %v", when, name, at, err)
				}
			}
			t.Logf("%s: %s: %d bits flipped, %d of them without any effect", when, name, flips, missed)
			if when == "closed" && name == "profile" && missed > flips/10 {
				t.Errorf("%s: %s: only %d of %d told", when, name, flips-missed, flips)
			}
		}
	}
}

func TestTruncationIsTold(t *testing.T) {
	if unraced(t) {
		return
	}
	for when, all := range map[string]map[string][]byte{"closed": closed(t), "cut": cut(t)} {
		for name, content := range all {
			sizes := map[int]bool{0: true, 1: true, 31: true, 32: true, 100: true, len(content) - 1: true, len(content) / 2: true}
			for at := 0; at < len(content); at += blockSize {
				sizes[at] = true
				if name == "profile-wal" {
					sizes[at+1], sizes[at-1] = true, true
				}
			}
			// SQLite's log is a header of 32 bytes and pages, each with a header of 24.
			for at := 32; name == "profile-wal" && at < len(content); at += blockSize + 24 {
				sizes[at] = true
			}
			for size := range sizes {
				if size < 0 || size >= len(content) {
					continue
				}
				if err := readAll(t, with(all, name, content[:size]), false); err != nil && !told(err) {
					t.Errorf("%s: %s with %d of %d bytes: %v", when, name, size, len(content), err)
				}
			}
			gone := maps.Clone(all)
			delete(gone, name)
			if err := readAll(t, gone, false); !told(err) {
				t.Errorf("%s: without %s: %v", when, name, err)
			}
		}
	}
}

// with returns files with another content of one.
func with(all map[string][]byte, name string, content []byte) map[string][]byte {
	changed := maps.Clone(all)
	changed[name] = content
	return changed
}

// TestLossIsAccepted: what a lost log leaves can be had when the user says so, and only then.
func TestLossIsAccepted(t *testing.T) {
	all := cut(t)
	delete(all, "profile-wal")
	if err := readAll(t, all, false); !errors.Is(err, ErrDamaged) {
		t.Fatalf("opened without its log: %v", err)
	}
	if err := readAll(t, all, true); err != nil {
		t.Errorf("not opened although the loss was accepted: %v", err)
	}
	path := lay(t, all)
	s, err := Open(t.Context(), Options{Path: path, Key: testKey, AcceptLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = opened(t, layer{path: path, key: testKey[:]})
	if n := count(t, s); n != 300 {
		t.Errorf("%d messages", n)
	}
}

// TestRefusedIsUntouched: what is refused is left as it is, so that it can still be looked into.
func TestRefusedIsUntouched(t *testing.T) {
	all := cut(t)
	log := bytes.Clone(all["profile-wal"])
	log[len(log)/2] ^= 1
	all["profile-wal"] = log
	path := lay(t, all)
	if _, err := Open(t.Context(), Options{Path: path, Key: testKey}); !errors.Is(err, ErrDamaged) {
		t.Fatalf("opened: %v", err)
	}
	for name, content := range files(t, filepath.Dir(path)) {
		if !bytes.Equal(content, all[name]) {
			t.Errorf("%s was changed", name)
		}
	}
}

// TestDamageLeavesTheRest: what a damaged database still has can be had when the user accepts the loss.
func TestDamageLeavesTheRest(t *testing.T) {
	if unraced(t) {
		return
	}
	all := closed(t)
	content := all["profile"]
	opened, reports, read := 0, 0, 0
	for block := blockSize; block < len(content); block += blockSize {
		damaged := bytes.Clone(content)
		damaged[block] ^= 1
		s, err := Open(t.Context(), Options{Path: lay(t, with(all, "profile", damaged)), Key: testKey, AcceptLoss: true})
		if err != nil {
			continue
		}
		opened++
		report, err := s.Check(t.Context())
		if err != nil && !errors.Is(err, ErrDamaged) || err == nil && len(report.Damaged) > 0 {
			t.Errorf("block %d: %+v, %v", block/blockSize, report, err)
		}
		if len(report.Damaged) > 0 {
			reports++
		}
		if len(s.Profile().Damaged) == 0 && report.Messages == 320 {
			read++
		}
		s.Close()
	}
	blocks := len(content)/blockSize - 1
	if opened < blocks*3/4 || reports < blocks/4 || read < blocks/4 {
		t.Errorf("of %d damaged blocks %d let the rest be opened, %d were reported, %d left all messages", blocks, opened, reports, read)
	}
}
