package ui

import (
	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// drawTop draws which account is in use, which way its connection takes, and how it stands. Where there is no room for
// all of it, the address is cut first.
func (s *status) drawTop(p painter, at rect) {
	style := s.theme.style(Bar)
	p.blank(at, style)
	a := s.account()
	if a == nil {
		p.text(at.x+1, at.y, at.w-1, s.printer.Text(i18n.TopNoAccount), style)
		return
	}
	way, state := s.printer.Via(a.Via), s.connection(a)
	if a.Via == im.ViaNothing {
		way = ""
	}
	if way != "" && a.State >= im.Connected && a.State <= im.Resumed && width(a.Account.String()+way+state) > at.w-6 {
		state = "" // that there is a way out says as much
	}
	state = truncate(state, at.w/2)
	p.text(at.x+at.w-1-width(state), at.y, width(state), state, style)
	room := at.w - 3 - width(state)
	address := truncate(a.Account.String(), max(room-width(way)-2, min(room, 8)))
	used := p.text(at.x+1, at.y, room, address, style.Bold(true))
	if way != "" {
		p.text(at.x+1+used+2, at.y, room-used-2, truncate(way, room-used-2), style)
	}
}

// connection words how an account's connection stands.
func (s *status) connection(a *core.AccountView) string {
	switch a.State {
	case im.WaitingForTor:
		return s.printer.Format(i18n.TopTor, a.Progress)
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
