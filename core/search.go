package core

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"traboule/im"
)

// maxScanned bounds the lines of one window that a search reads.
const maxScanned = 20_000

// SearchQuery is what to look for. Empty fields ask for nothing.
type SearchQuery struct {
	// Text is words that a line must have, or words that begin with them, in any order; case and accents do not matter.
	Text string
	// From is a part of the sender's name or address.
	From string
	// In is a conversation as it is typed, "." for the current one; empty for all.
	In string
	// On, Since and Before are days, such as 2026-11-22; Before is not included.
	On, Since, Before string
}

// SearchView is the last search and what it has found.
type SearchView struct {
	// Number counts the searches of the session, from 1; 0 if there is none, or it was closed.
	Number    uint64
	Query     SearchQuery
	Searching bool
	Found     []FoundLine // newest first; ShowFound goes to one
	More      bool        // there are more than those
	Err       *im.Failure
}

// FoundLine is a line that a search has found.
type FoundLine struct {
	Conversation ConversationID
	Kind         ConversationKind
	Name         string // what the conversation is called
	Line         *Line
	// Matched is where in Line.Body the words stand, in order.
	Matched []Stretch
}

// Stretch is a piece of a text, from Start up to End, in bytes.
type Stretch struct{ Start, End int }

// searching is the last search.
type searching struct {
	view   SearchView
	number uint64
	closed uint64 // up to which number nobody waits for an answer
}

func (s *searching) close() { s.view, s.closed = SearchView{}, s.number }

// forget takes off what was found of what is no longer kept.
func (s *searching) forget() {
	if !s.view.Searching { // else it looks once that is gone
		s.view = SearchView{}
	}
}

// filter begins a word of /search that is more than text.
type filter struct {
	words   []string // in each language, the English one first
	example string
	field   func(*SearchQuery) *string
}

func filters() []filter {
	const day = "2026-11-22"
	return []filter{
		{[]string{"from:", "de:"}, "hubert", func(q *SearchQuery) *string { return &q.From }},
		{[]string{"in:", "dans:"}, "grenoble", func(q *SearchQuery) *string { return &q.In }},
		{[]string{"on:", "le:"}, day, func(q *SearchQuery) *string { return &q.On }},
		{[]string{"since:", "depuis:"}, day, func(q *SearchQuery) *string { return &q.Since }},
		{[]string{"before:", "avant:"}, day, func(q *SearchQuery) *string { return &q.Before }},
	}
}

// SearchFilters are the words that begin a filter of /search, in English.
func SearchFilters() []string {
	var words []string
	for _, f := range filters() {
		words = append(words, f.words[0])
	}
	return words
}

// parseSearch takes words and, among them in any order, filters; one with spaces stands in quotes as a whole.
func parseSearch(a *arguments) Command {
	var q SearchQuery
	var words []string
	for a.rest != "" && a.err == nil {
		word := a.maybeWord()
		f, prefix := filterOf(word)
		switch {
		case f == nil && word != "":
			words = append(words, word)
		case f != nil && word == prefix:
			a.err = &CommandError{Code: NoticeEmptyFilter, Command: a.command, Argument: prefix, Suggestion: prefix + f.example}
		case f != nil:
			*f.field(&q) = word[len(prefix):]
		}
	}
	q.Text = strings.Join(words, " ")
	switch {
	case q == (SearchQuery{}):
		a.fail(NoticeMissingArgument, "TEXT")
	case q.Text != "" && len(wordsOf(q.Text)) == 0:
		a.fail(NoticeNoWord, q.Text)
	}
	for _, day := range []string{q.On, q.Since, q.Before} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			a.fail(NoticeBadDate, day)
		}
	}
	return Search{q}
}

// filterOf returns the filter that a word is, and the part of the word that says so; nil for none.
func filterOf(word string) (*filter, string) {
	for _, f := range filters() {
		for _, prefix := range f.words {
			if len(word) >= len(prefix) && strings.EqualFold(word[:len(prefix)], prefix) {
				return &f, word[:len(prefix)]
			}
		}
	}
	return nil, ""
}

