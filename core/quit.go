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

// panicTime is how long a panic waits for the other sides of OTR sessions and for the servers to hear that it is over.
const panicTime = 200 * time.Millisecond

// quitting is how far the end of the client has come.
type quitting struct {
	started, over bool
	panicking     bool
	unsent        int // messages that failed since it was started
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
	c.disconnectAll()
	c.wakeAt(c.now.Add(wait), c.giveUp)
	c.quitIfAlone()
}

// disconnectAll says goodbye to all servers.
func (c *Core) disconnectAll() {
	for _, a := range c.accounts {
		if !a.wanted && !a.online() {
			a.gone = true
			continue
		}
		a.wanted = false
		c.ask(im.Disconnect{For: c.by(a)}, func(im.Done) {
			a.gone = true
			c.quitIfAlone()
		})
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
