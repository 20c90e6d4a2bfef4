package ui

import (
	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// gap is how many cells part the texts of the top line.
const gap = 2

// drawTop draws which account is in use, which way its connection takes, and how it stands. Where there is no room for
// all of it, what goes without saying goes first; then the way is said in a word; then the address is cut.
func (s *status) drawTop(p painter, at rect) {
	style := s.theme.style(Bar)
	p.blank(at, style)
	a := s.account()
	if a == nil {
		p.text(at.x+1, at.y, at.w-1, s.printer.Text(i18n.TopNoAccount), style)
		return
	}
	account, way, trouble := a.Account.String(), s.way(a), s.trouble(a)
	state, stateStyle := s.connection(a), style
	if trouble != "" {
		state, stateStyle = trouble, s.barStyle(WarningText)
	}
	most := at.w / 2
	if way == "" {
		most = at.w * 2 / 3
	}
	state = truncate(state, most)
	spare := func() int { return at.w - 2 - used(account, way, state) }
	if spare() < 0 && way != "" && trouble == "" && isOnline(a) {
		state = "" // that there is a way out says as much
	}
	if spare() < 0 {
		way = s.printer.Way(a.Via)
	}
	p.text(at.x+at.w-1-width(state), at.y, width(state), state, stateStyle)
	account = truncate(account, max(width(account)+spare(), min(at.w-4-width(state), 8)))
	room := at.w - 4 - width(account) - width(state)
	p.text(at.x+1, at.y, width(account), account, style.Bold(true))
	p.text(at.x+3+width(account), at.y, room, truncate(way, room), s.wayStyle(a.Via))
}

// used is how many cells these texts take side by side, two cells apart.
func used(texts ...string) int {
	cells := -gap
	for _, text := range texts {
		if text != "" {
			cells += width(text) + gap
		}
	}
	return cells
}

// barStyle is the look of an element in the bar.
func (s *status) barStyle(e Element) tcell.Style { return s.theme.style(e).Reverse(true) }

// way words the way that a connection takes, empty while there is none.
func (s *status) way(a *core.AccountView) string {
	if a.Via == im.ViaNothing {
		return ""
	}
	return s.printer.Via(a.Via)
}

func (s *status) wayStyle(v im.Via) tcell.Style {
	if throughTor(v) {
		return s.barStyle(Safe)
	}
	return s.barStyle(WarningText)
}

func throughTor(v im.Via) bool { return v == im.ViaTor || v == im.ViaOnion }

func isOnline(a *core.AccountView) bool { return a.State == im.Connected || a.State == im.Resumed }

// trouble words what is wrong with the Tor that an account uses or waits for, empty for nothing.
func (s *status) trouble(a *core.AccountView) string {
	waits := a.State == im.WaitingForTor
	if !waits && !(isOnline(a) && throughTor(a.Via)) {
		return ""
	}
	t := &s.view.Tor
	words := i18n.TopTorGone
	switch {
	case t.Phase == im.TorGone:
		return s.printer.Text(words)
	case t.Warning == im.TorNoNetwork:
		words = i18n.TopNoNetwork
	case t.Warning == im.TorClockWrong:
		words = i18n.TopClockWrong
	case t.Warning == im.TorBlocked:
		words = i18n.TopBlocked
	default:
		return ""
	}
	if waits {
		return s.progress(a) + " · " + s.printer.Text(words)
	}
	return s.printer.Text(words)
}

// progress words how far Tor is that an account waits for.
func (s *status) progress(a *core.AccountView) string {
	switch t := &s.view.Tor; t.Phase {
	case im.TorLooking:
		return s.printer.Text(i18n.TopTorLooking)
	case im.TorStarting:
		return s.printer.Text(i18n.TopTorStarting)
	case im.TorBootstrapping:
		return s.printer.Format(i18n.TopTor, t.Progress)
	}
	return s.printer.Format(i18n.TopTor, a.Progress)
}

// connection words how an account's connection stands.
func (s *status) connection(a *core.AccountView) string {
	switch a.State {
	case im.WaitingForTor:
		return s.progress(a)
	case im.Failed:
		if a.Err != nil {
			return s.printer.Format(i18n.TopFailed, s.printer.Failure(a.Err))
		}
	case im.Connected, im.Resumed:
		if a.Show == im.Away || a.Show == im.ExtendedAway || a.Show == im.DoNotDisturb {
			return s.printer.Text(i18n.TopAway)
		}
		return s.printer.Connection(im.Connected)
	case im.Disconnected:
		if !a.RetryAt.IsZero() {
			return s.printer.Connection(a.State) + " · " + s.printer.Format(i18n.TopRetry, s.printer.Clock(a.RetryAt))
		}
	}
	return s.printer.Connection(a.State)
}
