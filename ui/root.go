package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// The pages of the screen, from back to front. All but the first lie over it where they are shown.
const (
	mainPage          = "main"
	conversationsPage = "conversations"
	occupantsPage     = "occupants"
	helpPage          = "help"
	fingerprintsPage  = "fingerprints"
	privacyPage       = "privacy"
	foundPage         = "found"
)

// root is what tview draws and gives events to: the pages. A fault in one of them ends the screen here, because tview would
// leave its reader of the terminal behind.
type root struct {
	*tview.Pages
	guard func(func())
}

func newRoot(guard func(func())) *root {
	pages := tview.NewPages()
	pages.Box = newBox()
	return &root{pages, guard}
}

// Draw draws the pages.
func (r *root) Draw(screen tcell.Screen) {
	r.guard(func() { r.Pages.Draw(screen) })
}

// InputHandler takes the keys that capture left.
func (r *root) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return func(ev *tcell.EventKey, setFocus func(tview.Primitive)) {
		r.guard(func() { r.Pages.InputHandler()(ev, setFocus) })
	}
}

// PasteHandler takes pasted texts.
func (r *root) PasteHandler() func(string, func(tview.Primitive)) {
	return func(text string, setFocus func(tview.Primitive)) {
		r.guard(func() { r.Pages.PasteHandler()(text, setFocus) })
	}
}

// MouseHandler takes what is done with the mouse.
func (r *root) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return func(action tview.MouseAction, ev *tcell.EventMouse, setFocus func(tview.Primitive)) (taken bool, _ tview.Primitive) {
		r.guard(func() { taken, _ = r.Pages.MouseHandler()(action, ev, setFocus) })
		return taken, nil
	}
}

// front returns the name of the page in front.
func (r *root) front() string {
	name, _ := r.GetFrontPage()
	return name
}

// covered reports whether a page lies over the whole screen, which takes all keys.
func (r *root) covered() bool {
	switch r.front() {
	case helpPage, fingerprintsPage, privacyPage, foundPage:
		return true
	}
	return false
}

// hideColumns hides the side columns that lie over the main page.
func (r *root) hideColumns() { r.HidePage(conversationsPage).HidePage(occupantsPage) }

// toggleColumn shows a side column over the main page, alone, or hides it.
func (r *root) toggleColumn(name string) {
	shown := r.front() == name
	r.hideColumns()
	if !shown {
		r.ShowPage(name)
	}
}
