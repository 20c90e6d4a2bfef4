package store

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"traboule/im"
)

// The bounds on what a search looks up.
const (
	maxPrefix = 4   // runes of a beginning that the index has as such
	maxTerms  = 256 // words that a longer beginning, or marks that a filter, is spelled out to
	maxWords  = 32  // of what was typed
)

// marker begins the words that are marks. The index never gets it from a message.
const marker = "\ue000"

// errEnough ends a query that has given all that was wanted.
var errEnough = errors.New("enough")

// mark returns the word by which the index knows a conversation ('c') or a sender ('s').
func mark(sort rune, id int64) string { return marker + string(sort) + strconv.FormatInt(id, 10) }

// search answers SearchHistory.
func (d *database) search(r im.SearchHistory, now time.Time) (im.SearchResult, error) {
	filter := newFilter(r)
	words, possible, err := d.words(r.Text, &filter)
	if !possible || err != nil {
		return im.SearchResult{}, err
	}
	marks, possible, err := d.marks(filter)
	if !possible || err != nil {
		return im.SearchResult{}, err
	}
	match := strings.Join(append(words, marks...), " AND ")
	return d.collect(match, filter, bounded(r.Limit), now)
}

// collect goes through what matches, the newest first, until there are enough.
func (d *database) collect(match string, filter filter, limit int, now time.Time) (result im.SearchResult, err error) {
	from, values := "message m", []value{number(filter.first), number(filter.last)}
	if match != "" {
		from, values = "word CROSS JOIN message m ON m.id = word.rowid", append(values, text(match))
	}
	sql := "SELECT " + messageColumns + ", c.account, c.peer FROM " + from +
		" CROSS JOIN sender s ON s.id = m.sender CROSS JOIN conversation c ON c.id = m.conversation WHERE "
	if match != "" {
		sql += "word.rowid BETWEEN ? AND ? AND word MATCH ? ORDER BY word.rowid DESC"
	} else {
		sql += "m.id BETWEEN ? AND ? ORDER BY m.id DESC"
	}
	err = d.rowsUntil(func(c *columns) bool {
		r := c.message()
		found := im.FoundMessage{Account: c.jid(), StoredMessage: r.StoredMessage}
		found.Peer = c.jid()
		if !filter.accepts(found) {
			return true
		}
		floor, err := d.floor(found.Account, found.Peer, now)
		if c.err = errors.Join(c.err, err); err != nil || r.id < floor {
			return err == nil
		}
		if result.More = len(result.Found) == limit; !result.More {
			result.Found = append(result.Found, found)
		}
		return !result.More
	}, sql, values...)
	return result, err
}

