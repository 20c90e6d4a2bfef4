package ui

import (
	"slices"

	"traboule/core"
	"traboule/ui/i18n"
)

// welcome tells somebody who looks at a console what to type to get to people.
type welcome struct {
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	// open is set if there are conversations to go to.
	open bool
}

func (w *welcome) follow(v *core.View) {
	w.open = slices.ContainsFunc(v.Conversations, func(c core.ConversationView) bool { return c.Kind != core.Console && !c.Closed })
}

// draw centres the words in the rectangle, if there is room for them.
func (w *welcome) draw(p painter, at rect) {
	rows := w.rows()
	left, right := 0, 0
	for _, r := range rows {
		left, right = max(left, width(r[0])), max(right, width(r[1]))
	}
	title := w.printer.Text(i18n.WelcomeTitle)
	if w.open {
		title = w.printer.Text(i18n.WelcomeBackTitle)
	}
	if at.h < len(rows)+3 || at.w < left+10 {
		return
	}
	total := min(max(left+2+right, width(title)), at.w)
	x, y := at.x+(at.w-total)/2, at.y+max((at.h-len(rows)-2)/3, 0)
	p.text(x, y, total, truncate(title, total), w.theme.style(Title))
	for i, r := range rows {
		p.text(x, y+2+i, left, r[0], w.theme.style(Unread))
		room := total - left - 2
		p.text(x+left+2, y+2+i, room, truncate(r[1], room), w.theme.style(Text))
	}
}

func (w *welcome) rows() [][2]string {
	var rows [][2]string
	if w.open {
		rows = append(rows, [2]string{w.printer.Text(i18n.WelcomeGo), w.printer.Text(i18n.WelcomeGoMeans)})
	}
	rows = append(rows, [][2]string{
		{w.printer.Text(i18n.WelcomeJoin), w.printer.Text(i18n.WelcomeJoinMeans)},
		{w.printer.Text(i18n.WelcomeRooms), w.printer.Text(i18n.WelcomeRoomsMeans)},
		{w.printer.Text(i18n.WelcomeQuery), w.printer.Text(i18n.WelcomeQueryMeans)},
	}...)
	if key := w.keys.Key(ActHelp); key != "" {
		rows = append(rows, [2]string{key, w.printer.Text(i18n.WelcomeHelpMeans)})
	}
	return rows
}
