package core

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"traboule/im"
)

// told takes the old lines that were told since the last time, "…" for a place where some are missing, and the code of the notice
// behind them.
func (r *reader) told() []string {
	var told []string
	for _, f := range r.facts {
		switch f := f.(type) {
		case HistoryFact:
			told = append(told, f.Line.Body)
		case NoticeFact:
			line := Line{Notice: f.Notice}
			switch {
			case line.IsGap():
				told = append(told, "…")
			case f.Notice.Code == NoticeHistoryShown, f.Notice.Code == NoticeHistoryBeginning, f.Notice.Code == NoticeHistoryFailed:
				told = append(told, string(f.Notice.Code))
			}
		}
	}
	r.facts = nil
	return told
}

func TestHistoryIsToldPageByPage(t *testing.T) {
	r := newReader(spokenBefore(t, 300), noon)
	r.hears("mot301")
	r.types("/query " + paulette.String())
	for _, test := range []struct {
		line     string
		from, to int
		end      NoticeCode
	}{
		{"/history more 10", 292, 301, NoticeHistoryShown},
		{"/history more 20", 272, 291, NoticeHistoryShown},
		{"/history show 150", 152, 301, NoticeHistoryShown},
		{"/historique avant", 102, 151, NoticeHistoryShown},
		{"/history more 1000", 1, 101, NoticeHistoryBeginning},
		{"/history more", 1, 0, NoticeHistoryBeginning},
		{"/history show 2", 300, 301, NoticeHistoryShown},
	} {
		r.types(test.line)
		expect(t, test.line, r.told(), append(count(test.from, test.to), string(test.end)))
	}
	r.types("/clear")
	r.types("/history more 3")
	expect(t, "after /clear", r.told(), append(count(299, 301), "history-shown"))
}

// TestMoreHistoryFillsWhatIsNotShown: what is kept between two stretches of a window is told, and loaded for that.
func TestMoreHistoryFillsWhatIsNotShown(t *testing.T) {
	r := newReader(spokenBefore(t, 400), noon)
	r.types("/search mot100")
	r.types("/found 1")
	r.facts = nil
	r.types("/history more 390")
	expect(t, "told", r.told(), append(count(11, 400), "history-shown"))
}

// TestMoreHistoryOutOfTheArchive: above what is kept the archive goes on, which /history show leaves alone.
func TestMoreHistoryOutOfTheArchive(t *testing.T) {
	for _, typed := range []string{"", "/history on all"} {
		s := &server{t: t, most: 100, keeps: typed}
		s.begin(newShelf())
		s.stamps(250, func(i int) time.Time { return noon.Add(time.Duration(i-3600) * time.Second) })
		s.connect()
		s.rest()
		s.client.types("/query " + paulette.String())
		s.rest()
		s.client.facts = nil
		s.client.types("/history show 200")
		s.rest()
		expect(t, "shown", s.client.told(), []string{"history-shown"})
		s.client.types("/history more 120")
		s.rest()
		expect(t, "the last", s.client.told(), append(count(131, 250), "history-shown"))
		s.client.types("/history more 1000")
		s.rest()
		expect(t, "the rest", s.client.told(), append(count(1, 130), "history-beginning"))
	}
}

// TestMoreHistoryFails: where a connection breaks, what is there is told, and that there should be more.
func TestMoreHistoryFails(t *testing.T) {
	s := &server{t: t, most: 100}
	s.begin(newShelf())
	s.stamps(250, func(i int) time.Time { return noon.Add(time.Duration(i-3600) * time.Second) })
	s.connect()
	s.rest()
	s.client.types("/query " + paulette.String())
	s.client.types("/history more 100")
	s.rest()
	s.client.facts = nil
	s.client.types("/history more 200")
	s.cut()
	if got := s.client.told(); !slices.Contains(got, "history-failed") {
		t.Errorf("told %q", got)
	}
}

// TestMoreHistoryShowsGaps: what an archive does not give is told as missing, once.
func TestMoreHistoryShowsGaps(t *testing.T) {
	r := newReader(spokenBefore(t, 20), noon)
	r.types("/query " + paulette.String())
	conv := r.core.conversations[ConversationID{ana, paulette}]
	r.core.showGap(conv, &gap{Gap: im.Gap{Seq: conv.log.At(9).Seq, Until: conv.log.At(10).Seq, After: "a", Before: "b"}})
	r.facts = nil
	want := slices.Concat(count(6, 10), []string{"…"}, count(11, 20), []string{"history-shown"})
	for _, command := range []string{"show", "more"} {
		conv.older.told = 0
		r.types(fmt.Sprintf("/history %s 15", command))
		expect(t, command, r.told(), want)
	}
}
