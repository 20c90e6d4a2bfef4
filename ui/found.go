package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/ui/i18n"
)

// found is the page over the screen with what a search has found, the newest first. The arrows choose a line, and Enter
// shows it where it was said.
type found struct {
	*pager
	printer *i18n.Printer
	keys    *KeyMap
	// close hides the page; choose shows a line, counted from 1, where it was said.
	close  func()
	choose func(number int)

	search core.SearchView
	at     int // index of the line that is chosen
}

func newFound(p *i18n.Printer, t *Theme, keys *KeyMap) *found {
	g := &found{pager: newPager(t), printer: p, keys: keys}
	g.content, g.hint, g.key = g.rows, g.keysHint, g.press
	return g
}

// follow takes the last search, and reports whether it is another than before.
func (g *found) follow(v *core.View) (isNew bool) {
	isNew = v.Search.Number > g.search.Number
	if isNew {
		g.at, g.offset = 0, 0
	}
	g.search = v.Search
	g.at = max(min(g.at, len(g.search.Found)-1), 0)
	return isNew
}

// keysHint tells what the keys do.
func (g *found) keysHint() string {
	hint := g.printer.Format(i18n.FoundClose, g.keys.Key(ActCancel))
	if len(g.search.Found) > 0 {
		hint = g.printer.Format(i18n.FoundGo, g.keys.Key(ActSend)) + " · " + hint
	}
	return hint
}

// rows returns the whole page, and which of its rows are those of the chosen line, with the heading above the first of all.
func (g *found) rows(cells int) (rows []row, from, to int) {
	rows = append(g.paragraph(" ", g.title(), Title, cells), nil)
	for i := range g.search.Found {
		first := len(rows)
		rows = append(rows, g.line(&g.search.Found[i], i == g.at, cells)...)
		if i == g.at {
			from, to = first, len(rows)
			if i == 0 {
				from = 0
			}
		}
	}
	switch s := &g.search; {
	case s.More:
		rows = append(append(rows, nil), g.paragraph("  ", g.printer.Text(i18n.FoundMore), Faint, cells)...)
	case len(s.Found) == 0 && !s.Searching && s.Err == nil:
		rows = append(rows, g.paragraph("  ", g.printer.Text(i18n.FoundNone), Faint, cells)...)
	}
	return rows, from, to
}

// paragraph returns a text behind an indent.
func (g *found) paragraph(indent, text string, e Element, cells int) (rows []row) {
	for _, r := range wrap([]span{{text, g.theme.style(e)}}, max(cells-len(indent)-1, 1)) {
		rows = append(rows, append(row{{indent, tcell.StyleDefault}}, r...))
	}
	return rows
}

// title words what was looked for and how that ended.
func (g *found) title() string {
	query := g.printer.Query(g.search.Query)
	switch {
	case g.search.Searching:
		return g.printer.Format(i18n.FoundSearching, query)
	case g.search.Err != nil:
		return g.printer.Format(i18n.FoundFailed, query, g.printer.Failure(g.search.Err))
	default:
		return g.printer.Format(i18n.FoundTitle, query, len(g.search.Found))
	}
}

// maxFoundRows bounds what one line takes of the page: who wants to read on goes there.
const maxFoundRows = 3

// line returns what stands for one line: where, when and by whom it was said, and the text with the words marked.
func (g *found) line(f *core.FoundLine, chosen bool, cells int) []row {
	pointer, head := "  ", g.theme.style(Faint)
	if chosen {
		pointer, head = "› ", g.theme.style(PanelChoice)
	}
	from := f.Line.From
	if strings.TrimSpace(from) == "" {
		from = "?"
	}
	place := g.printer.Date(f.Line.Time) + " " + g.printer.Clock(f.Line.Time) + " · " + f.Name + " · " + from
	rows := []row{{{pointer + truncate(place, max(cells-2, 1)), head}}}
	text := wrap(g.marked(f), max(cells-4, 1))
	if len(text) > maxFoundRows {
		text = append(text[:maxFoundRows-1], append(text[maxFoundRows-1], span{" …", g.theme.style(Faint)}))
	}
	for _, r := range text {
		rows = append(rows, append(row{{"    ", tcell.StyleDefault}}, r...))
	}
	return rows
}

// marked returns the text of a line with the words that were looked for highlighted.
func (g *found) marked(f *core.FoundLine) []span {
	style, body := g.theme.style(Text), f.Line.Body
	var spans []span
	from := 0
	for _, m := range f.Matched {
		if m.Start < from || m.End > len(body) || m.Start > m.End {
			continue
		}
		spans = append(spans, span{body[from:m.Start], style}, span{body[m.Start:m.End], g.theme.style(Match)})
		from = m.End
	}
	return append(spans, span{body[from:], style})
}

func (g *found) press(ev *tcell.EventKey) {
	switch g.keys.action(ev) {
	case ActCancel, ActAbort:
		g.close()
	case ActSend:
		if len(g.search.Found) == 0 {
			g.close()
			return
		}
		g.choose(g.at + 1)
	case ActUp:
		g.walk(-1)
	case ActDown:
		g.walk(1)
	case ActScrollUp:
		g.walk(-max(g.height/3, 1))
	case ActScrollDown:
		g.walk(max(g.height/3, 1))
	case ActScrollTop, ActLineStart:
		g.walk(-len(g.search.Found))
	case ActScrollBottom, ActLineEnd:
		g.walk(len(g.search.Found))
	}
}

// walk chooses another line.
func (g *found) walk(lines int) {
	g.at = max(min(g.at+lines, len(g.search.Found)-1), 0)
	g.reveal = true
}
