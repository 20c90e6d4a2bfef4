package ui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// status words the lines above and below the messages: which account, which way out, what conversation, who can read.
type status struct {
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	view    *core.View
}

func (s *status) follow(v *core.View) { s.view = v }

// account returns the account of the window on screen, or the first there is.
func (s *status) account() *core.AccountView {
	for i := range s.view.Accounts {
		if s.view.Accounts[i].Account == s.view.Current.Account {
			return &s.view.Accounts[i]
		}
	}
	if len(s.view.Accounts) > 0 {
		return &s.view.Accounts[0]
	}
	return nil
}

// drawTitle draws what the conversation is, and at the right how it is protected.
func (s *status) drawTitle(p painter, at rect) {
	w := &s.view.Current
	right, style := s.titleProtection(w)
	p.text(at.x+at.w-width(right), at.y, width(right), right, style)
	room := at.w
	if right != "" {
		room -= width(right) + 1
	}
	name := conversationName(&w.ConversationView)
	used := p.text(at.x, at.y, room, truncate(name, room), s.theme.style(Title))
	if facts := s.titleFacts(w); facts != "" && room-used > 5 {
		p.text(at.x+used+2, at.y, room-used-2, truncate(facts, room-used-2), s.theme.style(Text))
	}
}

func (s *status) titleProtection(w *core.Window) (string, tcell.Style) {
	if w.Kind == core.Console {
		return "", tcell.StyleDefault
	}
	text := s.printer.Protected(w.Protection)
	if w.OTRVersion == 2 {
		text = s.printer.Format(i18n.TitleVersion, text, w.OTRVersion)
	}
	return text, s.theme.style(protectionElement(w.Protection))
}

// protectionElement is what a word about a protection looks like, which never says more than the word.
func protectionElement(by core.Protection) Element {
	switch by {
	case core.EncryptedVerified:
		return Safe
	case core.Finished:
		return WarningText
	}
	return Unsafe
}

// titleFacts returns what stands behind the name: a room's properties and number of people, a person's address.
func (s *status) titleFacts(w *core.Window) string {
	var facts []string
	add := func(fact string) {
		if fact != "" && fact != w.Name {
			facts = append(facts, fact)
		}
	}
	switch w.Kind {
	case core.Room:
		add(s.printer.Flags(notable(w.Flags)))
		if w.Joined {
			add(s.printer.Format(i18n.TitlePeople, len(w.Occupants)))
		} else {
			add(s.printer.Text(i18n.NotJoined))
		}
	case core.Person:
		add(w.ID.Peer.String())
		add(s.printer.Show(w.Show))
	case core.Occupant:
		add(w.ID.Peer.Bare().String())
	}
	return strings.Join(facts, " · ")
}

// notable returns the properties of a room that its title names: what is not as usual and matters to whoever speaks there.
func notable(flags []im.RoomFlag) []im.RoomFlag {
	usual := []im.RoomFlag{im.FlagSemiAnonymous, im.FlagPersistent, im.FlagTemporary}
	return slices.DeleteFunc(slices.Clone(flags), func(f im.RoomFlag) bool { return slices.Contains(usual, f) })
}

// subject returns what stands under the title: a room's subject, what a person says of their presence.
func (s *status) subject() string {
	text := s.view.Current.Subject
	if s.view.Current.Kind != core.Room {
		text = s.view.Current.Status
	}
	return strings.Join(strings.Fields(text), " ")
}

func (s *status) drawSubject(p painter, at rect) {
	p.text(at.x, at.y, at.w, truncate(s.subject(), at.w), s.theme.style(Text))
}

