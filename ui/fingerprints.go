package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// fingerprints is the page over the screen that shows our key, and beside it that of somebody else, to be compared. Any key
// closes it, and one that was not meant for it goes on to the input.
type fingerprints struct {
	*tview.Box
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	// close hides the page; pass gives a key to what is behind.
	close func()
	pass  func(*tcell.EventKey)

	notice   *core.Notice // of NoticeOTRFingerprint or NoticeOTRFingerprints; nil for none
	code     qrCode
	inverted bool
}

func newFingerprints(p *i18n.Printer, t *Theme, keys *KeyMap) *fingerprints {
	return &fingerprints{Box: newCover(), printer: p, theme: t, keys: keys}
}

// shown reports whether a fact is an answer to be shown on this page, and takes it.
func (f *fingerprints) shown(fact core.Fact, where core.ConversationID) bool {
	added, is := fact.(core.LineAdded)
	if !is || added.Conversation != where || added.Line.Notice == nil || added.Line.Notice.OTR == nil {
		return false
	}
	n := added.Line.Notice
	if n.Code != core.NoticeOTRFingerprint && n.Code != core.NoticeOTRFingerprints {
		return false
	}
	f.notice, f.code, f.inverted = n, newQRCode(n.OTR.URI), false
	return true
}

// Draw draws the page.
func (f *fingerprints) Draw(screen tcell.Screen) {
	f.DrawForSubclass(screen, f)
	if at, visible := placeOf(f.Box); visible && at.h > 1 && f.notice != nil {
		f.draw(painter{screen}, at)
	}
	screen.HideCursor()
}

// beside is how many cells the words want beside the QR code: two columns of fingerprints.
const beside = 2*fingerprintCells + 2

func (f *fingerprints) draw(p painter, at rect) {
	words := i18n.KeyClose
	if f.theme.colours == 0 {
		words = i18n.KeyCloseInvert // nobody knows here whether the terminal is dark
	}
	p.fit(at.x, at.y+at.h-1, at.w, " "+f.printer.Format(words, f.keys.Key(ActCancel), f.keys.Key(ActComplete)), f.theme.style(Bar))
	at.h--
	if quiet, fits := f.code.quiet(at.w-beside-1, at.h); fits {
		w, _ := f.code.size(quiet)
		f.drawCode(p, at.x, at.y, quiet)
		f.drawRows(p, rect{at.x + w + 1, at.y, at.w - w - 1, at.h}, f.rows(at.w-w-1, true))
		return
	}
	rows := f.rows(at.w-1, true)
	if quiet, fits := f.code.quiet(at.w, at.h-len(rows)-1); fits {
		f.drawCode(p, at.x, at.y+len(rows)+1, quiet)
	} else {
		rows = f.rows(at.w-1, false)
	}
	f.drawRows(p, rect{at.x + 1, at.y, at.w - 1, at.h}, rows)
}

func (f *fingerprints) drawRows(p painter, at rect, rows []row) {
	for i := 0; i < at.h && i < len(rows); i++ {
		p.row(at.x, at.y+i, at.w, rows[i])
	}
}

func (f *fingerprints) drawCode(p painter, x, y, quiet int) {
	style := tcell.StyleDefault
	if f.theme.colours > 0 {
		style = style.Foreground(tcell.ColorWhite).Background(tcell.ColorBlack)
	}
	f.code.draw(p, x, y, quiet, style, f.inverted)
}

// rows returns the words of the page: first what is to be compared, for on a small screen the end has no room.
func (f *fingerprints) rows(cells int, coded bool) []row {
	text, about := f.theme.style(Text), f.notice.OTR
	var rows []row
	add := func(words string, style tcell.Style) {
		rows = append(rows, wrap([]span{{words, style}}, max(cells, 1))...)
	}
	ours := fingerprint{f.printer.Text(i18n.KeyOurs), im.GroupFingerprint(about.Ours)}
	if f.notice.Code == core.NoticeOTRFingerprints {
		theirs := fingerprint{f.printer.Format(i18n.KeyTheirs, f.notice.Nick), im.GroupFingerprint(about.Theirs)}
		rows = append(rows, f.pair(ours, theirs, cells)...)
		element := Unsafe
		if about.Trust == im.Verified {
			element = Safe
		}
		add(f.printer.Format(i18n.KeyTrust, f.notice.Nick, f.printer.Trust(about.Trust)), f.theme.style(element))
		add(f.printer.Text(i18n.KeyCompare), text)
	} else {
		rows = append(rows, f.single(ours, cells)...)
		add(f.printer.Text(i18n.KeyAlone), text)
	}
	rows = append(rows, nil)
	if coded {
		add(f.printer.Text(i18n.KeyScan), text)
	} else {
		add(f.printer.Text(i18n.KeyNoRoom), f.theme.style(Faint))
	}
	add(about.URI, f.theme.style(Faint))
	return rows
}

// fingerprint is one to be shown, in groups.
type fingerprint struct{ of, groups string }

// fingerprintCells is the width of one in a column: a group with a space on either side of it, and room for a name.
const fingerprintCells = 13

// pair puts two fingerprints beside each other, group by group, as eyes compare them; where that is too wide, one below the
// other.
func (f *fingerprints) pair(a, b fingerprint, cells int) []row {
	if cells < beside {
		return append(f.single(a, cells), f.single(b, cells)...)
	}
	column := func(s string) string {
		s = truncate(s, fingerprintCells)
		return s + spaces(fingerprintCells-width(s)+2)
	}
	left, right := strings.Fields(a.groups), strings.Fields(b.groups)
	rows := []row{{{column(a.of) + truncate(b.of, cells-fingerprintCells-2), f.theme.style(Title)}}}
	for i := range min(len(left), len(right)) {
		rows = append(rows, row{{column(left[i]) + right[i], f.theme.style(Text)}})
	}
	return append(rows, nil)
}

// single shows one fingerprint.
func (f *fingerprints) single(a fingerprint, cells int) []row {
	rows := []row{{{truncate(a.of, cells), f.theme.style(Title)}}}
	return append(rows, wrap([]span{{a.groups, f.theme.style(Text)}}, max(cells, 1))...)
}

// InputHandler takes all keys.
func (f *fingerprints) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return f.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) { f.key(ev) })
}

func (f *fingerprints) key(ev *tcell.EventKey) {
	switch f.keys.action(ev) {
	case ActComplete:
		f.inverted = !f.inverted
	case ActCancel, ActSend:
		f.close()
	default:
		f.close()
		f.pass(ev)
	}
}

// MouseHandler takes presses, which are for nothing behind.
func (f *fingerprints) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(f.Box, func(int, int) bool { return true }, func(int) bool { return true })
}
