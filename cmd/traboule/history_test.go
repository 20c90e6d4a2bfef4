package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/store"
	"traboule/ui/i18n"
)

// keptMessages makes a profile with a plain key that keeps messages of some conversations.
func keptMessages(t *testing.T, records ...im.Record) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	profileCommandOf(t, 0, data, "", "plain", "--yes", "--history", "on")
	withDatabase(t, data, "", func(s *store.Store) error {
		s.Keep(records)
		return s.Finish()
	})
	return data
}

func keptMessage(account, peer string, seq uint64, body string) im.Record {
	return im.MessageRecord{Kept: im.Kept{Account: im.MustJID(account)}, Message: im.StoredMessage{
		Peer: im.MustJID(peer), Seq: seq, Time: time.Date(2026, 5, 1, 12, int(seq), 0, 0, time.UTC), From: "hubert", Body: body, ID: body,
	}}
}

func historyCommandOf(t *testing.T, want int, data string, args ...string) (out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"history", "--lang", "en", "--profile", data}, args...)
	if status := run(args, &stdout, &stderr); status != want {
		t.Errorf("%q: status %d, want %d: %s", args, status, want, stderr.String())
	}
	return stdout.String(), stderr.String()
}

func TestHistoryIsListedAndExported(t *testing.T) {
	t.Parallel()
	const hubert, room = "hubert@example.org", "grenoble@conference.example.org"
	data := keptMessages(t,
		keptMessage("ana@example.org", hubert, 1, "premier"), keptMessage("ana@example.org", hubert, 2, "second\x1b[2J"),
		keptMessage("ana@example.org", room, 3, "dans le salon"), keptMessage("lupin@example.org", hubert, 4, "à lupin"),
	)
	list, _ := historyCommandOf(t, 0, data)
	if want := "ana@example.org grenoble@conference.example.org 1\nana@example.org hubert@example.org 2\nlupin@example.org hubert@example.org 1\n"; list != want {
		t.Errorf("listed %q", list)
	}
	if list, _ = historyCommandOf(t, 0, data, "--account", "lupin@example.org"); strings.Count(list, "\n") != 1 {
		t.Errorf("listed %q", list)
	}
	text, warned := historyCommandOf(t, 0, data, "export", hubert, "--yes", "--account", "ana@example.org")
	says(t, warned, "WARNING", hubert)
	if lines := strings.Split(text, "\n"); len(lines) != 3 || !strings.HasSuffix(lines[0], "premier") || !strings.Contains(lines[1], "second") || strings.Contains(text, "\x1b") {
		t.Errorf("exported %q", text)
	}
	if text, _ = historyCommandOf(t, 0, data, "export", hubert, "--yes"); !strings.Contains(text, "(lupin@example.org)") {
		t.Errorf("of two accounts: %q", text)
	}
	objects, _ := historyCommandOf(t, 0, data, "export", room, "--yes", "--json")
	var object map[string]any
	if err := json.Unmarshal([]byte(objects), &object); err != nil || object["body"] != "dans le salon" || object["conversation"] != room {
		t.Errorf("%q: %v", objects, err)
	}
	_, said := historyCommandOf(t, 1, data, "export", "tigrou@example.org", "--yes")
	says(t, said, "tigrou@example.org", "traboule history")
}

// TestHistoryCutShort: an export that a signal has ended before all was there is no success.
func TestHistoryCutShort(t *testing.T) {
	t.Parallel()
	const hubert = "hubert@example.org"
	data := keptMessages(t, keptMessage("ana@example.org", hubert, 1, "premier"), keptMessage("lupin@example.org", hubert, 2, "à lupin"))
	withDatabase(t, data, "", func(s *store.Store) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		found, err := s.Conversations()
		if err != nil || len(found) != 2 {
			t.Fatalf("%v: %v", found, err)
		}
		h := &history{printer: i18n.New(i18n.English), out: writer(cancel)}
		if err := h.export(ctx, s, found); !errors.Is(err, context.Canceled) {
			t.Errorf("the export ended with %v", err)
		}
		return nil
	})
}

// writer does something whenever it is written to.
type writer func()

func (w writer) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}

func TestHistoryCommandRefuses(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	_, said := historyCommandOf(t, 2, none)
	says(t, said, "keeps nothing")
	if _, err := os.Stat(none); !os.IsNotExist(err) {
		t.Errorf("looking has made the folder: %v", err)
	}
	for _, args := range [][]string{{"x"}, {"export"}, {"export", "@"}, {"export", "a@b", "c@d"}, {"--line"}, {"--amnesic"}, {"--replace"}} {
		historyCommandOf(t, 2, none, args...)
	}
	// A descriptor for the passphrase is for scripts, which are asked nothing.
	data := keptMessages(t, keptMessage("ana@example.org", "hubert@example.org", 1, "premier"))
	if text, _ := historyCommandOf(t, 2, data, "export", "hubert@example.org", "--passphrase-fd", "0"); text != "" {
		t.Errorf("printed without a yes: %q", text)
	}
}

// TestHistoryNamesADamagedDatabase: whichever page is damaged, what cannot be read is told with the file and what to do.
func TestHistoryNamesADamagedDatabase(t *testing.T) {
	t.Parallel()
	data := keptMessages(t, keptMessage("ana@localhost", "paulette@localhost", 1, "bonjour"))
	database := filepath.Join(data, "vault", "database")
	whole, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for page := 0; page < len(whole); page += 4096 {
		damaged := bytes.Clone(whole)
		damaged[page] ^= 1
		if err := os.WriteFile(database, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		args := []string{"history", "--lang", "en", "--profile", data, "export", "paulette@localhost", "--yes"}
		if status := run(args, &out, &errs); status == 0 {
			continue // this page was not needed
		}
		told++
		says(t, errs.String(), "traboule: "+database+" is damaged", "traboule profile repair")
		says(t, profileCommandOf(t, 0, data, "", "repair", "--yes"), database+"-aside-")
		says(t, profileCommandOf(t, 0, data, "", "repair"), "whole")
		errs.Reset()
		if status := run([]string{"history", "--lang", "en", "--profile", data}, &out, &errs); status != 0 {
			t.Errorf("after repair: status %d: %s", status, errs.String())
		}
	}
	if told < 3 {
		t.Errorf("only %d damaged pages were noticed", told)
	}
}