// period is the time that a query asks for, in the place where the clock is; until is not included.
func (q SearchQuery) period(zone *time.Location) (since, until time.Time) {
	if q.Since != "" {
		since, _ = time.ParseInLocation(time.DateOnly, q.Since, zone)
	}
	if q.Before != "" {
		until, _ = time.ParseInLocation(time.DateOnly, q.Before, zone)
	}
	if q.On != "" {
		since, _ = time.ParseInLocation(time.DateOnly, q.On, zone)
		until = since.AddDate(0, 0, 1)
	}
	return since, until
}

// doSearch looks in the windows and in what is kept.
func (c *Core) doSearch(d Search) {
	q := d.Query
	id, known := c.searchedIn(q.In)
	if !known {
		return
	}
	q.Text, q.From, q.In = CleanLine(q.Text), CleanLine(q.From), CleanLine(q.In)
	c.search.number++
	v, asked := SearchView{Number: c.search.number, Query: q, Searching: true}, c.where()
	c.search.view = v
	if c.options.History.Store == NoStore {
		c.found(v, asked, c.scan(q, id))
		return
	}
	since, until := q.period(c.now.Location())
	request := im.SearchHistory{
		For: c.about(id), Peer: id.Peer, Text: q.Text, From: q.From, Since: since, Until: until, Limit: maxFound,
	}
	c.ask(request, func(done im.Done) {
		if v.Number <= c.search.closed {
			return
		}
		r, ok := done.Result.(im.SearchResult)
		if v.More = r.More; done.Err != nil || !ok {
			v.Err = failureOf(done)
		}
		c.found(v, asked, append(c.scan(q, id), c.foundStored(q, r.Found)...))
	})
}

// searchedIn returns the conversation to search in: the zero id for all.
func (c *Core) searchedIn(word string) (ConversationID, bool) {
	switch here := c.where(); {
	case word == "", word == "." && here.kind == Console:
		return ConversationID{}, true
	case word == ".":
		return here.id, true
	}
	return c.conversationCalled(word)
}

// scan looks through the windows: not all that stands there is kept.
func (c *Core) scan(q SearchQuery, in ConversationID) []FoundLine {
	var found []FoundLine
	since, until := q.period(c.now.Location())
	words, signs := wordsOf(q.Text), signsOf(q.Text)
	for _, conv := range c.windows {
		if conv.kind == Console || in != (ConversationID{}) && in != conv.id {
			continue
		}
		for i, n := conv.log.Len()-1, 0; i >= max(0, conv.log.Len()-maxScanned) && n <= maxFound; i-- {
			line := conv.log.At(i)
			if line.Notice != nil || !since.IsZero() && line.Time.Before(since) || !until.IsZero() && !line.Time.Before(until) || !isFrom(line, q.From) {
				continue
			}
			if matched, all := matches(line.Body, words); all && hasSigns(line.Body, signs) {
				n++
				found = append(found, FoundLine{conv.id, conv.kind, conv.name(), line, matched})
			}
		}
	}
	return found
}

// foundStored gives what the store has found as lines.
func (c *Core) foundStored(q SearchQuery, stored []im.FoundMessage) []FoundLine {
	words := wordsOf(q.Text)
	var found []FoundLine
	for _, m := range stored {
		id := ConversationID{m.Account, m.Peer}
		if c.byJID[m.Account] == nil || m.Peer.IsZero() {
			continue
		}
		line := lineOfStored(m.StoredMessage)
		matched, _ := matches(line.Body, words)
		found = append(found, FoundLine{id, conversationKind(m.Kind), c.nameOf(id), &line, matched})
	}
	return found
}

