package core

import (
	"slices"
	"time"

	"traboule/im"
)

// goodbyeTime is how long the client waits for the servers to take its goodbyes; unsentTime is how long it waits if there
// are messages that the servers have not acknowledged.
const (
	goodbyeTime = time.Second
	unsentTime  = 5 * time.Second
)

// unheardTime is how long an account stays before its goodbye for the server to take changes of bookmarks that nothing else keeps.
const unheardTime = 1500 * time.Millisecond

// panicTime is how long a panic waits for the other sides of OTR sessions and for the servers to hear that it is over.
const panicTime = 200 * time.Millisecond

// quitting is how far the end of the client has come.
type quitting struct {
	started, over bool
	panicking     bool
	unsent        int // messages that failed since it was started
	unheard       int // changes of bookmarks of which a server did not hear
}

// doQuit says goodbye everywhere; the client ends when all servers have heard it, or after a moment.
func (c *Core) doQuit(d Quit) {
	c.stopComposing(c.current)
	c.quit.started = true
	c.recordMarks()
	for _, conv := range c.windows {
		if conv.kind == Room {
			c.leaveRoom(conv, d.Text)
		}
	}
	wait := goodbyeTime
	if c.unsent() {
		wait = unsentTime
	}
	if c.linger() {
		wait += unheardTime
	}
	c.disconnectAll()
	c.wakeAt(c.now.Add(wait), c.giveUp)
	c.quitIfAlone()
}

// disconnectAll says goodbye to all servers.
func (c *Core) disconnectAll() {
	for _, a := range c.accounts {
		if !a.lingers {
			c.sayGoodbye(a)
		}
	}
}

func (c *Core) sayGoodbye(a *account) {
	if !a.wanted && !a.online() {
		a.gone = true
		return
	}
	a.wanted = false
	c.ask(im.Disconnect{For: c.by(a)}, func(im.Done) {
		a.gone = true
		c.quitIfAlone()
	})
}

// linger has the accounts stay a moment whose server is about to hear of bookmarks that nobody would tell it later.
func (c *Core) linger() bool {
	lingers := false
	for _, a := range c.accounts {
		if a.lingers = c.isAmnesic() && a.online() && a.bookmarks.isTelling(); a.lingers {
			lingers = true
			c.wakeAt(c.now.Add(unheardTime), func() { c.endLingering(a) })
		}
	}
	return lingers
}

// heardAll has an account that stays say goodbye as soon as its server has heard all.
func (c *Core) heardAll(a *account) {
	if !a.bookmarks.isTelling() {
		c.endLingering(a)
	}
}

func (c *Core) endLingering(a *account) {
	if a.lingers && !c.quit.over {
		a.lingers = false
		c.sayGoodbye(a)
		c.quitIfAlone()
	}
}

// tellUnheard tells how many changes of bookmarks are lost.
func (c *Core) tellUnheard() {
	for _, a := range c.accounts {
		if n := len(a.bookmarks.changed); n > 0 && c.isAmnesic() {
			c.quit.unheard += n
			c.notify(a.console.id, Notice{Code: NoticeBookmarkUnheard, Level: Warn, JID: a.jid, Count: n})
		}
	}
}

// unsent reports whether a message of ours is on its way to a server that is connected.
func (c *Core) unsent() bool {
	return slices.ContainsFunc(c.windows, func(conv *conversation) bool {
		return len(conv.outbox) > 0 && conv.account.online()
	})
}

// giveUp ends the client without waiting any longer, and tells which messages were not acknowledged.
func (c *Core) giveUp() {
	if c.quit.over {
		return
	}
	c.quit.over = true
	if c.quit.panicking {
		return // nothing is told any more
	}
	c.tellUnheard()
	for _, conv := range c.windows {
		for _, o := range slices.Clone(conv.outbox) {
			c.giveUpOn(conv, o, &im.Failure{Code: im.CodeTimeout})
		}
	}
}

// quitIfAlone ends the client that was told to, once no account is connected any more. What still waits for encryption then
// has not been sent.
func (c *Core) quitIfAlone() {
	if !c.quit.started {
		return
	}
	for _, a := range c.accounts {
		if !a.gone && a.view.State != im.Disconnected && a.view.State != im.Failed {
			return
		}
	}
	c.giveUp()
}

// hurry ends a client at once that is saying goodbye, if the user cannot wait.
func (c *Core) hurry(command Command) {
	switch command.(type) {
	case Quit:
		c.giveUp()
	case Panic:
		c.quit.panicking = true
		c.giveUp()
	}
}

// doPanic ends the client at once. Its sessions are closed, but no one is waited for who is slow to hear of it.
func (c *Core) doPanic() {
	c.quit.started, c.quit.panicking = true, true
	c.disconnectAll()
	c.wakeAt(c.now.Add(panicTime), c.giveUp)
	c.quitIfAlone()
}
