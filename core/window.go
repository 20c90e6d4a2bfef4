package core

import "slices"

// show puts a conversation on screen. What was on screen before is read up to here.
func (c *Core) show(conv *conversation) {
	if conv == c.current {
		return
	}
	if c.current != nil && c.looking {
		c.current.readUpTo = c.current.log.Next()
	}
	c.stopComposing(c.current)
	c.current = conv
	if c.looking {
		c.markSeen(conv)
		c.look(conv)
	}
	c.touch(dirtyRows)
}

// where returns the conversation where the command that is carried out was given: the current one, unless it says another.
func (c *Core) where() *conversation {
	if c.given != nil {
		return c.given
	}
	return c.current
}

// window returns the window with a number, or a console, where nothing can be said, if it is closed.
func (c *Core) window(number uint64) *conversation {
	for _, conv := range c.windows {
		if conv.window == number {
			return conv
		}
	}
	if a := c.currentAccount(); a != nil {
		return a.console
	}
	return c.windows[0]
}

// pointing adds to a notice the name and number of the first window of a sort, for the user to go there.
func (c *Core) pointing(n Notice, sort func(*conversation) bool) Notice {
	for i, conv := range c.listed() {
		if sort(conv) {
			n.Text, n.Count = conv.name(), i+1
			return n
		}
	}
	return n
}

// listed returns the windows as they are shown: the client's own console only where it is needed.
func (c *Core) listed() []*conversation {
	own := c.windows[0]
	if len(c.accounts) == 0 || own == c.current || own.log.Len() > 0 {
		return c.windows
	}
	return c.windows[1:]
}

func (c *Core) doFocus(d Focus) {
	if c.looking == d.Looking {
		return
	}
	c.looking = d.Looking
	if !d.Looking {
		c.current.readUpTo = c.current.log.Next()
		return
	}
	c.markSeen(c.current)
	c.look(c.current)
}

func (c *Core) doSelectNext(d SelectNext) {
	listed := c.listed()
	i := (slices.Index(listed, c.current) + d.N) % len(listed)
	if i < 0 {
		i += len(listed)
	}
	c.show(listed[i])
}

// doSelectUnread goes to the next window with a mention, else with a message to us alone, else with any line unread.
func (c *Core) doSelectUnread() {
	tests := []func(*conversation) bool{
		func(v *conversation) bool { return v.mentions > 0 },
		func(v *conversation) bool { return v.unread > 0 && v.rank() == 2 },
		func(v *conversation) bool { return v.unread > 0 },
	}
	listed := c.listed()
	from := slices.Index(listed, c.current)
	for _, test := range tests {
		for i := range listed {
			if v := listed[(from+1+i)%len(listed)]; test(v) {
				c.show(v)
				return
			}
		}
	}
}