func conversationKind(k im.Kind) ConversationKind {
	switch k {
	case im.Groupchat:
		return Room
	case im.Private:
		return Occupant
	default:
		return Person
	}
}

// found tells what a search has found, each line once, the newest first. /found goes by the last search: what an earlier one has
// found has no number.
func (c *Core) found(v SearchView, asked *conversation, found []FoundLine) {
	slices.SortStableFunc(found, func(a, b FoundLine) int {
		return cmp.Or(b.Line.Time.Compare(a.Line.Time), cmp.Compare(b.Line.Seq, a.Line.Seq))
	})
	type key struct {
		id  ConversationID
		seq uint64
	}
	seen := make(map[key]bool)
	found = slices.DeleteFunc(found, func(f FoundLine) bool {
		k := key{f.Conversation, f.Line.Seq}
		again := seen[k]
		seen[k] = true
		return again
	})
	v.More = v.More || len(found) > maxFound
	v.Found, v.Searching = found[:min(len(found), maxFound)], false
	isLast := v.Number == c.search.number
	if isLast {
		c.search.view = v
	}
	for i, f := range v.Found {
		told := HistoryFact{Conversation: f.Conversation, Kind: f.Kind.messageKind(), Line: f.Line}
		if isLast {
			told.Number = i + 1
		}
		c.fact(told)
	}
	n := Notice{Code: NoticeSearch, Search: &v.Query, Count: len(v.Found)}
	if v.More {
		n.Code = NoticeSearchCut
	}
	if v.Err != nil {
		c.notifyFailure(c.here(asked), Notice{Code: NoticeSearchFailed, Search: &v.Query}, v.Err)
	}
	c.notify(c.here(asked), n)
}

// String gives a query as it can be typed.
func (q SearchQuery) String() string { return q.Typed(SearchFilters()) }

// Typed gives a query as it can be typed, with other words for SearchFilters.
func (q SearchQuery) Typed(filterWords []string) string {
	parts := []string{q.Text}
	for i, f := range filters() {
		if v := *f.field(&q); v != "" {
			parts = append(parts, Quote(filterWords[i]+v))
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func isFrom(line *Line, part string) bool {
	return part == "" || strings.Contains(im.Fold(line.From), im.Fold(part)) || strings.Contains(im.Fold(line.JID.String()), im.Fold(part))
}

// matches tells where the words of a query stand in a text, and whether all of them do.
func matches(text string, words []string) ([]Stretch, bool) {
	if len(words) == 0 {
		return nil, true
	}
	var found []Stretch
	missing := make(map[string]bool, len(words))
	for _, w := range words {
		missing[w] = true
	}
	eachWord(text, func(start, end int) {
		word := im.Fold(text[start:end])
		for _, w := range words {
			if strings.HasPrefix(word, w) {
				delete(missing, w)
				if len(found) == 0 || found[len(found)-1].Start != start {
					found = append(found, Stretch{start, end})
				}
			}
		}
	})
	return found, len(missing) == 0
}

// wordsOf gives the words of a text as they are compared.
func wordsOf(text string) []string {
	var words []string
	eachWord(text, func(start, end int) { words = append(words, im.Fold(text[start:end])) })
	return words
}

// signsOf gives the pieces of a text that are no words, such as an emoji, as they are compared.
func signsOf(text string) []string {
	return slices.DeleteFunc(strings.Fields(strings.ToLower(text)), func(piece string) bool { return len(wordsOf(piece)) > 0 })
}

func hasSigns(text string, signs []string) bool {
	return !slices.ContainsFunc(signs, func(sign string) bool { return !strings.Contains(strings.ToLower(text), sign) })
}

// eachWord visits the words of a text: runs of letters, marks and numbers.
func eachWord(text string, visit func(start, end int)) {
	start := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
		switch {
		case in && start < 0:
			start = i
		case !in && start >= 0:
			visit(start, i)
			start = -1
		}
	}
	if start >= 0 {
		visit(start, len(text))
	}
}
