package ui

import (
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// entry is what is drawn together: one line, or a run of comings and goings, below a day's or the news' heading if one
// belongs there.
type entry struct {
	first, last int // indices in the log
	rows        []row
	line        *core.Line // nil for a run
	content     []row      // the rows without headings
}

// crowdBlock bounds how many comings and goings are counted together, so that drawing never has to count a whole evening.
const crowdBlock = 1024

// entryAt returns the entry that line i belongs to.
func (m *messages) entryAt(i int) entry {
	first, last := i, i
	for m.sameRun(first-1, first) {
		first--
	}
	for m.sameRun(last, last+1) {
		last++
	}
	e := entry{first: first, last: last}
	if first == last {
		e.line = m.window.Log.At(i)
		e.content = m.lineRows(e.line)
	} else {
		e.content = []row{m.crowdRow(first, last)}
	}
	e.rows = append(m.headings(first), e.content...)
	return e
}

// sameRun reports whether two neighbouring lines are comings or goings that are shown as one.
func (m *messages) sameRun(i, j int) bool {
	log := m.window.Log
	if i < 0 || j >= log.Len() {
		return false
	}
	a, b := log.At(i), log.At(j)
	return coming(a) != 0 && coming(b) != 0 && (a.Number-1)/crowdBlock == (b.Number-1)/crowdBlock && !m.beginsNews(j) &&
		m.printer.SameDay(a.Time, b.Time)
}

// coming returns 1 for somebody who came into the room, -1 for one who left it by themselves, 0 for any other line.
func coming(l *core.Line) int {
	switch {
	case l.Notice == nil || l.Notice.Reason != "":
		return 0
	case l.Notice.Code == core.NoticeOccupantJoined:
		return 1
	case l.Notice.Code == core.NoticeOccupantLeft:
		return -1
	}
	return 0
}

// headings returns what stands above line i: what there is to know about older ones, the day, if it is another than that of the line before, and the mark where
// reading stopped.
func (m *messages) headings(i int) []row {
	log := m.window.Log
	line := log.At(i)
	var rows []row
	if i == 0 {
		rows = m.olderRows()
	}
	if i == 0 || !m.printer.SameDay(log.At(i-1).Time, line.Time) {
		rows = append(rows, m.heading(m.day(line), m.theme.style(Faint)))
	}
	if m.beginsNews(i) {
		since := m.printer.Format(i18n.NewSince, m.printer.Clock(log.At(i-1).Time))
		rows = append(rows, m.heading(since, m.theme.style(Unread)))
	}
	return rows
}

// day words the day of a line, with the year where that is not this one.
func (m *messages) day(line *core.Line) string {
	if m.printer.SameYear(line.Time, m.now()) {
		return m.printer.Day(line.Time)
	}
	return m.printer.FullDay(line.Time)
}

// beginsNews reports whether line i is the first that is not yet read, below others that are.
func (m *messages) beginsNews(i int) bool {
	log, from := m.window.Log, m.window.ReadUpTo
	return i > 0 && log.At(i).Seq >= from && log.At(i-1).Seq < from
}

func (m *messages) heading(text string, style tcell.Style) row {
	text = "─── " + text + " ───"
	indent := max(0, min(m.columns().indent(), m.width-width(text)))
	return row{{spaces(indent) + text, style}}
}

// columns is how the width of the window is shared out.
type columns struct {
	nick int // cells of the nick; 0 where it stands in the text for lack of room
}

// inlineWidth is where the column of nicks begins to cost too much of the text.
const inlineWidth = 44

const timeWidth = len("15:04")

func (m *messages) columns() columns {
	if m.width < inlineWidth {
		return columns{}
	}
	return columns{nick: min(max(m.width/6, 9), 16)}
}

// indent is how many cells stand before the text: the time, a mark, the nick and the spaces between them.
func (c columns) indent() int {
	if c.nick == 0 {
		return 2
	}
	return timeWidth + 2 + c.nick + 1
}

// lineRows returns the rows of one line, from the last frame if it is unchanged.
func (m *messages) lineRows(l *core.Line) []row {
	if rows, known := m.wrapped[l]; known {
		return rows
	}
	var rows []row
	if l.Notice != nil {
		rows = m.noticeRows(l.Time, l.Notice)
	} else {
		rows = m.messageRows(l)
	}
	m.wrapped[l] = rows
	return rows
}

// head is what stands before a text.
type head struct {
	time      time.Time
	mark      string // one cell
	markStyle tcell.Style
	nick      string
	nickStyle tcell.Style
	prefix    row  // before the text where there is no column of nicks
	wide      bool // no nick: the text begins where one would
}

// layOut puts a head before a wrapped text. A row after the first never begins at the edge, so no text can pass for a
// line of its own.
func (m *messages) layOut(h head, text []span) []row {
	c, clock := m.columns(), span{m.printer.Clock(h.time), m.theme.style(Faint)}
	if c.nick == 0 {
		first := row{clock, {h.mark, h.markStyle}}.joined(h.prefix)
		rows := wrap(append(first, text...), max(m.width-c.indent(), 1))
		return indented(rows, nil, c.indent())
	}
	if h.wide {
		indent := timeWidth + 3
		first := row{clock, {" ", clock.style}, {h.mark + " ", h.markStyle}}
		return indented(wrap(text, max(m.width-indent, 1)), first, indent)
	}
	rows := wrap(text, max(m.width-c.indent(), 1))
	nick := truncate(h.nick, c.nick)
	first := row{clock, {" ", clock.style}, {h.mark, h.markStyle}, {nick, h.nickStyle},
		{spaces(c.nick - width(nick) + 1), m.theme.style(Text)}}
	return indented(rows, first, c.indent())
}

// indented puts a head before the first row and blanks before the others; with no head the first row stays as it is.
func indented(rows []row, first row, indent int) []row {
	for i := range rows {
		if i == 0 {
			rows[i] = append(first, rows[i]...)
		} else {
			rows[i] = append(row{{spaces(indent), tcell.StyleDefault}}, rows[i]...)
		}
	}
	return rows
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

func (m *messages) noticeRows(at time.Time, n *core.Notice) []row {
	style, mark := m.theme.style(NoticeText), " "
	switch n.Level {
	case core.Warn:
		style, mark = m.theme.style(WarningText), "!"
	case core.Error:
		style, mark = m.theme.style(ErrorText), "!"
	}
	h := head{time: at, mark: mark, markStyle: style, prefix: row{{"- ", style}}}
	text := []span{{strings.Join(m.printer.NoticeLines(n), "\n"), style}}
	// What has no room in the column of texts takes that of the nicks too, and so does all where nobody speaks.
	h.wide = m.window.Kind == core.Console || width(text[0].text) > m.width-m.columns().indent() || len(n.List) > 0
	return m.layOut(h, text)
}

func (m *messages) messageRows(l *core.Line) []row {
	from := l.From
	if strings.TrimSpace(from) == "" || width(from) == 0 {
		from = "?"
	}
	style := m.theme.name(from)
	if l.Out {
		style = m.theme.style(OwnName)
	}
	h := head{time: l.Time, mark: " ", markStyle: m.theme.style(MentionMark), nick: from, nickStyle: style,
		prefix: row{{"<" + truncate(from, 12) + "> ", style}}}
	if l.Mention {
		h.mark = "›"
	}
	return m.layOut(h, m.messageText(l, from))
}

// messageText returns the text of a message with what there is to know about it: what a reader must not miss stands
// before it, the rest behind.
func (m *messages) messageText(l *core.Line, from string) []span {
	var text []span
	if l.Warning != core.NoWarning {
		text = append(text, span{"(" + m.printer.Warning(l.Warning) + ") ", m.theme.style(WarningText)})
	}
	style := m.theme.style(Text)
	if l.Action {
		style = style.Italic(true)
		text = append(text, span{"* " + from + " ", style})
	}
	text = append(text, m.marked(l.Body, style)...)
	if l.Edited {
		text = append(text, span{" (" + m.printer.Text(i18n.Edited) + ")", m.theme.style(Faint)})
	}
	return append(text, m.tail(l)...)
}

// tail returns what stands behind a text: how it was protected, where that matters, and how far one of ours has come. That
// the server has it is what is expected, and goes unsaid.
func (m *messages) tail(l *core.Line) []span {
	state := ""
	switch l.State {
	case core.StateNone, core.StateSent:
	case core.StateFailed:
		why := m.printer.State(l.State)
		if l.Err != nil {
			why = m.printer.Format(failedKey(l.Err), m.printer.Failure(l.Err))
		}
		return []span{{" (" + why + ")", m.theme.style(ErrorText)}}
	default:
		state = m.printer.State(l.State)
	}
	faint, by := m.theme.style(Faint), lineProtection(l)
	said := m.window.Kind == core.Room || l.Warning == core.WarnNotEncrypted || l.State == core.StatePending && by == core.Plain
	switch word := m.printer.Text(shortProtection(by)); {
	case said && state == "":
		return nil
	case said:
		return []span{{" (" + state + ")", faint}}
	case state == "":
		return []span{{" (", faint}, {word, m.lineStyle(by)}, {")", faint}}
	default:
		return []span{{" (", faint}, {word, m.lineStyle(by)}, {", " + state + ")", faint}}
	}
}

// lineProtection is how a single text was protected.
func lineProtection(l *core.Line) core.Protection {
	switch {
	case l.Encryption == im.Unencrypted:
		return core.Plain
	case l.Trust == im.Verified:
		return core.EncryptedVerified
	}
	return core.EncryptedUnverified
}

// lineStyle is what the word looks like that says so.
func (m *messages) lineStyle(by core.Protection) tcell.Style {
	if by == core.Plain {
		return m.theme.style(Faint) // it is on every line
	}
	return m.theme.style(protectionElement(by))
}

// failedKey returns the words for a message that failed: it was not sent, or nobody knows.
func failedKey(err *im.Failure) i18n.Key {
	if err.Code == im.CodeUnconfirmed {
		return i18n.Unconfirmed
	}
	return i18n.FailedBecause
}

// marked returns a text with what the search looks for highlighted.
func (m *messages) marked(text string, style tcell.Style) []span {
	var spans []span
	from := 0
	for _, found := range stretches(text, m.found) {
		spans = append(spans, span{text[from:found.start], style}, span{text[found.start:found.end], m.theme.style(Match)})
		from = found.end
	}
	return append(spans, span{text[from:], style})
}