// rowsUntil calls read for each row of a query until it returns false.
func (d *database) rowsUntil(read func(*columns) bool, sql string, values ...value) error {
	err := d.rows(func(c *columns) {
		if !read(c) && c.err == nil {
			c.err = errEnough
		}
	}, sql, values...)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// filter is what a message must be, besides having words that the index knows.
type filter struct {
	account, peer im.JID
	from          string // folded
	since, until  time.Time
	first, last   int64    // the ids of that time
	parts         []string // lower case; what was typed and is no word, such as an emoji
}

func newFilter(r im.SearchHistory) filter {
	f := filter{account: r.Account, peer: r.Peer, from: im.Fold(r.From), since: r.Since, until: r.Until, last: math.MaxInt64}
	if !r.Since.IsZero() {
		f.first = r.Since.Unix() * perSecond
	}
	if !r.Until.IsZero() {
		// Where a second was full, ids went on into the next ones.
		f.last = r.Until.Add(time.Hour).Unix() * perSecond
	}
	return f
}

// accepts reports whether a message is what the filter asks for.
func (f filter) accepts(m im.FoundMessage) bool {
	switch {
	case !f.account.IsZero() && m.Account != f.account, !f.peer.IsZero() && m.Peer != f.peer,
		!f.since.IsZero() && m.Time.Before(f.since), !f.until.IsZero() && !m.Time.Before(f.until),
		!f.speaks(m.From, m.JID.String()):
		return false
	}
	return len(f.parts) == 0 || containsAll(strings.ToLower(m.Body), f.parts)
}

func containsAll(text string, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
}

// speaks reports whether a sender of this name and address is asked for.
func (f filter) speaks(name, address string) bool {
	return f.from == "" || strings.Contains(im.Fold(name), f.from) || strings.Contains(im.Fold(address), f.from)
}

// marks returns what the index must have for the conversations and senders that are asked for, unless they are too many to
// name; possible is false if there are none.
func (d *database) marks(f filter) (all []string, possible bool, err error) {
	if f.from != "" {
		return d.markSenders(f)
	}
	if f.account.IsZero() && f.peer.IsZero() {
		return nil, true, nil
	}
	var wanted []string
	err = d.rowsUntil(func(c *columns) bool {
		wanted = append(wanted, quote(mark('c', c.wide())))
		return len(wanted) <= maxTerms
	}, "SELECT id FROM conversation WHERE (?1 = '' OR account = ?1) AND (?2 = '' OR peer = ?2)",
		text(f.account.String()), text(f.peer.String()))
	return anyOf(wanted), len(wanted) > 0, err
}

func (d *database) markSenders(f filter) (all []string, possible bool, err error) {
	var wanted []string
	err = d.rowsUntil(func(c *columns) bool {
		if id := c.wide(); f.speaks(c.text(), c.text()) {
			wanted = append(wanted, quote(mark('s', id)))
		}
		return len(wanted) <= maxTerms
	}, `SELECT s.id, s.name, s.jid FROM sender s JOIN conversation c ON c.id = s.conversation
		WHERE (?1 = '' OR c.account = ?1) AND (?2 = '' OR c.peer = ?2)`, text(f.account.String()), text(f.peer.String()))
	return anyOf(wanted), len(wanted) > 0, err
}

// anyOf returns the expression that one of the terms is there, or none if they are too many.
func anyOf(terms []string) []string {
	if len(terms) > maxTerms {
		return nil
	}
	return []string{"(" + strings.Join(terms, " OR ") + ")"}
}

// words returns an expression for each word that was typed. What is no word for the index is left to the filter. It is not
// possible that anything matches if nothing begins with one of them.
func (d *database) words(typed string, f *filter) (all []string, possible bool, err error) {
	parts := strings.Fields(strings.ReplaceAll(typed, marker, " "))
	for _, part := range parts[:min(len(parts), maxWords)] {
		terms, err := d.terms(part)
		if err != nil {
			return nil, false, err
		}
		if len(terms) == 0 {
			f.parts = append(f.parts, strings.ToLower(part))
		}
		for _, term := range terms {
			expression, possible, err := d.beginning(term)
			if !possible || err != nil {
				return nil, false, err
			}
			all = append(all, expression)
		}
	}
	return all, true, nil
}

// terms returns what the index makes of a text, without accents and in lower case. Only its own reading is sure to be the
// one by which the messages were taken in.
func (d *database) terms(typed string) (all []string, err error) {
	if err := d.exec("INSERT INTO temp.typed (body) VALUES (?)", text(typed)); err != nil {
		return nil, err
	}
	err = d.rows(func(c *columns) { all = append(all, c.text()) }, "SELECT term FROM temp.typed_term LIMIT ?", number(maxWords))
	return all, errors.Join(err, d.exec("INSERT INTO temp.typed (typed) VALUES ('delete-all')"))
}

// beginning returns the expression for words that begin with a term. The index finds short beginnings as such. With a
// longer one it would go through each place of each of the words before it gave the first; so they are named to it, and it
// goes through them from the newest on, as far as needed.
func (d *database) beginning(term string) (expression string, possible bool, err error) {
	if utf8.RuneCountInString(term) <= maxPrefix {
		return quote(term) + " *", true, nil
	}
	var terms []string
	for next := term; len(terms) <= maxTerms; {
		var found string
		err := d.rows(func(c *columns) { found = c.text() }, "SELECT term FROM vocabulary WHERE term >= ? LIMIT 1", text(next))
		if err != nil {
			return "", false, err
		}
		if !strings.HasPrefix(found, term) {
			break
		}
		terms = append(terms, quote(found))
		next = found + "\x01"
	}
	if len(terms) > maxTerms {
		return quote(term) + " *", true, nil
	}
	return strings.Join(anyOf(terms), ""), len(terms) > 0, nil
}

func quote(term string) string { return `"` + strings.ReplaceAll(term, `"`, `""`) + `"` }
