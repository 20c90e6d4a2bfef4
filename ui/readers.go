package ui

import (
	"slices"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// drawReaders says who can read what is typed, and what can be done about it.
func (s *status) drawReaders(p painter, at rect) {
	text, element := s.readers(&s.view.Current)
	if way := remedy(&s.view.Current); way != "" && width(text+way)+3 <= at.w {
		text += " · " + way
	}
	if width(text) < at.w {
		at.x, at.w = at.x+1, at.w-1
	}
	p.text(at.x, at.y, at.w, truncate(text, at.w), s.theme.style(element))
}

func (s *status) readers(w *core.Window) (string, Element) {
	switch {
	case w.Kind == core.Console:
		return s.printer.Text(i18n.ReadersNobody), Faint
	case w.Kind == core.Room:
		return s.roomReaders(w), Unsafe
	}
	switch w.Protection {
	case core.Starting:
		return s.printer.Format(i18n.ReadersStarting, w.Name), Unsafe
	case core.EncryptedUnverified:
		return s.printer.Format(i18n.ReadersUnverified, w.Name), Unsafe
	case core.EncryptedVerified:
		return s.printer.Format(i18n.ReadersVerified, w.Name), Safe
	case core.Finished:
		return s.printer.Format(i18n.ReadersFinished, w.Name), WarningText
	}
	return s.printer.Text(i18n.ReadersPlain), Unsafe
}

// remedy returns the command that betters the protection of a conversation, empty where there is none.
func remedy(w *core.Window) string {
	if w.Kind == core.Console || w.Kind == core.Room || !slices.ContainsFunc(core.Commands(), isOTR) {
		return ""
	}
	switch w.Protection {
	case core.Plain, core.Finished:
		return "/otr start"
	case core.EncryptedUnverified:
		return "/otr ask"
	}
	return ""
}

func isOTR(c core.CommandInfo) bool { return c.Name == "otr" }

func (s *status) roomReaders(w *core.Window) string {
	if !w.Joined {
		return s.printer.Text(i18n.ReadersOutside)
	}
	open, logged := false, false
	for _, flag := range w.Flags {
		open = open || flag == im.FlagPublic
		logged = logged || flag == im.FlagLogged
	}
	for _, flag := range w.Flags {
		if flag == im.FlagMembersOnly || flag == im.FlagPassword {
			open = false
		}
	}
	text := s.printer.Text(i18n.ReadersRoom)
	if open {
		text = s.printer.Text(i18n.ReadersPublic)
	}
	if logged {
		text += " · " + s.printer.Text(i18n.ReadersLogged)
	}
	return text
}
