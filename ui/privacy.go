package ui

import (
	"slices"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// privacy is the page over the screen that tells all that the session discloses, sorted by who learns it. The arrows choose
// a row, and Enter switches it; nothing is chosen at first, so that Enter alone closes the page.
type privacy struct {
	*pager
	printer *i18n.Printer
	keys    *KeyMap
	// close hides the page; send gives a command to core.
	close func()
	send  func(core.Command)

	told   []*core.Notice
	chosen about // the zero about for none
}

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

// keysHint tells what the keys do.
func (g *privacy) keysHint() string {
	hint := g.printer.Format(i18n.PrivacyClose, g.keys.Key(ActCancel))
	i := g.at()
	if i < 0 {
		return hint
	}
	by := g.printer.DisclosedBy(g.told[i].Privacy)
	switch {
	case g.told[i].Privacy.Switch != core.NoDisclosure:
		return g.keys.Key(ActSend) + ": " + by + " · " + hint
	case by != "":
		return by + " · " + hint
	}
	return hint
}

// markCells is the room before a row for where its switch stands.
const markCells = 7

// rows returns the whole page, and which of its rows are those of the chosen one, with the heading above the first of all.
func (g *privacy) rows(cells int) (rows []row, from, to int) {
	rows = []row{{{" " + g.printer.Text(i18n.PrivacyTitle), g.theme.style(Title)}}}
	chosen, before := g.at(), core.Audience(255)
	for i, n := range g.told {
		d := n.Privacy
		if d.Audience != before {
			before = d.Audience
			rows = append(rows, nil, row{{" " + g.printer.Audience(d.Audience), g.theme.style(Title)}})
		}
		first := len(rows)
		rows = append(rows, g.row(n, i == chosen, cells)...)
		if i == chosen {
			from, to = first, len(rows)
			if i == 0 {
				from = 0
			}
		}
	}
	return rows, from, to
}

// row returns what stands for one thing that is disclosed: a word for its switch, and the sentence beside it.
func (g *privacy) row(n *core.Notice, chosen bool, cells int) []row {
	mark, style, text := "", g.theme.style(Faint), g.theme.style(Text)
	if n.Privacy.Switch != core.NoDisclosure {
		mark = g.printer.Text(i18n.PrivacyOff)
		if n.Privacy.On {
			mark, style = g.printer.Text(i18n.PrivacyOn), g.theme.style(Unread)
		}
	}
	pointer := "  "
	if chosen {
		pointer, style, text = "› ", g.theme.style(PanelChoice), g.theme.style(PanelChoice)
	}
	mark = pointer + truncate(mark, markCells-3)
	mark += spaces(markCells - width(mark))
	rows := indented(wrap([]span{{g.printer.Disclosed(n), text}}, max(cells-markCells, 1)), nil, markCells)
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
		g.choose(-1)
	case ActDown:
		g.choose(1)
	case ActScrollUp:
		g.turn(-1)
	case ActScrollDown:
		g.turn(1)
	case ActScrollTop, ActLineStart:
		g.open()
	case ActScrollBottom, ActLineEnd:
		g.choose(len(g.told))
	}
}

// choose goes some rows down, or up, and above the first one to none.
func (g *privacy) choose(rows int) {
	at := min(g.at()+rows, len(g.told)-1)
	if at < 0 {
		g.open()
		return
	}
	g.chosen, g.reveal = aboutOf(g.told[at]), true
}

// enter switches the row that is chosen; where none is, it closes the page.
func (g *privacy) enter() {
	at := g.at()
	if at < 0 {
		g.close()
		return
	}
	if d := g.told[at].Privacy; d.Switch != core.NoDisclosure {
		g.send(core.Privacy{Switch: d.Switch, On: !d.On, Set: true, Account: d.Of})
	}
}
