package ui

import (
	"io"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// Options are what a Screen starts with.
type Options struct {
	Printer *i18n.Printer // required
	Theme   Theme
	// Keys says what each key does; nil for the default keys.
	Keys *KeyMap
	// Notifications says when and how to tell of new messages outside of the screen.
	Notifications Notifications
	// NoMouse leaves the mouse to the terminal, for marking text without Shift.
	NoMouse bool
	// Screen is where to draw, nil for the terminal that the program runs in. It must not be initialised yet.
	Screen tcell.Screen
	// Opened, unless nil, is called once the terminal was taken.
	Opened func()
	// Env looks up environment variables; nil for none.
	Env func(string) string
	// Now is the clock; nil for that of the system.
	Now func() time.Time
}

// Screen is the front end in a terminal. All its state belongs to the goroutine that calls Run, on which tview calls
// everything: the UI goroutine.
type Screen struct {
	common
	options Options
	keys    *KeyMap
	app     *tview.Application
	screen  *terminal
	root    *root

	view      core.View
	status    status
	sidebar   *sidebar
	occupants *occupants
	messages  *messages
	help      *help
	keyPage   *fingerprints
	privacy   *privacy
	found     *found
	panel     *panel
	input     *input
	search    *search
	secret    *secret
	notifier  notifier
	parts     []part // from top to bottom; the last one is the input

	layout   layout
	noList   bool // the user has hidden the column
	noPeople bool

	// post hands a command on without waiting for the client.
	post     func(core.Command)
	outgoing chan core.Command
	later    chan func()
	failed   chan struct{} // closed when failure is set
	ended    chan struct{} // closed when Run ends
	failure  error
}

// New returns a Screen that does not touch the terminal until Run.
func New(o Options) *Screen {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	if o.Keys == nil {
		o.Keys, _ = NewKeyMap(nil) // the default keys are right, as a test proves
	}
	s := &Screen{
		options: o, keys: o.Keys, app: tview.NewApplication(),
		outgoing: make(chan core.Command), later: make(chan func()), failed: make(chan struct{}), ended: make(chan struct{}),
	}
	s.post = s.handOver
	s.common = common{theme: o.Theme.prepared(0), now: o.Now, send: s.queue, after: s.afterwards}
	s.status = status{printer: o.Printer, theme: s.theme, keys: s.keys, view: &s.view}
	s.sidebar = newSidebar(o.Printer, s.theme, s.keys)
	s.occupants = newOccupants(o.Printer, s.theme, s.keys)
	s.messages = newMessages(o.Printer, s.theme, s.keys, o.Now)
	s.help = newHelp(o.Printer, s.theme, s.keys)
	s.keyPage = newFingerprints(o.Printer, s.theme, s.keys)
	s.privacy = newPrivacy(o.Printer, s.theme, s.keys)
	s.found = newFound(o.Printer, s.theme, s.keys)
	s.notifier = notifier{options: o.Notifications, words: o.Printer, now: o.Now, write: s.write}
	s.addParts()
	s.addPages()
	return s
}

// addParts makes what stands below the messages and joins it to the rest.
func (s *Screen) addParts() {
	s.panel = newPanel(s.common, s.options.Printer, s.keys)
	s.search = newSearch(s.common, s.options.Printer, s.keys, s.messages.words)
	s.input = newInput(s.common, s.options.Printer, s.keys)
	s.search.found = func(seq uint64, query string) {
		s.messages.goTo(seq)
		s.messages.highlight(query)
	}
	s.search.done = func() { s.messages.highlight("") }
	s.search.turned, s.search.pass = s.refocus, s.pass
	s.input.pass = s.pass
	s.input.ask = s.panel.ask
	s.panel.prepare = func(in core.ConversationID, text string) { s.input.prepare(in, text) }
	s.input.sent = s.messages.scrollToBottom
	s.secret = newSecret(s.common, s.options.Printer, s.keys)
	s.secret.typing = func() bool { return s.input.draft() != "" || s.search.open }
	s.input.elsewhere = func() bool { return s.search.open || s.secret.open() }
	s.parts = []part{s.secret, s.panel, s.search, s.input}
}

// addPages puts everything on its page.
func (s *Screen) addPages() {
	main := newPage(s)
	s.root = newRoot(s.guard)
	s.root.AddPage(mainPage, main, true, true)
	s.root.AddPage(conversationsPage, s.sidebar, false, false)
	s.root.AddPage(occupantsPage, s.occupants, false, false)
	s.root.AddPage(helpPage, s.help, true, false)
	s.root.AddPage(fingerprintsPage, s.keyPage, true, false)
	s.root.AddPage(privacyPage, s.privacy, true, false)
	s.root.AddPage(foundPage, s.found, true, false)
	s.privacy.close, s.privacy.send = s.closePrivacy, s.send
	s.found.close, s.found.choose = s.closeFound, s.chooseFound
	s.messages.older = func(c core.Older) { s.post(core.At{Window: s.view.Current.Window, Command: c}) }
	s.keyPage.close = func() { s.root.HidePage(fingerprintsPage) }
	s.keyPage.pass = s.passBehind
	s.sidebar.behind, s.occupants.behind = main, main
	s.sidebar.close, s.occupants.close = s.root.hideColumns, s.root.hideColumns
	s.sidebar.choose, s.occupants.choose = s.choose, s.chooseOccupant
	s.sidebar.walk = func(rows int) { s.send(core.SelectNext{N: rows}) }
	s.occupants.walk = s.occupants.list.scroll
	s.help.close = s.toggleHelp
}

// queue keeps a command until the client takes it. What may lead to another conversation ends the typing in this one first.
func (s *Screen) queue(given core.Command) {
	c := given
	if at, says := given.(core.At); says {
		c = at.Command
	}
	if help, asked := c.(core.Help); asked && help.Topic == "" {
		s.toggleHelp() // the page tells more than lines between the messages could
		return
	}
	if p, asked := c.(core.Privacy); asked && !p.Set {
		s.openPrivacy()
		return
	}
	switch c.(type) {
	case core.Compose, core.Say, core.Correct, core.Focus, core.Answer, core.Draft, core.WatchPrivacy:
	default:
		s.input.stopTyping()
	}
	s.post(given)
	if leads(c) {
		s.input.lead()
	}
}

// write gives bytes to the terminal beside what is drawn. They go out in one piece, so they never stand inside of a frame.
func (s *Screen) write(bytes string) {
	if tty, found := s.screen.Tty(); found {
		_, _ = io.WriteString(tty, bytes) // a terminal that is gone shows in its events
	}
}

func (s *Screen) afterwards(d time.Duration, f func()) {
	time.AfterFunc(d, func() { s.call(f) })
}

// update takes what happened since the last update.
func (s *Screen) update(u core.Update) {
	s.settle()
	if u.View.Current.ID != s.view.Current.ID {
		s.panel.leave()
		if s.layout.narrow {
			s.root.hideColumns()
		}
	}
	// Each piece keeps the View it was given to see what the next one changes, so each View has a place of its own.
	view := &u.View
	s.view = *view
	s.status.follow(view)
	s.sidebar.follow(view)
	s.occupants.follow(view)
	s.messages.follow(view)
	s.privacy.follow(view)
	if s.found.follow(view) {
		s.root.hideColumns()
		s.root.ShowPage(foundPage)
	}
	for _, p := range s.parts {
		p.follow(view)
	}
	s.notifier.take(u.Facts)
	s.input.takeBack(u.Facts)
	for _, f := range u.Facts {
		if s.keyPage.shown(f, view.Current.ID) {
			s.root.hideColumns()
			s.root.ShowPage(fingerprintsPage)
		}
		if place, told := f.(core.LineShown); told && place.Conversation == view.Current.ID {
			s.showFound(place.Seq)
		}
	}
}

// do carries out an action on the whole screen.
func (s *Screen) do(a Action) {
	switch a {
	case ActHelp:
		s.toggleHelp()
	case ActNextUnread:
		s.send(core.SelectUnread{})
	case ActNextWindow:
		s.send(core.SelectNext{N: 1})
	case ActPreviousWindow:
		s.send(core.SelectNext{N: -1})
	case ActScrollUp:
		s.messages.turn(s.page())
	case ActScrollDown:
		s.messages.turn(-s.page())
	case ActScrollTop:
		s.messages.scrollToTop()
		s.messages.reach()
	case ActScrollBottom:
		s.messages.scrollToBottom()
	case ActSearch:
		s.search.start()
	case ActConversations:
		s.toggleList()
	case ActOccupants:
		s.togglePeople()
	case ActRedraw:
		s.screen.Sync()
	case ActSuspend:
		s.suspend()
	default:
		s.selectNumber(a)
	}
}

// page is how far a page goes: one row of the last one stays.
func (s *Screen) page() int { return max(s.layout.messages.h-1, 1) }

func (s *Screen) selectNumber(a Action) {
	if number, found := strings.CutPrefix(string(a), string(ActWindow)); found {
		s.send(core.Win{Number: int(number[0] - '0')})
	}
}

func (s *Screen) toggleList() {
	if s.layout.narrow {
		s.root.toggleColumn(conversationsPage)
		return
	}
	s.noList = !s.noList
}

func (s *Screen) togglePeople() {
	if width, _ := s.screen.Size(); width < peopleFrom {
		s.root.toggleColumn(occupantsPage)
		return
	}
	s.noPeople = !s.noPeople
}

// openPrivacy shows what is disclosed, as it is from now on.
func (s *Screen) openPrivacy() {
	s.root.hideColumns()
	s.privacy.open()
	s.root.ShowPage(privacyPage)
	s.post(core.WatchPrivacy{Shown: true})
}

func (s *Screen) closePrivacy() {
	s.root.HidePage(privacyPage)
	s.post(core.WatchPrivacy{})
}

func (s *Screen) closeFound() {
	s.root.HidePage(foundPage)
	s.post(core.CloseSearch{})
}

// chooseFound goes to one of the lines that were found.
func (s *Screen) chooseFound(number int) {
	s.root.HidePage(foundPage)
	s.queue(core.ShowFound{Number: number})
}

// showFound shows a line that was looked for, with the word marked.
func (s *Screen) showFound(seq uint64) {
	s.root.HidePage(foundPage)
	if words := strings.Fields(s.view.Search.Query.Text); len(words) > 0 {
		s.messages.highlight(words[0])
	}
	s.messages.goTo(seq)
}

func (s *Screen) toggleHelp() {
	if s.root.front() == helpPage {
		s.root.HidePage(helpPage)
		return
	}
	s.help.offset = 0
	s.root.ShowPage(helpPage)
}
