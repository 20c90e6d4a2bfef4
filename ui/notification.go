package ui

import (
	"strings"
	"time"
	"unicode"

	"traboule/core"
	"traboule/ui/i18n"
)

// Occasion is when to ring the bell.
type Occasion string

// The occasions. A mention is also any message that is for us alone.
const (
	RingNever   Occasion = "never"
	RingMention Occasion = "mention"
	RingMessage Occasion = "message"
)

// Desktop is how the terminal is asked to notify the desktop of what is for us.
type Desktop string

// The ways to notify the desktop: none, that of iTerm2 and others, that of rxvt-unicode and others.
const (
	DesktopNone   Desktop = "none"
	DesktopOSC9   Desktop = "osc9"
	DesktopOSC777 Desktop = "osc777"
)

// Showing is what a notification shows. It goes to a place that others see too: a locked screen, a log of notifications.
type Showing string

// The degrees of showing.
const (
	ShowNothing Showing = "nothing"
	ShowWho     Showing = "who"
	ShowText    Showing = "text"
)

// Notifications says when and how to notify. The zero value never does.
type Notifications struct {
	Bell    Occasion
	Desktop Desktop
	Show    Showing
}

const (
	// notifyEvery is the shortest time between two notifications: a flood must not become a siren.
	notifyEvery = 5 * time.Second
	// program is what a notification says it comes from.
	program = "traboule"
	// maxNotification bounds the text of a notification, in cells.
	maxNotification = 120
)

// notifier tells of new messages outside of the screen.
type notifier struct {
	options Notifications
	words   *i18n.Printer
	now     func() time.Time
	// write gives bytes to the terminal, all at once.
	write func(string)
	// away is set while the terminal says that another window has the keyboard.
	away bool
	last time.Time
}

// take looks at what happened and notifies once if it calls for it.
func (n *notifier) take(facts []core.Fact) {
	var worth *core.LineAdded
	for _, f := range facts {
		added, isLine := f.(core.LineAdded)
		if !isLine || !n.counts(added) {
			continue
		}
		if worth == nil || forUs(added) && !forUs(*worth) {
			worth = &added
		}
	}
	if worth != nil {
		n.notify(*worth)
	}
}

// counts reports whether a line is a fresh message of somebody else that is not being read at this moment.
func (n *notifier) counts(a core.LineAdded) bool {
	l := a.Line
	return l.Notice == nil && !l.Out && !l.Delayed && !l.Archived && (n.away || !a.Current)
}

// forUs reports whether a message is for us alone or names us.
func forUs(a core.LineAdded) bool { return a.Line.Mention || a.Kind != core.Room }

func (n *notifier) notify(a core.LineAdded) {
	bytes := ""
	if n.options.Bell == RingMessage || n.options.Bell == RingMention && forUs(a) {
		bytes = "\a"
	}
	if forUs(a) {
		bytes += n.desktop(n.text(a))
	}
	if bytes == "" || n.now().Sub(n.last) < notifyEvery {
		return
	}
	n.last = n.now()
	n.write(bytes)
}

// desktop returns the sequence that asks the terminal to notify the desktop. Its text must be fit for it.
func (n *notifier) desktop(text string) string {
	const begin, end = "\x1b]", "\x1b\\"
	switch n.options.Desktop {
	case DesktopOSC9:
		return begin + "9;" + program + ": " + text + end
	case DesktopOSC777:
		return begin + "777;notify;" + program + ";" + text + end
	}
	return ""
}

// text words a notification, with as much of who and what as the options allow.
func (n *notifier) text(a core.LineAdded) string {
	words := n.words.Text(i18n.NewMessage)
	switch who := a.Line.From; {
	case n.options.Show != ShowWho && n.options.Show != ShowText:
		if a.Line.Mention {
			words = n.words.Text(i18n.NewMention)
		}
		return words
	case a.Kind == core.Room:
		words = n.words.Format(i18n.NewMentionIn, who, a.Name)
	default:
		words = n.words.Format(i18n.NewMessageFrom, who)
	}
	if n.options.Show == ShowText {
		words += " — " + a.Line.Body
	}
	return outside(words)
}

// outside makes a text fit for a sequence that leaves the screen: one line, short, and without anything that could end the
// sequence or begin another.
func outside(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == ';':
			return ' '
		case !drawable(r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
	return truncate(clustersUpTo(text, 4*maxNotification), maxNotification)
}
