package ui

import (
	"slices"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// drawReaders says who can read what is typed, and what can be done about it. Where there is little room it says it in fewer
// words, never in half ones: what is cut off could turn the meaning round.
func (s *status) drawReaders(p painter, at rect) {
	wordings, element := s.readers(&s.view.Current)
	text := fitting(wordings, at.w)
	if way := remedy(&s.view.Current); way != "" && width(text+way)+3 <= at.w {
		text += " · " + way
	}
	if width(text) < at.w {
		at.x, at.w = at.x+1, at.w-1
	}
	p.text(at.x, at.y, at.w, truncate(text, at.w), s.theme.style(element))
}

// fitting returns the first of some wordings that has room, or the last one.
func fitting(wordings []string, cells int) string {
	for _, text := range wordings {
		if width(text) <= cells {
			return text
		}
	}
	return wordings[len(wordings)-1]
}

// readers words who can read what is typed, from the longest wording to the shortest.
func (s *status) readers(w *core.Window) ([]string, Element) {
	text, named := s.printer.Text, func(key i18n.Key) string { return s.printer.Format(key, w.Name) }
	switch {
	case w.Kind == core.Console:
		return []string{text(i18n.ReadersNobody), text(i18n.ReadersNobodyShort)}, Faint
	case w.Kind == core.Room && !w.Joined:
		return []string{text(i18n.ReadersOutside), text(i18n.ReadersOutsideShort)}, Unsafe
	case w.Kind == core.Room:
		return s.roomReaders(w), Unsafe
	}
	switch w.Protection {
	case core.Starting:
		return []string{named(i18n.ReadersStarting), text(i18n.TitleStarting)}, Unsafe
	case core.EncryptedUnverified:
		return []string{named(i18n.ReadersUnverified), text(i18n.TitleUnverified)}, Unsafe
	case core.EncryptedVerified:
		return []string{named(i18n.ReadersVerified), text(i18n.TitleVerified)}, Safe
	case core.Finished:
		return []string{named(i18n.ReadersFinished), text(i18n.ReadersFinishedShort)}, WarningText
	}
	return []string{text(i18n.ReadersPlain), text(i18n.TitlePlain)}, Unsafe
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

func (s *status) roomReaders(w *core.Window) []string {
	has := func(flag im.RoomFlag) bool { return slices.Contains(w.Flags, flag) }
	who, short := s.printer.Text(i18n.ReadersRoom), s.printer.Text(i18n.ReadersRoomShort)
	if has(im.FlagPublic) && !has(im.FlagMembersOnly) && !has(im.FlagPassword) {
		who, short = s.printer.Text(i18n.ReadersPublic), s.printer.Text(i18n.ReadersPublicShort)
	}
	if !has(im.FlagLogged) {
		return []string{who, short}
	}
	logged := s.printer.Text(i18n.ReadersLoggedShort)
	return []string{who + " · " + s.printer.Text(i18n.ReadersLogged), who + " · " + logged, short + " · " + logged}
}
