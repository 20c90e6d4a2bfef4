package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// occupants lists who is in the room, or the devices of a contact.
type occupants struct {
	column
	// choose goes to the private conversation with an occupant.
	choose  func(core.OccupantView)
	printer *i18n.Printer
	theme   *Theme
	window  *core.Window
}

func newOccupants(p *i18n.Printer, t *Theme, keys *KeyMap) *occupants {
	return &occupants{column: newColumn(keys), printer: p, theme: t, window: &core.Window{}}
}

func (o *occupants) follow(v *core.View) {
	if o.window.ID != v.Current.ID {
		o.list.offset = 0
	}
	o.window = &v.Current
}

// empty reports whether there is nobody to list.
func (o *occupants) empty() bool {
	return len(o.window.Occupants) == 0 && len(o.window.Resources) == 0
}

// Draw draws the column.
func (o *occupants) Draw(screen tcell.Screen) {
	o.DrawForSubclass(screen, o)
	if at, visible := placeOf(o.Box); visible {
		o.draw(painter{screen}, at)
	}
}

// MouseHandler takes presses and the wheel.
func (o *occupants) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(o.Box, o.press, o.wheel)
}

// press goes to the conversation with the occupant at a place of the screen.
func (o *occupants) press(x, y int) bool {
	if who, ok := o.hit(x, y); ok && !who.Self {
		o.choose(who)
	}
	return true
}

func (o *occupants) draw(p painter, at rect) {
	n, rowAt := len(o.window.Occupants), o.occupant
	heading := i18n.Occupants
	if o.window.Kind != core.Room {
		n, rowAt, heading = len(o.window.Resources), o.resource, i18n.Devices
	}
	p.fit(at.x, at.y, at.w, o.printer.Format(heading, n), o.theme.style(Title))
	o.list.draw(p, rect{at.x, at.y + 1, at.w, at.h - 1}, n, rowAt)
}

func (o *occupants) occupant(i int) listRow {
	who := &o.window.Occupants[i]
	r := listRow{left: who.Nick, leftStyle: o.theme.name(who.Nick), rightStyle: o.theme.style(Faint), of: i}
	if who.Self {
		r.leftStyle = o.theme.style(OwnName)
	}
	if who.Lookalike {
		r.right, r.rightStyle = o.printer.Text(i18n.ShortLookalike), o.theme.style(WarningText)
		return r
	}
	if key := occupantWord(who); key != "" {
		r.right, r.yields = o.printer.Text(key), true
	}
	return r
}

// occupantWord returns the one word that matters most about an occupant, empty for somebody like all others.
func occupantWord(who *core.OccupantView) i18n.Key {
	switch {
	case who.Affiliation == im.Owner:
		return i18n.ShortOwner
	case who.Affiliation == im.Admin:
		return i18n.ShortAdmin
	case who.Role == im.Moderator:
		return i18n.ShortModerator
	case who.Role == im.Visitor:
		return i18n.ShortVisitor
	case who.Self:
		return i18n.ShortSelf
	case who.Show == im.Away, who.Show == im.ExtendedAway, who.Show == im.DoNotDisturb:
		return shortShow(who.Show)
	}
	return ""
}

func (o *occupants) resource(i int) listRow {
	device := &o.window.Resources[i]
	name := device.JID.Resource()
	if name != "" { // an address is what it is: it is cleaned where it is shown
		name = core.CleanName(name)
	}
	r := listRow{
		left: name, leftStyle: o.theme.style(Text),
		right: o.printer.Text(shortShow(device.Show)), rightStyle: o.theme.style(Faint), of: i,
	}
	if device.Protection != core.Plain {
		r.right, r.rightStyle = o.printer.Text(shortProtection(device.Protection)), o.theme.style(protectionElement(device.Protection))
	}
	if device.Chosen {
		r.left, r.leftStyle = "▸"+name, o.theme.style(Selected)
	}
	return r
}

// hit returns the occupant at a place of the screen.
func (o *occupants) hit(x, y int) (core.OccupantView, bool) {
	i, ok := o.list.hit(x, y)
	if !ok || i >= len(o.window.Occupants) {
		return core.OccupantView{}, false
	}
	return o.window.Occupants[i], true
}
