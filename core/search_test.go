package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"traboule/im"
)

func TestSearchFindsWhatIsKeptAndWhatIsNot(t *testing.T) {
	r := newReader(spokenBefore(t, 200), noon)
	r.types("/history off all")
	r.hears("Où est mot7, déjà ?")
	r.types("/search MOT7 in:" + paulette.String())
	v := r.core.View().Search
	var found []string
	for _, f := range v.Found {
		found = append(found, f.Line.Body)
	}
	want := append([]string{"Où est mot7, déjà ?"}, "mot79", "mot78", "mot77", "mot76", "mot75", "mot74", "mot73", "mot72", "mot71", "mot70", "mot7")
	expect(t, "found", found, want)
	if m := v.Found[0].Matched; len(m) != 1 || v.Found[0].Line.Body[m[0].Start:m[0].End] != "mot7" {
		t.Errorf("matched %v of %q", m, v.Found[0].Line.Body)
	}
	told := 0
	for _, f := range r.facts {
		if h, is := f.(HistoryFact); is {
			told++
			if h.Number != told {
				t.Errorf("result %d has number %d", told, h.Number)
			}
		}
	}
	if told != len(want) {
		t.Errorf("%d results are told, want %d", told, len(want))
	}
}

// TestSearchOfSigns: what is no word, such as an emoji, must be in a line that is found in a window as in one that is kept.
func TestSearchOfSigns(t *testing.T) {
	r := newReader(spokenBefore(t, 1), noon)
	r.types("/history off all")
	for _, said := range []string{"du pain", "du pain et des ⒶⒷ", "du 🌹 pain"} {
		r.hears(said)
	}
	for typed, want := range map[string]string{"pain 🌹": "du 🌹 pain", "ⓐ pain": "du pain et des ⒶⒷ"} {
		r.types("/search " + typed)
		if v := r.core.View().Search; len(v.Found) != 1 || v.Found[0].Line.Body != want {
			t.Errorf("%q: found %+v", typed, v.Found)
		}
	}
}

func TestFoundLineIsShownAtItsPlace(t *testing.T) {
	r := newReader(spokenBefore(t, 400), noon)
	r.types("/search mot100")
	r.types("/found 1")
	shown, is := r.facts[len(r.facts)-1].(LineShown)
	line := r.core.conversations[ConversationID{ana, paulette}].log.Find(shown.Seq)
	if !is || line == nil || line.Body != "mot100" {
		t.Fatalf("shown: %+v, which is %+v", r.facts[len(r.facts)-1], line)
	}
	want := slices.Concat(count(51, 150), []string{"…"}, count(351, 400))
	expect(t, "around it", r.bodies(paulette), want)
	conv := r.core.conversations[ConversationID{ana, paulette}]
	fill := func() {
		for seq := range conv.gaps {
			r.handle(Typed{Older{Line: seq}})
			return
		}
	}
	fill()
	expect(t, "gap filled in part", r.bodies(paulette), slices.Concat(count(51, 150), []string{"…"}, count(250, 400)))
	fill()
	expect(t, "gap filled", r.bodies(paulette), count(51, 400))
	r.handle(Typed{Older{}})
	expect(t, "above it", r.bodies(paulette), count(1, 400))
}

