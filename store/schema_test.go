package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// older makes a profile as an earlier version of the schema had it, with something of each kind.
func older(t *testing.T, version int) (path string) {
	t.Helper()
	path = newPath(t)
	rows, err := os.ReadFile("testdata/version1.sql")
	if err != nil {
		t.Fatal(err)
	}
	seal, err := openSeal(path+sealSuffix, testKey[:])
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(path, nil, 0o600), seal.renew(0)); err != nil {
		t.Fatal(err)
	}
	l := layer{path: path, key: testKey[:]}
	d, err := l.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const before = "\n-- version "
	then := before + strings.Join(versions(schema)[:version], before)
	d.seal = seal
	err = errors.Join(l.found(d), d.logAhead(), d.migrate(then), d.transact(func() error { return classify(d.conn.Exec(string(rows))) }))
	if err := errors.Join(err, d.trustLog(), d.close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// ofVersion1 is what testdata/version1.sql keeps. Each number there stands for the same thing for ever.
func ofVersion1() (Profile, []im.StoredMessage) {
	kept, lyon := im.Kept{Account: hubert}, im.MustJID("lyon@conference.example.org")
	a, b, c, d := im.MustJID("a@example.org"), im.MustJID("b@example.org"), im.MustJID("c@example.org"), im.MustJID("d@example.org")
	p := Profile{
		Pins:       []im.PinRecord{{Kept: kept, Pin: im.Pin{1, 2, 31: 3}}},
		Mechanisms: []im.MechanismRecord{{Kept: kept, Mechanism: "SCRAM-SHA-256-PLUS"}},
		Rosters: []im.RosterRecord{{Kept: kept, Version: "v1", Items: []im.RosterItem{
			{JID: a, Name: "Anne", Groups: []string{"amis", "travail"}, Subscription: im.SubscriptionNone, Asked: true},
			{JID: b, Subscription: im.SubscriptionTo}, {JID: c, Subscription: im.SubscriptionFrom}, {JID: d, Subscription: im.SubscriptionBoth},
		}}},
		Fingerprints: []im.FingerprintRecord{
			{Kept: kept, Peer: a, Fingerprint: "0123", Trust: im.Unverified}, {Kept: kept, Peer: a, Fingerprint: "4567", Trust: im.Verified},
		},
		OTRPolicies: []im.OTRPolicyRecord{
			{Kept: kept, Policy: im.OTROpportunistic}, {Kept: kept, Peer: a, Policy: im.OTRManual},
			{Kept: kept, Peer: b, Policy: im.OTRNever}, {Kept: kept, Peer: c, Policy: im.OTRRequired},
		},
		Bookmarks: []im.BookmarksRecord{{Kept: kept, Bookmarks: []im.Bookmark{
			{Room: room, Name: "Grenoble", Nick: "hub", Password: "porte", AutoJoin: true}, {Room: lyon, Published: true},
		}}},
		History: []im.HistoryRecord{
			{Policy: im.HistoryPolicy{Mode: im.HistoryOn}},
			{Kept: kept, Peer: a, Policy: im.HistoryPolicy{Mode: im.HistoryDays, Days: 36500, Encrypted: true}},
			{Kept: kept, Peer: b, Policy: im.HistoryPolicy{Mode: im.HistoryOff}},
			{Kept: kept, Peer: c, Policy: im.HistoryPolicy{Mode: im.HistoryUnset, Encrypted: true}},
		},
		Switches: []im.SwitchRecord{{Name: "receipts", On: true}, {Name: "typing"}},
		Drafts:   []im.DraftRecord{{Kept: kept, Peer: a, Text: "à demain ?"}},
		Archives: []im.ArchiveRecord{
			{Kept: kept, Mark: im.ArchiveMark{ID: "a1", Time: testTime}}, {Kept: kept, Archive: room, Mark: im.ArchiveMark{ID: "g1"}},
		},
		LastSeq: 6,
	}
	said := []im.StoredMessage{said(1, "parole 1"), said(2, "parole 2"), said(3, "parole 3"), said(4, "parole 4"), said(5, "parole 5"), said(6, "parole 6")}
	for i, m := range []im.StoredMessage{
		{Kind: im.Chat, Out: true, State: im.StateNone, Encryption: im.Unencrypted, Trust: im.TrustNone, Warning: im.NoWarning},
		{Kind: im.Groupchat, Action: true, State: im.StatePending, Encryption: im.OTR, Trust: im.Unverified, Warning: im.WarnLookalike},
		{Kind: im.Private, Mention: true, State: im.StateSent, Trust: im.Verified, Warning: im.WarnForeignCorrection},
		{Kind: im.Chat, Edited: true, State: im.StateReceived, Encryption: im.OTR, Warning: im.WarnUndecryptable},
		{Kind: im.Groupchat, Delayed: true, State: im.StateRead, Trust: im.Unverified, Warning: im.WarnNotEncrypted},
		{Kind: im.Private, Archived: true, State: im.StateFailed, Encryption: im.OTR, Trust: im.Verified},
	} {
		m.Peer, m.Seq, m.Time, m.From, m.Sender = room, said[i].Seq, said[i].Time, said[i].From, said[i].Sender
		m.ID, m.OriginID, m.StanzaID, m.Body = said[i].ID, said[i].ID, said[i].StanzaID, said[i].Body
		said[i] = m
	}
	said[0].OriginID = "o1"
	said[5].Time, said[5].From, said[5].Sender, said[5].JID = time.Time{}, "zoé", "o-zoe", im.MustJID("zoe@example.net")
	return p, said
}

// TestOlderSchemas: a profile of any version of the schema is read, with all that it keeps, and used like a new one.
func TestOlderSchemas(t *testing.T) {
	profile, said := ofVersion1()
	for version := 1; version <= len(versions(schema)); version++ {
		path := older(t, version)
		s := start(t, path)
		if got := s.Profile(); !reflect.DeepEqual(got, profile) {
			t.Errorf("version %d:\ngot  %+v\nwant %+v", version, got, profile)
		}
		if got, _, err := s.Password(hubert); got != "sésame" || err != nil {
			t.Errorf("version %d: password %q, %v", version, got, err)
		}
		keys := map[im.JID]SealedKey{hubert: {Sealed: []byte("\x01sel"), Tag: 0xfedcba98}}
		if got, err := s.SealedKeys(); !reflect.DeepEqual(got, keys) || err != nil {
			t.Errorf("version %d: keys %v, %v", version, got, err)
		}
		got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
		if gaps := []im.Gap{{Seq: 2, Until: 3, After: "s2", Before: "s3"}}; !slices.Equal(got.Messages, said) || !slices.Equal(got.Gaps, gaps) {
			t.Errorf("version %d:\ngot  %+v\nwant %+v", version, got, said)
		}
		if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: "parole", From: "anne"}).Found; len(found) != 5 {
			t.Errorf("version %d: found %+v", version, found)
		}
		for i, merged := range ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: said}).Merged {
			if !merged.Known || merged.Seq != said[i].Seq {
				t.Errorf("version %d: message %d is %+v", version, i, merged)
			}
		}
		s.keep(everything().list()...)
		whole(t, s.Store)
		s = reread(s, path)
		if got, want := s.Profile().Bookmarks, everything().Bookmarks; !reflect.DeepEqual(got, want) {
			t.Errorf("version %d: kept %+v, want %+v", version, got, want)
		}
	}
}

