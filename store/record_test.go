package store

import (
	"reflect"
	"testing"
	"time"

	"traboule/im"
)

// everything is one record of each type but messages and gaps, as Profile gives them.
func everything() Profile {
	kept, other := im.Kept{Account: hubert}, im.Kept{Account: im.MustJID("zoe@example.net")}
	anne := im.MustJID("anne@example.org")
	return Profile{
		Pins:       []im.PinRecord{{Kept: kept, Pin: im.Pin{1, 2, 31: 3}}},
		Mechanisms: []im.MechanismRecord{{Kept: kept, Mechanism: "SCRAM-SHA-256-PLUS"}},
		Rosters: []im.RosterRecord{
			{Kept: kept, Version: "v1", Items: []im.RosterItem{
				{JID: im.MustJID("zoe@example.net"), Name: "Zoé", Groups: []string{"travail", "amis"}, Subscription: im.SubscriptionBoth},
				{JID: anne, Subscription: im.SubscriptionFrom, Asked: true},
			}},
			{Kept: other, Version: ""},
		},
		Fingerprints: []im.FingerprintRecord{
			{Kept: kept, Peer: anne, Fingerprint: "0123456789ABCDEF0123456789ABCDEF01234567", Trust: im.Verified},
			{Kept: kept, Peer: anne, Fingerprint: "1123456789ABCDEF0123456789ABCDEF01234567", Trust: im.Unverified},
		},
		OTRPolicies: []im.OTRPolicyRecord{{Kept: kept, Policy: im.OTRNever}, {Kept: kept, Peer: anne, Policy: im.OTRRequired}},
		Bookmarks: []im.BookmarksRecord{{Kept: kept, Bookmarks: []im.Bookmark{
			{Room: room, Name: "Grenoble", Nick: "hubert", Password: "porte", AutoJoin: true},
			{Room: im.MustJID("a@conference.example.org")},
		}, Removed: []im.Bookmark{{Room: im.MustJID("b@conference.example.org"), Name: "B", Published: true}}}},
		History: []im.HistoryRecord{
			{Policy: im.HistoryPolicy{Mode: im.HistoryOn}},
			{Kept: kept, Peer: anne, Policy: im.HistoryPolicy{Mode: im.HistoryDays, Days: 30, Encrypted: true}},
		},
		Switches: []im.SwitchRecord{{Name: "receipts", On: true}, {Kept: kept, Name: "typing"}},
		Drafts:   []im.DraftRecord{{Kept: kept, Peer: anne, Text: "à demain ?"}},
		Unread: []im.UnreadRecord{
			{Kept: kept, Peer: anne, Seq: 1 << 50}, {Kept: kept, Peer: room, Room: true, Seq: 1<<50 + 1},
		},
		Archives: []im.ArchiveRecord{
			{Kept: kept, Mark: im.ArchiveMark{ID: "28482-98726-73623", Time: testTime}},
			{Kept: kept, Archive: room, Mark: im.ArchiveMark{ID: "x"}, Above: 7, Absences: []im.Absence{{Lower: 5, Upper: 1 << 60}, {Lower: 6}}},
		},
	}
}

// list gives the records of a profile.
func (p Profile) list() (all []im.Record) {
	all = appendRecords(all, p.Pins)
	all = appendRecords(all, p.Mechanisms)
	all = appendRecords(all, p.Rosters)
	all = appendRecords(all, p.Fingerprints)
	all = appendRecords(all, p.OTRPolicies)
	all = appendRecords(all, p.Bookmarks)
	all = appendRecords(all, p.History)
	all = appendRecords(all, p.Switches)
	all = appendRecords(all, p.Drafts)
	all = appendRecords(all, p.Unread)
	return appendRecords(all, p.Archives)
}

func appendRecords[R im.Record](all []im.Record, records []R) []im.Record {
	for _, r := range records {
		all = append(all, r)
	}
	return all
}

// reread stops a Store and opens its file again.
func reread(s *running, path string) *running {
	s.t.Helper()
	if err := s.stop(); err != nil {
		s.t.Fatal(err)
	}
	return start(s.t, path)
}

