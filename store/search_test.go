package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

func TestSearch(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		anne, zoe := im.MustJID("anne@example.org"), im.MustJID("zoe@example.net")
		one, two, three := said(10, "La manifestation part de l'Île Verte"), said(20, "manif annulée (pluie) 😀"), said(30, "rendez-vous demain")
		two.From, two.JID = "Renée", im.MustJID("renee.b@example.org")
		three.Peer, three.Out, three.From = anne, true, "hubert"
		s.keep(record(one), record(two), record(three))
		four := said(40, "Manifeste de zoé")
		four.Peer, four.From = zoe, "zoé"
		r := record(four)
		r.Account = zoe
		s.keep(r)
		all := []string{four.Body, three.Body, two.Body, one.Body}
		for _, test := range []struct {
			name   string
			search im.SearchHistory
			want   []string
		}{
			{"everything", im.SearchHistory{}, all},
			{"a beginning", im.SearchHistory{Text: "manif"}, []string{four.Body, two.Body, one.Body}},
			{"a long beginning", im.SearchHistory{Text: "manifest"}, []string{four.Body, one.Body}},
			{"capitals and accents", im.SearchHistory{Text: "MANIF ANNULEE"}, []string{two.Body}},
			{"accents typed", im.SearchHistory{Text: "îlé"}, []string{one.Body}},
			{"two words in another order", im.SearchHistory{Text: "verte la"}, []string{one.Body}},
			{"an apostrophe", im.SearchHistory{Text: "l'ile"}, []string{one.Body}},
			{"a hyphen", im.SearchHistory{Text: "rendez-vous"}, []string{three.Body}},
			{"one letter", im.SearchHistory{Text: "d"}, []string{four.Body, three.Body, one.Body}},
			{"a word that nobody said", im.SearchHistory{Text: "manifestations"}, nil},
			{"one of two", im.SearchHistory{Text: "manif jamais"}, nil},
			{"an emoji", im.SearchHistory{Text: "😀"}, []string{two.Body}},
			{"a sign that looks like a letter", im.SearchHistory{Text: "Ⓐ"}, nil},
			{"a word and an emoji", im.SearchHistory{Text: "manif 😀"}, []string{two.Body}},
			{"the language of the index", im.SearchHistory{Text: `manif* OR "demain`}, nil},
			{"more of it", im.SearchHistory{Text: `body:manif NOT (`}, nil},
			{"our own marks", im.SearchHistory{Text: "\ue000c1"}, nil},
			{"a room", im.SearchHistory{Peer: room}, []string{two.Body, one.Body}},
			{"an account", im.SearchHistory{For: im.For{Account: zoe}}, []string{four.Body}},
			{"a room of another account", im.SearchHistory{For: im.For{Account: zoe}, Peer: room}, nil},
			{"a name", im.SearchHistory{From: "enée"}, []string{two.Body}},
			{"a name in capitals", im.SearchHistory{From: "ZOÉ"}, []string{four.Body}},
			{"a name without its accents", im.SearchHistory{From: "zoe"}, []string{four.Body}},
			{"a name with accents too many", im.SearchHistory{From: "ânnë"}, []string{one.Body}},
			{"an address", im.SearchHistory{From: "renee.b@"}, []string{two.Body}},
			{"nobody's name", im.SearchHistory{From: "eve"}, nil},
			{"a word of somebody", im.SearchHistory{Text: "manif", From: "ann"}, []string{one.Body}},
			{"since", im.SearchHistory{Since: two.Time}, []string{four.Body, three.Body, two.Body}},
			{"until", im.SearchHistory{Until: two.Time}, []string{one.Body}},
			{"a time", im.SearchHistory{Text: "manif", Since: one.Time, Until: three.Time}, []string{two.Body, one.Body}},
			{"the newest two", im.SearchHistory{Limit: 2}, all[:2]},
		} {
			test.search.ID = s.For().ID
			got := ask[im.SearchResult](s, test.search)
			var found []string
			for _, m := range got.Found {
				found = append(found, m.Body)
			}
			if !slices.Equal(found, test.want) || got.More != (test.search.Limit > 0) {
				t.Errorf("%s: %q, more %v; want %q", test.name, found, got.More, test.want)
			}
		}
		found := ask[im.SearchResult](s, im.SearchHistory{For: im.For{ID: s.For().ID}, Text: "zoe"}).Found
		if len(found) != 1 || found[0].Account != zoe || found[0].StoredMessage != four {
			t.Errorf("got %+v, want %+v of %v", found, four, zoe)
		}
	})
}