// TestNewerSchema: what a newer version made is told as such, whatever that version has changed, and is left as it is.
func TestNewerSchema(t *testing.T) {
	for name, change := range map[string]string{
		"something added": "CREATE TABLE added (x)", "the ledger too": "ALTER TABLE ledger RENAME COLUMN commits TO transactions",
	} {
		path := newPath(t)
		s := opened(t, layer{path: path, key: testKey[:]})
		err := s.with(func(d *database) error {
			return errors.Join(d.exec(change), d.exec("PRAGMA user_version = 1000"))
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		before := files(t, filepath.Dir(path))
		for _, accept := range []bool{false, true} {
			if _, err := Open(t.Context(), Options{Path: path, Key: testKey, AcceptLoss: accept}); !errors.Is(err, ErrNewer) {
				t.Errorf("%s: opened a newer schema: %v", name, err)
			}
		}
		for file, content := range files(t, filepath.Dir(path)) {
			if !bytes.Equal(content, before[file]) {
				t.Errorf("%s: %s was changed", name, file)
			}
		}
	}
}

// TestMigration: what a version adds comes to a database that has the version before, once, and whole or not at all.
func TestMigration(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	fill(t, s.Store)
	version := len(versions(schema))
	next := schema + "\n-- version 1000\n\nCREATE TABLE added (x);\nINSERT INTO added VALUES (1);\n"
	broken := next + "\n-- version 1001\n\nINSERT INTO added VALUES (2);\nINSERT INTO missing VALUES (1);\n"
	err := s.with(func(d *database) error {
		if err := d.migrate(next); err != nil {
			return err
		}
		if err := d.migrate(broken); err == nil {
			t.Error("a broken version came in")
		}
		if err := d.migrate(next); err != nil {
			return err
		}
		if n, _, err := d.number("SELECT count(*) FROM added"); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		if n, _, err := d.number("PRAGMA user_version"); n != int64(version)+1 || err != nil {
			t.Errorf("version %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, s.Store); n != 300 {
		t.Errorf("%d messages", n)
	}
}