func TestRecordsComeBack(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	if p := s.Profile(); !p.New {
		t.Error("a new profile is not told as one")
	}
	s.keep(everything().list()...)
	s = reread(s, path)
	if got, want := s.Profile(), everything(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	// The same once more changes nothing; each replaces the one before.
	s.keep(everything().list()...)
	s = reread(s, path)
	if got, want := s.Profile(), everything(); !reflect.DeepEqual(got, want) {
		t.Errorf("kept twice: got  %+v\nwant %+v", got, want)
	}
}

func TestRecordsAreReplaced(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	s.keep(everything().list()...)
	want := everything()
	want.Pins[0].Pin[0] = 9
	want.Mechanisms[0].Mechanism = "PLAIN"
	want.Rosters[0].Version = "v2"
	want.Rosters[0].Items = want.Rosters[0].Items[1:]
	want.OTRPolicies[1].Policy = im.OTRManual
	want.Bookmarks[0].Bookmarks = []im.Bookmark{want.Bookmarks[0].Bookmarks[1], want.Bookmarks[0].Bookmarks[0]}
	want.History[0].Policy.Mode = im.HistoryOff
	want.Switches[1].On = true
	want.Archives[0].Mark = im.ArchiveMark{ID: "y", Time: testTime.Add(time.Microsecond)}
	want.Archives[1].Above, want.Archives[1].Absences = 8, want.Archives[1].Absences[1:]
	want.Drafts = nil
	s.keep(want.list()...)
	draft, fingerprint := everything().Drafts[0], everything().Fingerprints[0]
	draft.Text = ""
	unread := want.Unread[0]
	unread.Seq = 0
	want.Unread = want.Unread[1:]
	fingerprint.Forgotten = true
	want.Fingerprints = want.Fingerprints[1:]
	s.keep(draft, fingerprint, unread)
	s = reread(s, path)
	if got := s.Profile(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	ownAgain := want.History[1]
	ownAgain.Policy = im.HistoryPolicy{}
	s.keep(im.BookmarksRecord{Kept: im.Kept{Account: hubert}}, ownAgain)
	if got := reread(s, path).Profile(); got.Bookmarks != nil || len(got.History) != 1 {
		t.Errorf("bookmarks %+v, policies %+v", got.Bookmarks, got.History)
	}
}

func TestSecretsComeBack(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	if _, found, err := s.Password(hubert); found || err != nil {
		t.Errorf("a password of nobody: %v, %v", found, err)
	}
	key := SealedKey{Sealed: []byte("sealed\x00key"), Tag: 0xfedcba98}
	for _, err := range []error{
		s.SetPassword(hubert, "old"), s.SetPassword(hubert, "sésame"),
		s.SetSealedKey(hubert, SealedKey{Sealed: []byte("x"), Tag: 1}), s.SetSealedKey(hubert, key),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s = reread(s, path)
	if got, found, err := s.Password(hubert); got != "sésame" || !found || err != nil {
		t.Errorf("password %q, %v, %v", got, found, err)
	}
	if got, err := s.SealedKeys(); !reflect.DeepEqual(got, map[im.JID]SealedKey{hubert: key}) || err != nil {
		t.Errorf("all sealed keys: %v, %v", got, err)
	}
	if err := s.ForgetPassword(hubert); err != nil {
		t.Fatal(err)
	}
	if _, found, err := s.Password(hubert); found || err != nil {
		t.Errorf("a forgotten password: %v, %v", found, err)
	}
	s.stop()
	if _, _, err := s.Password(hubert); err != ErrClosed {
		t.Errorf("after the end: %v", err)
	}
}

func TestGapsComeBack(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		for seq := uint64(10); seq <= 50; seq += 10 {
			s.keep(record(said(seq, "x")))
		}
		gap := func(seq, until uint64, closed bool) im.GapRecord {
			return im.GapRecord{Kept: im.Kept{Account: hubert}, Peer: room, Gap: im.Gap{Seq: seq, Until: until, After: "a", Before: "b"}, Closed: closed}
		}
		s.keep(gap(0, 10, false), gap(20, 29, false), gap(20, 30, false), gap(40, 50, false), gap(30, 40, false), gap(30, 40, true))
		for _, test := range []struct {
			name          string
			before, after uint64
			limit         int
			want          []uint64 // after which a gap is
		}{
			{"all", 0, 0, 10, []uint64{0, 20, 40}},
			{"the newest", 0, 0, 2, []uint64{40}},
			{"the newest with a gap before them", 0, 0, 3, []uint64{20, 40}},
			{"before", 30, 0, 2, []uint64{0, 20}},
			{"nothing before", 10, 0, 2, []uint64{0}},
			{"after", 0, 20, 1, []uint64{20}},
			{"nothing after", 0, 50, 1, []uint64{40}},
		} {
			got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room, Before: test.before, After: test.after, Limit: test.limit})
			var seqs []uint64
			for _, g := range got.Gaps {
				seqs = append(seqs, g.Seq)
			}
			if !reflect.DeepEqual(seqs, test.want) {
				t.Errorf("%s: gaps after %v, want %v", test.name, seqs, test.want)
			}
		}
		got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room, Before: 30, Limit: 1})
		if want := (im.Gap{Seq: 20, Until: 30, After: "a", Before: "b"}); len(got.Gaps) != 1 || got.Gaps[0] != want {
			t.Errorf("got %+v, want %+v", got.Gaps, want)
		}
	})
}