// TestSearchGoesByTime: what an archive told later is found at its time.
func TestSearchGoesByTime(t *testing.T) {
	s := start(t, "")
	s.keep(record(said(30, "mot 3")), record(said(10, "mot 1")), record(said(20, "mot 2")))
	forged := said(25, "mot 0")
	forged.Time = testTime.AddDate(100, 0, 0)
	s.keep(record(forged))
	var found []string
	for _, m := range ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: "mot"}).Found {
		found = append(found, m.Body)
	}
	if want := []string{"mot 0", "mot 3", "mot 2", "mot 1"}; !slices.Equal(found, want) {
		t.Errorf("got %q, want %q", found, want)
	}
}

// TestSearchOfOneSecond: more messages of one second than it has ids are kept all the same.
func TestSearchOfOneSecond(t *testing.T) {
	if unraced(t) {
		return
	}
	s := start(t, "")
	const most = perSecond + 10
	for n := range uint64(most) {
		m := said(n+1, "x")
		m.Time = testTime
		s.keep(record(m))
	}
	ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	if got := count(t, s.Store); got != most {
		t.Errorf("%d kept, want %d", got, most)
	}
}

func count(t *testing.T, s *Store) int {
	t.Helper()
	all, err := s.Conversations()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range all {
		n += c.Messages
	}
	return n
}

// TestSearchManyWords: a beginning that more words have than are spelled out, and more senders and conversations.
func TestSearchManyWords(t *testing.T) {
	s := start(t, "")
	const most = maxTerms + 20
	for n := range uint64(most) {
		m := said(n+1, fmt.Sprintf("debut%dx", n))
		m.From = fmt.Sprintf("personne%d", n)
		m.Peer = im.MustJID(fmt.Sprintf("room%d@conference.example.org", n))
		s.keep(record(m))
	}
	for _, r := range []im.SearchHistory{{Text: "debut"}, {From: "personne"}, {For: im.For{Account: hubert}}} {
		r.ID, r.Limit = s.For().ID, maxLimit
		if got := ask[im.SearchResult](s, r); len(got.Found) != most {
			t.Errorf("%+v: %d found, want %d", r, len(got.Found), most)
		}
	}
}

// FuzzSearchText: whatever is typed, the search ends without an error, and a message is found by its own words.
func FuzzSearchText(f *testing.F) {
	for _, seed := range []string{
		"bonjour", `"`, `a"b`, "NEAR(a b)", "^a", "a*", "-a", "body:", "{a b}: c", "\x00", "a\x00b", "\xff", "é̂", "\ue000c1", "日本語",
		"ﬀ İ ß", "a AND", "OR OR", strings.Repeat("x ", 100), strings.Repeat("x", 5000), "𞤀𞤁", "٣", "\u200b", "a\u0301b",
	} {
		f.Add(seed)
	}
	s, err := Open(f.Context(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	seq := uint64(0)
	f.Fuzz(func(t *testing.T, typed string) {
		typed = strings.ToValidUTF8(typed, "")
		seq++
		m := said(seq, typed)
		err := s.with(func(d *database) error {
			if err := d.keepAll([]im.Record{record(m)}, time.Now); err != nil {
				return err
			}
			found, err := d.search(im.SearchHistory{Text: typed, Limit: maxLimit}, time.Now())
			if err != nil {
				return err
			}
			if len(found.Found) == 0 || found.Found[0].StoredMessage != m {
				t.Errorf("%q is not found by itself", typed)
			}
			if err := d.forget(im.ForgetHistory{}); err != nil {
				return err
			}
			for more := true; more && err == nil; {
				more, err = d.erasePiece(time.Now())
			}
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	})
}
