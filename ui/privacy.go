package ui

import (
	"slices"
	"sort"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// privacy is the page over the screen that tells all that the session discloses, sorted by who learns it. The arrows go
// from one switch to the next, past no text that was not shown, and Enter switches; nothing is chosen at first, so that Enter alone
// closes the page.
type privacy struct {
	*pager
	printer *i18n.Printer
	keys    *KeyMap
	// close hides the page; send gives a command to core.
	close func()
	send  func(core.Command)

	told   []*core.Notice
	chosen about // the zero about for none
	// As it was drawn last: how wide, how many rows there are, and where those of each of what is told stand.
	cells, length int
	places        []rowRange
}

// rowRange is some rows of a page: from one up to another.
type rowRange struct{ from, to int }

// about is what a row is about; it stays the same while other rows come and go.
type about struct {
	topic              core.Topic
	account, room, jid im.JID
}

func aboutOf(n *core.Notice) about { return about{n.Privacy.Topic, n.Account, n.Room, n.JID} }

func newPrivacy(p *i18n.Printer, t *Theme, keys *KeyMap) *privacy {
	g := &privacy{pager: newPager(t), printer: p, keys: keys}
	g.content, g.hint, g.key = g.rows, g.keysHint, g.press
	return g
}

// open begins at the top, with nothing chosen.
func (g *privacy) open() { g.chosen, g.offset = about{}, 0 }

func (g *privacy) follow(v *core.View) { g.told = v.Privacy }

// at returns the index of the row that is chosen, -1 for none.
func (g *privacy) at() int {
	return slices.IndexFunc(g.told, func(n *core.Notice) bool { return aboutOf(n) == g.chosen })
}

// offsetFor returns from where on the page shows what is told at an index, moved as little as can be.
func (g *privacy) offsetFor(i int) int {
	return max(min(g.offset, g.places[i].from), g.places[i].to-g.height)
}

// isSeen reports whether what is told at an index stands on the page as it was drawn.
func (g *privacy) isSeen(i int) bool {
	return i >= 0 && i < len(g.places) && g.offset == g.offsetFor(i)
}

// keysHint tells what the keys do, as much of it as fits.
func (g *privacy) keysHint() string {
	keys := g.printer.Format(i18n.PrivacyClose, g.keys.Key(ActCancel))
	i := g.at()
	if !g.isSeen(i) {
		return keys
	}
	enter := g.printer.Format(i18n.PrivacyEnter, g.keys.Key(ActSend), g.printer.DisclosedBy(g.told[i].Privacy))
	switch {
	case width(enter+" · "+keys) <= g.cells:
		return enter + " · " + keys
	case width(enter) <= g.cells:
		return enter
	}
	return keys
}

// markCells is the room before a row for where its switch stands.
const markCells = 7

// rows returns the whole page, and which of its rows are those of the chosen switch.
func (g *privacy) rows(cells int) (rows []row, from, to int) {
	rows = []row{{{" " + g.printer.Text(i18n.PrivacyTitle), g.theme.style(Title)}}}
	g.places = g.places[:0]
	chosen, before := g.at(), core.Audience(255)
	for i, n := range g.told {
		d := n.Privacy
		if d.Audience != before {
			before = d.Audience
			rows = append(rows, nil, row{{" " + g.printer.Audience(d.Audience), g.theme.style(Title)}})
		}
		first := len(rows)
		rows = append(rows, g.row(n, i == chosen, cells)...)
		g.places = append(g.places, rowRange{first, len(rows)})
		if i == chosen {
			from, to = first, len(rows)
		}
	}
	g.cells, g.length = cells, len(rows)
	return rows, from, to
}

// row returns what stands for one thing that is disclosed: a word for its switch, and the sentence beside it, with what changes it
// where no switch does.
func (g *privacy) row(n *core.Notice, chosen bool, cells int) []row {
	mark, style, text := "", g.theme.style(Faint), g.theme.style(Text)
	var by span
	switch switched := n.Privacy.Switch != core.NoDisclosure; {
	case switched && n.Privacy.On:
		mark, style = g.printer.Text(i18n.PrivacyOn), g.theme.style(Unread)
	case switched:
		mark = g.printer.Text(i18n.PrivacyOff)
	default:
		if what := g.printer.DisclosedBy(n.Privacy); what != "" {
			by = span{" · " + what, g.theme.style(Faint)}
		}
	}
	pointer := "  "
	if chosen {
		pointer, style, text = "› ", g.theme.style(PanelChoice), g.theme.style(PanelChoice)
	}
	mark = pointer + truncate(mark, markCells-3)
	mark += spaces(markCells - width(mark))
	rows := indented(wrap([]span{{g.printer.Disclosed(n), text}, by}, max(cells-markCells, 1)), nil, markCells)
	rows[0] = append(row{{mark, style}}, rows[0]...)
	return rows
}

func (g *privacy) press(ev *tcell.EventKey) {
	switch g.keys.action(ev) {
	case ActCancel, ActAbort:
		g.close()
	case ActSend:
		g.enter()
	case ActUp:
		g.walk(-1)
	case ActDown:
		g.walk(1)
	case ActScrollUp:
		g.turn(-1)
	case ActScrollDown:
		g.turn(1)
	case ActScrollTop, ActLineStart:
		g.open()
	case ActScrollBottom, ActLineEnd:
		g.offset = g.length
	}
}

// walk goes to the next switch, down or up, or where that would leave out text, or there is none, scrolls by a row. Above the first
// one nothing is chosen.
func (g *privacy) walk(step int) {
	if step < 0 && g.offset == 0 && g.at() < 0 {
		return
	}
	next := g.next(step)
	if next >= 0 && next < len(g.places) {
		if moved := g.offsetFor(next) - g.offset; -g.height <= moved && moved <= g.height {
			g.chosen, g.reveal = aboutOf(g.told[next]), true
			return
		}
	}
	if g.offset += step; g.offset < 0 {
		g.open()
	}
}

// next returns the index of the next switch, down or up, from the one that is chosen or, if that is out of sight, from the edge of
// the page on; one outside of the list for none.
func (g *privacy) next(step int) int {
	i := g.at()
	switch {
	case g.isSeen(i):
		i += step
	case step > 0:
		i = sort.Search(len(g.places), func(k int) bool { return g.places[k].from >= g.offset })
	default:
		i = sort.Search(len(g.places), func(k int) bool { return g.places[k].to > g.offset+g.height }) - 1
	}
	for i >= 0 && i < len(g.told) && g.told[i].Privacy.Switch == core.NoDisclosure {
		i += step
	}
	return i
}

// enter switches what is chosen, or brings it in sight first; where nothing is, it closes the page.
func (g *privacy) enter() {
	at := g.at()
	switch {
	case at < 0:
		g.close()
	case !g.isSeen(at):
		g.reveal = true
	case g.told[at].Privacy.Switch != core.NoDisclosure:
		d := g.told[at].Privacy
		g.send(core.Privacy{Switch: d.Switch, On: !d.On, Set: true, Account: d.Of})
	}
}