func TestSearchQueries(t *testing.T) {
	for line, want := range map[string]string{
		`/search du pain`:                                     `{du pain     }`,
		`/chercher pain de:hubert dans:.`:                     `{pain hubert .   }`,
		`/search "from:le chat" on:2026-11-22`:                `{ le chat  2026-11-22  }`,
		`/search since:2026-11-01 http://x before:2026-11-22`: `{http://x    2026-11-01 2026-11-22}`,
		`/search`:                 `missing-argument`,
		`/search on:hier`:         `bad-date`,
		`/search pain from:`:      `empty-filter "from:"`,
		`/search from: hubert`:    `empty-filter "from:"`,
		`/chercher DE:`:           `empty-filter "DE:"`,
		`/search in:`:             `empty-filter`,
		`/search on:`:             `empty-filter`,
		`/search since:`:          `empty-filter`,
		`/search before:`:         `empty-filter`,
		`/search "from:"`:         `empty-filter`,
		`/search …`:               `no-word`,
		`/search from:x 🌹`:        `no-word`,
		`/search since:2026-13-1`: `bad-date`,
	} {
		command, err := Parse(line)
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprint(command.(Search).Query.parts())
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// parts gives the fields of a query without its way to write itself.
func (q SearchQuery) parts() any {
	type plain SearchQuery
	return plain(q)
}

// TestEverySearchIsAnswered: a script may type the next command before the last one is answered, and each answer has an end.
// /found goes by the last search, so what one before it has found has no number.
func TestEverySearchIsAnswered(t *testing.T) {
	for name, test := range map[string]struct {
		typed, want []string
	}{
		"one after the other": {[]string{"/search mot1", "/search mot2"}, []string{"0 mot1", "search 1", "1 mot2", "search 1"}},
		"after erasing":       {[]string{"/history forget all yes", "/search mot1"}, []string{"history-forgotten 0", "search 0"}},
		"before erasing":      {[]string{"/search mot1", "/history forget all yes"}, []string{"1 mot1", "search 1", "history-forgotten 0"}},
	} {
		r := newReader(spokenBefore(t, 3), noon)
		r.slow, r.facts = true, nil
		for _, line := range test.typed {
			r.types(line)
		}
		for range test.typed {
			r.answer()
		}
		var told []string
		for _, f := range r.facts {
			switch f := f.(type) {
			case HistoryFact:
				told = append(told, fmt.Sprint(f.Number, " ", f.Line.Body))
			case NoticeFact:
				told = append(told, fmt.Sprint(f.Notice.Code, " ", f.Notice.Count))
			}
		}
		expect(t, name, told, test.want)
	}
}

// TestFoundLineThatIsGone: what stood in a window alone, and was cleared away since, is told to be gone.
func TestFoundLineThatIsGone(t *testing.T) {
	for _, stored := range []HistoryStore{NoStore, DiskStore} {
		r := newReader(spokenBefore(t, 3), noon)
		r.core.options.History.Store = stored
		r.types("/history off all")
		r.hears("pain")
		r.types("/query " + paulette.String())
		r.types("/search pain")
		r.types("/clear")
		r.types("/found 1")
		if n, is := r.facts[len(r.facts)-1].(NoticeFact); !is || n.Notice.Code != NoticeFoundGone || n.Conversation.Peer != paulette {
			t.Errorf("kept in %d: told %+v", stored, r.facts[len(r.facts)-1])
		}
	}
}

// TestFoundLineThatIsKeptTwice: the window shows such a message once, and whichever was found leads there.
func TestFoundLineThatIsKeptTwice(t *testing.T) {
	s := spokenBefore(t, 2)
	list := s.messages[ConversationID{ana, paulette}]
	list[0].Body, list[1].Body, list[0].StanzaID, list[1].StanzaID = "pain", "pain", "s1", "s1"
	r := newReader(s, noon)
	r.types("/search pain")
	for _, line := range []string{"/found 1", "/found 2"} {
		r.types(line)
		shown, is := r.facts[len(r.facts)-1].(LineShown)
		if !is || shown.Seq != list[0].Seq {
			t.Errorf("%s: told %+v", line, r.facts[len(r.facts)-1])
		}
	}
}

// TestSearchThatFails tells so, with what is found in the windows all the same.
func TestSearchThatFails(t *testing.T) {
	r := newReader(spokenBefore(t, 3), noon)
	r.hears("mot de plus")
	r.slow = true
	r.types("/search mot")
	r.answers[0].Result, r.answers[0].Err = nil, &im.Failure{Code: im.CodeStoreDamaged}
	r.facts = nil
	r.answer()
	var told []NoticeCode
	for _, f := range r.facts {
		if n, is := f.(NoticeFact); is {
			told = append(told, n.Notice.Code)
		}
	}
	v := r.core.View().Search
	if !slices.Equal(told, []NoticeCode{NoticeSearchFailed, NoticeSearch}) || v.Err == nil || v.Searching || len(v.Found) == 0 {
		t.Errorf("told %q, the view has %+v", told, v)
	}
}

// TestSearchHereInConsole: where nobody is at the other end, the current conversation is all, in windows as in what is kept.
func TestSearchHereInConsole(t *testing.T) {
	r := newReader(spokenBefore(t, 1), noon)
	r.types("/history off all")
	r.hears("mot de plus")
	r.types("/win 1")
	r.types("/search mot in:.")
	if v := r.core.View().Search; len(v.Found) != 2 {
		t.Errorf("found %+v", v.Found)
	}
}
