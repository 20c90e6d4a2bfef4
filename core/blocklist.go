package core

import (
	"slices"

	"traboule/im"
)

func (c *Core) doBlock(d Block) {
	if a := c.needOnline(); a != nil {
		c.carry(im.Block{For: c.by(a), JID: d.JID}, Notice{Code: NoticeBlocked, JID: d.JID},
			Notice{Code: NoticeBlockFailed, JID: d.JID})
	}
}

func (c *Core) doUnblock(d Unblock) {
	if a := c.needOnline(); a != nil {
		c.carry(im.Unblock{For: c.by(a), JID: d.JID}, Notice{Code: NoticeUnblocked, JID: d.JID},
			Notice{Code: NoticeBlockFailed, JID: d.JID})
	}
}

func (c *Core) doBlocklist() {
	a := c.needOnline()
	if a == nil {
		return
	}
	where := c.where().id
	c.ask(im.FetchBlocklist{For: c.by(a)}, func(d im.Done) {
		result, ok := d.Result.(im.BlocklistResult)
		if d.Err != nil {
			c.notifyFailure(where, Notice{Code: NoticeBlocklistFailed}, d.Err)
			return
		}
		if ok {
			c.notify(where, blocklist(result.JIDs))
		}
	})
}

// blocklist lists blocked addresses.
func blocklist(jids []im.JID) Notice {
	n := Notice{Code: NoticeBlocklist, Count: len(jids)}
	for _, jid := range jids[:min(len(jids), maxBlocked)] {
		n.List = append(n.List, Row{JID: jid})
	}
	return n
}

// onBlocklistChanged takes back the questions of those who are blocked now: nobody is waiting for an answer.
func (c *Core) onBlocklistChanged(a *account, e im.BlocklistChanged) {
	if !e.Blocked {
		return
	}
	c.settle(func(q Question) bool { return q.Account == a.jid && slices.Contains(e.JIDs, q.From.Bare()) })
}
