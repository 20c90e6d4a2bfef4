package ui

import (
	"strconv"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// sidebar lists the conversations: rooms, people, and the consoles of the accounts.
type sidebar struct {
	column
	// choose goes to a conversation.
	choose  func(core.ConversationID)
	printer *i18n.Printer
	theme   *Theme
	view    *core.View
	rows    []listRow
	twins   map[im.JID]bool     // those that several accounts talk with
	shown   core.ConversationID // what was current when the list was last scrolled by itself
}

func newSidebar(p *i18n.Printer, t *Theme, keys *KeyMap) *sidebar {
	return &sidebar{column: newColumn(keys), printer: p, theme: t, view: &core.View{}}
}

func (s *sidebar) follow(v *core.View) {
	s.view = v
	s.rows = s.rows[:0]
	s.twins = twins(v.Conversations)
	s.section(i18n.Accounts, core.Console)
	s.section(i18n.Rooms, core.Room)
	s.section(i18n.People, core.Person, core.Occupant)
}

// section adds a heading and the conversations of some kinds, in the order of the View; without any it adds nothing.
func (s *sidebar) section(heading i18n.Key, kinds ...core.ConversationKind) {
	headed := false
	for i := range s.view.Conversations {
		c := &s.view.Conversations[i]
		if c.Kind != kinds[0] && c.Kind != kinds[len(kinds)-1] {
			continue
		}
		if !headed {
			style := s.theme.style(Title)
			s.rows = append(s.rows, listRow{left: s.printer.Text(heading), leftStyle: style, of: -1})
			headed = true
		}
		s.conversation(i, c)
	}
}

func (s *sidebar) conversation(i int, c *core.ConversationView) {
	number := windowNumber(i, c)
	r := listRow{left: number + " " + s.name(c), leftStyle: s.theme.style(Text), of: i}
	r.right, r.rightStyle = s.word(c)
	r.yields = isPresenceWord(c)
	switch {
	case c.ID == s.view.Current.ID:
		r.left, r.leftStyle = number+"▸"+s.name(c), s.theme.style(Selected)
	case c.Unread > 0:
		r.leftStyle = s.theme.style(Unread)
	case c.Kind == core.Room && !c.Joined, c.Kind == core.Person && c.Show == im.Offline:
		r.leftStyle = s.theme.style(Faint)
	}
	under := listRow{leftStyle: s.theme.style(Panel), of: i}
	switch {
	case c.Asking:
		r.left, r.right, r.leftStyle = number+"?"+s.name(c), "", under.leftStyle
		under.left = "   " + s.printer.Text(i18n.WantsToTalk)
	case s.twins[c.ID.Peer]:
		under.left, under.leftStyle = "   "+core.CleanJID(c.ID.Account), s.theme.style(Faint)
	default:
		s.rows = append(s.rows, r)
		return
	}
	s.rows = append(s.rows, r, under)
}

// windowNumber returns the digit that goes to the window of row i of the View with Alt, or a space: the windows come first.
func windowNumber(i int, c *core.ConversationView) string {
	if c.Closed || i >= 9 {
		return " "
	}
	return strconv.Itoa(i + 1)
}

// twins returns the addresses that several accounts have a conversation with: their rows name the account.
func twins(conversations []core.ConversationView) map[im.JID]bool {
	first, found := map[im.JID]im.JID{}, map[im.JID]bool{}
	for i := range conversations {
		id := conversations[i].ID
		if account, seen := first[id.Peer]; seen && account != id.Account && !id.IsConsole() {
			found[id.Peer] = true
		}
		first[id.Peer] = id.Account
	}
	return found
}

// name returns what to call a conversation in a narrow column. The server of an address is left out if it is our own. What
// is not in the roster never looks like a name that is.
func (s *sidebar) name(c *core.ConversationView) string {
	peer := c.ID.Peer
	if c.Kind == core.Person && c.Name == peer.String() && peer.Domain() == c.ID.Account.Domain() && peer.Local() != "" {
		return peer.Local() + "@…"
	}
	return conversationName(c)
}

// conversationName returns what to call a conversation: an occupant with the room first, so that no nickname passes for a
// contact.
func conversationName(c *core.ConversationView) string {
	switch {
	case c.Name == "":
		return title
	case c.Kind == core.Occupant:
		return c.ID.Peer.Local() + "/" + c.Name
	}
	return c.Name
}

// word returns what there is to know about a conversation: what is unread, else how it is protected, else whether anybody
// is there.
func (s *sidebar) word(c *core.ConversationView) (string, tcell.Style) {
	faint := s.theme.style(Faint)
	switch {
	case c.Mentions > 0:
		return strconv.Itoa(c.Mentions) + "! " + strconv.Itoa(c.Unread), s.theme.style(MentionMark)
	case c.Unread > 0:
		return strconv.Itoa(c.Unread), s.theme.style(Unread)
	case c.Kind == core.Room && !c.Joined:
		return s.printer.Text(i18n.NotJoined), faint
	case c.Kind == core.Room || c.Kind == core.Console:
		return "", faint
	case c.Protection == core.EncryptedVerified, c.Protection == core.Finished:
		return s.printer.Text(shortProtection(c.Protection)), s.theme.style(protectionElement(c.Protection))
	case c.Protection != core.Plain:
		return s.printer.Text(shortProtection(c.Protection)), faint
	case c.Kind == core.Occupant && c.Show != im.Offline:
		return "", faint
	case c.Show == im.Online || c.Show == im.FreeForChat:
		return s.printer.Text(i18n.ShortPlain), faint
	}
	return s.printer.Text(shortShow(c.Show)), faint
}

// isPresenceWord reports whether the word about a conversation only tells who is there: its name matters more.
func isPresenceWord(c *core.ConversationView) bool {
	here := c.Show == im.Online || c.Show == im.FreeForChat
	return c.Unread == 0 && (c.Kind == core.Room || c.Protection == core.Plain && !here)
}

func shortProtection(p core.Protection) i18n.Key {
	switch p {
	case core.Starting:
		return i18n.ShortStarting
	case core.EncryptedUnverified:
		return i18n.ShortUnverified
	case core.EncryptedVerified:
		return i18n.ShortVerified
	case core.Finished:
		return i18n.ShortFinished
	case core.Required:
		return i18n.ShortRequired
	}
	return i18n.ShortPlain
}

func shortShow(s im.Show) i18n.Key {
	switch s {
	case im.Away, im.ExtendedAway:
		return i18n.ShortAway
	case im.DoNotDisturb:
		return i18n.ShortBusy
	case im.Online, im.FreeForChat:
		return i18n.ShortOnline
	}
	return i18n.ShortOffline
}

// Draw draws the column.
func (s *sidebar) Draw(screen tcell.Screen) {
	s.DrawForSubclass(screen, s)
	if at, visible := placeOf(s.Box); visible {
		s.draw(painter{screen}, at)
	}
}

// MouseHandler takes presses and the wheel.
func (s *sidebar) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(s.Box, s.press, s.wheel)
}

// press goes to the conversation at a place of the screen.
func (s *sidebar) press(x, y int) bool {
	if id, ok := s.hit(x, y); ok {
		s.choose(id)
	}
	return true
}

func (s *sidebar) draw(p painter, at rect) {
	if s.shown != s.view.Current.ID {
		s.shown = s.view.Current.ID
		s.reveal(at.h)
	}
	s.list.draw(p, at, len(s.rows), func(i int) listRow { return s.rows[i] })
}

func (s *sidebar) reveal(height int) {
	for i, r := range s.rows {
		if r.of >= 0 && s.view.Conversations[r.of].ID == s.shown {
			s.list.reveal(i, height)
		}
	}
}

// hit returns the conversation at a place of the screen.
func (s *sidebar) hit(x, y int) (core.ConversationID, bool) {
	of, ok := s.list.hit(x, y)
	if !ok || of >= len(s.view.Conversations) {
		return core.ConversationID{}, false
	}
	return s.view.Conversations[of].ID, true
}