// drawReaders says who can read what is typed, and what can be done about it.
func (s *status) drawReaders(p painter, at rect) {
	w := &s.view.Current
	text, element := s.readers(w)
	if width(text) > at.w {
		text = s.readersShort(w, text)
	}
	if way := s.remedy(w); way != "" && width(text+way)+3 <= at.w {
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
	name, element := truncate(w.Name, maxReadersName), protectionElement(w.Protection)
	switch w.Protection {
	case core.Starting:
		return s.printer.Format(i18n.ReadersStarting, name), element
	case core.EncryptedUnverified:
		return s.printer.Format(i18n.ReadersUnverified, name), element
	case core.EncryptedVerified:
		return s.printer.Format(i18n.ReadersVerified, name), element
	case core.Finished:
		return s.printer.Format(i18n.ReadersFinished, name), element
	case core.Required:
		return s.printer.Text(i18n.ReadersRequired), element
	}
	return s.printer.Text(i18n.ReadersPlain), element
}

// maxReadersName is the most cells of a name in the line about who can read: it must not push out what the line says.
const maxReadersName = 24

// readersShort says who can read in fewer words, where there is not room for all.
func (s *status) readersShort(w *core.Window, text string) string {
	switch {
	case w.Kind == core.Console || w.Kind == core.Room:
		return text
	case w.Protection == core.Finished:
		return s.printer.Text(i18n.ReadersFinishedShort)
	case w.Protection == core.Required:
		return s.printer.Text(i18n.ReadersRequiredShort)
	}
	return s.printer.Protected(w.Protection)
}

// remedy returns what betters the protection of a conversation, empty where nothing does.
func (s *status) remedy(w *core.Window) string {
	switch {
	case w.Kind == core.Console || w.Kind == core.Room:
		return ""
	case w.Protection == core.Plain && w.NeverOTR:
		return "/otr policy manual"
	case w.Protection == core.Plain || w.Protection == core.Required:
		return "/otr start"
	case w.Protection == core.Finished:
		return s.printer.Text(i18n.RemedyFinished)
	case w.Protection == core.EncryptedUnverified && w.OTRVersion == 2:
		return "/otr fingerprint" // a question proves nothing there
	case w.Protection == core.EncryptedUnverified:
		return "/otr ask"
	}
	return ""
}

func (s *status) roomReaders(w *core.Window) string {
	switch {
	case w.Held:
		return s.printer.Text(i18n.ReadersHeld)
	case !w.Joined:
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

// typing says who is writing at the moment, empty for nobody.
func (s *status) typing() string {
	names := s.view.Current.Typing
	switch len(names) {
	case 0:
		return ""
	case 1:
		return s.printer.Format(i18n.TypingOne, names[0])
	}
	return s.printer.Format(i18n.TypingMany, strings.Join(names, ", "))
}

// hint is a key worth knowing now. Those of low rank are the first to go where there is no room.
type hint struct {
	text string
	rank int
}

// drawHints names the keys that matter now, as many as fit.
func (s *status) drawHints(p painter, at rect, hints []hint) {
	line := hintLine(hints)
	for rank := 1; width(line) > at.w-1 && len(hints) > 0; rank++ {
		hints = slices.DeleteFunc(hints, func(h hint) bool { return h.rank == rank })
		line = hintLine(hints)
	}
	p.text(at.x+1, at.y, at.w-1, line, s.theme.style(Faint))
}

func hintLine(hints []hint) string {
	texts := make([]string, len(hints))
	for i, h := range hints {
		texts[i] = h.text
	}
	return strings.Join(texts, " · ")
}

func (s *status) hints(scrolled, narrow bool) []hint {
	var hints []hint
	add := func(rank int, words i18n.Key, a Action) { hints = append(hints, s.hint(rank, words, a)...) }
	if scrolled {
		add(5, i18n.HintBack, ActScrollBottom)
	}
	if narrow {
		add(4, i18n.HintConversations, ActConversations)
	}
	add(3, i18n.HintUnread, ActNextUnread)
	add(1, i18n.HintComplete, ActComplete)
	add(6, i18n.HintHelp, ActHelp)
	return append(hints, hint{s.printer.Text(i18n.HintQuit), 2})
}

// questionHints are for a question over the input.
func (s *status) questionHints() []hint {
	return slices.Concat(s.hint(1, i18n.HintOther, ActComplete), s.hint(3, i18n.HintAnswer, ActSend), s.hint(2, i18n.HintClose, ActCancel))
}

// searchHints are for the search.
func (s *status) searchHints() []hint {
	return slices.Concat(s.hint(2, i18n.HintOlder, ActSend), s.hint(1, i18n.HintNewer, ActDown), s.hint(3, i18n.HintClose, ActCancel))
}

// hint names the key of an action; nothing if it has none.
func (s *status) hint(rank int, words i18n.Key, a Action) []hint {
	key := s.keys.Key(a)
	if key == "" {
		return nil
	}
	return []hint{{s.printer.Format(words, key), rank}}
}
