package core

import "traboule/im"

// arrange puts a page in order: what is known here or in the store is left out, and the others come to their places between
// that.
func (c *Core) arrange(p page) {
	c.lookUp(p, func() {
		if p.wanted() {
			c.putInOrder(p)
		} else {
			p.then()
		}
	})
}

// lookUp asks the store which messages of a page it has, and where.
func (c *Core) lookUp(p page, then func()) {
	var asked []*archived
	request := im.MergeHistory{For: c.by(p.account)}
	for _, d := range p.messages {
		if d.unreadable == 0 && c.keeps(d) {
			asked = append(asked, d)
			request.Messages = append(request.Messages, c.storedOf(d))
		}
	}
	if len(asked) == 0 {
		then()
		return
	}
	c.ask(request, func(d im.Done) {
		r, _ := d.Result.(im.MergeResult)
		for i, m := range asked {
			if d.Err == nil && i < len(r.Merged) && r.Merged[i].Known {
				m.known, m.line.Seq = true, r.Merged[i].Seq
			}
		}
		then()
	})
}

func (c *Core) putInOrder(p page) {
	places := make(map[ConversationID][]*archived)
	var order []ConversationID
	for _, d := range p.messages {
		c.compare(d)
		if !d.known && fold(places[d.id], d) {
			d.known = true
			continue
		}
		if places[d.id] == nil {
			order = append(order, d.id)
		}
		places[d.id] = append(places[d.id], d)
	}
	for _, id := range order {
		p.place(id, places[id])
		if conv := c.conversations[id]; conv != nil {
			leaveTaken(conv.log, places[id])
		}
	}
	c.merge(p)
}

// leaveTaken gives messages the next place that is free where a line has theirs.
func leaveTaken(l Log, messages []*archived) {
	next := uint64(0)
	for _, d := range messages {
		if d.known || d.line.Seq == 0 {
			continue
		}
		d.line.Seq = max(d.line.Seq, next)
		for l.Find(d.line.Seq) != nil {
			d.line.Seq++
		}
		next = d.line.Seq + 1
	}
}

// compare finds out whether a message is here already, and gives the line that is the id of the archive.
func (c *Core) compare(d *archived) {
	conv := c.conversations[d.id]
	if conv == nil {
		return
	}
	m := d.heard.message
	if r := conv.room; r != nil && c.reflected(r, m) {
		d.known = true
	}
	if seq, found := conv.findStanza(m.StanzaID); found {
		d.known, d.line.Seq = true, seq
	}
	if d.known {
		c.proven(conv, d)
		return
	}
	for _, k := range d.keys() {
		seq, found := conv.find(k.sender, k.id)
		if !found || !isSame(conv.log.Find(seq), d) {
			continue
		}
		c.learn(conv, seq, m.StanzaID)
		d.known, d.line.Seq = true, seq
		c.proven(conv, d)
		return
	}
}

// proven takes it that a message of ours of which nobody knew whether it was sent has been: it is in the archive.
func (c *Core) proven(conv *conversation, d *archived) {
	if d.heard.out {
		c.acknowledge(conv, boundedID(d.heard.message.ID), StateSent)
	}
}

// keys are the ids by which a message may be known here.
func (d *archived) keys() []heardKey {
	m := d.heard.message
	keys := []heardKey{{d.heard.sender, m.ID}}
	if d.heard.out {
		keys = append(keys, heardKey{ourselves, m.ID}, heardKey{ourselves, m.OriginID})
	}
	if d.kind == Room {
		sender, id := copyKey(m.From.Resource(), m.ID, m.Body)
		keys = append(keys, heardKey{sender, id})
	}
	return keys
}

// isSame reports whether a line that has an id of a message is that message: some clients begin again at 1.
func isSame(line *Line, d *archived) bool {
	switch {
	case line == nil, line.stanzaID() != "" && line.stanzaID() != d.of:
		return false
	case d.unreadable > 0:
		return line.Encryption != im.Unencrypted
	case d.heard.message.ID == "":
		return line.Body == d.line.Body && line.Time.Sub(d.line.Time).Abs() <= sameMoment
	default:
		return line.Body == d.line.Body || line.Edited
	}
}

// merge asks the store which messages of a page it has, where they are to be kept, and shows the others.
func (c *Core) merge(p page) {
	var asked []*archived
	request := im.MergeHistory{For: c.by(p.account)}
	for _, d := range p.messages {
		if d.known || d.unreadable > 0 || d.line.Seq == 0 || c.isCorrection(d) || !c.keeps(d) {
			continue
		}
		asked = append(asked, d)
		request.Messages = append(request.Messages, c.storedOf(d))
	}
	if len(asked) == 0 {
		c.showPage(p)
		return
	}
	c.awaitMerge(p.account, asked, true)
	c.ask(request, func(d im.Done) {
		c.awaitMerge(p.account, asked, false)
		r, _ := d.Result.(im.MergeResult)
		for i, m := range asked {
			m.merged = d.Err == nil
			if d.Err == nil && i < len(r.Merged) {
				m.known, m.line.Seq = r.Merged[i].Known, r.Merged[i].Seq
			}
		}
		c.showPage(p)
	})
}

// isCorrection reports whether a message changes a line that is here.
func (c *Core) isCorrection(d *archived) bool {
	conv := c.conversations[d.id]
	return conv != nil && d.heard.message.Replaces != "" && !d.line.Edited && c.authored(conv, d.heard) != nil
}

func (c *Core) keeps(d *archived) bool {
	p := c.historyPolicy(d.id)
	return p.Keeps() && (!d.line.secret() || p.Encrypted)
}

// storedOf gives a message as it is kept.
func (c *Core) storedOf(d *archived) im.StoredMessage {
	return stored(&conversation{id: d.id, kind: d.kind}, &d.line)
}

// awaitMerge notes which messages are about to be shown: the same may come live meanwhile.
func (c *Core) awaitMerge(a *account, messages []*archived, begins bool) {
	for _, m := range messages {
		if begins {
			a.merging[m.key()] = true
		} else {
			delete(a.merging, m.key())
		}
	}
}

// showPage puts what is new on a page at its place.
func (c *Core) showPage(p page) {
	for _, d := range p.messages {
		if conv := c.conversations[d.id]; d.known && conv != nil {
			c.proven(conv, d)
		}
		if !d.known && (d.line.Seq != 0 || d.heard.message.Replaces != "") {
			p.show(d)
		}
	}
	p.then()
}

// putArchived puts a message out of an archive at its place in its conversation, and returns its line; nil if it changed
// another line.
func (c *Core) putArchived(conv *conversation, d *archived) *Line {
	if d.unreadable > 0 {
		return c.insert(conv, c.unreadableLine(conv, d))
	}
	if c.isCorrection(d) {
		old := c.authored(conv, d.heard)
		if old.Body != d.line.Body {
			changed := c.replace(conv, d.line.inPlaceOf(old))
			conv.past.add(d.heard.sender, boundedID(d.heard.message.ID), d.of, changed.Seq)
			c.fact(MessageFact{Conversation: conv.id, Kind: conv.messageKind(), Line: changed, Replaces: CleanName(d.heard.message.Replaces)})
		}
		return nil
	}
	if d.heard.message.Replaces != "" && !d.line.Edited && d.line.Warning == NoWarning {
		d.line.Warning = WarnForeignCorrection
	}
	top := conv.log.First()
	line := c.insert(conv, d.line)
	if line.Seq < top && c.hasStored(conv) && !conv.older.loading {
		c.showUnloaded(conv, top)
	}
	conv.past.add(d.heard.sender, boundedID(d.heard.message.ID), d.of, line.Seq)
	if d.heard.message.Replaces != "" && d.line.Edited {
		conv.past.add(d.heard.sender, boundedID(d.heard.message.Replaces), "", line.Seq)
	}
	if !d.merged {
		c.keepLine(conv, line)
	}
	return line
}

// unreadableLine stands for encrypted messages that nobody can read any more.
func (c *Core) unreadableLine(conv *conversation, d *archived) Line {
	n := &Notice{Code: NoticeArchiveUnreadable, Account: conv.id.Account, JID: conv.id.Peer, Nick: conv.name(), Count: d.unreadable}
	return Line{Seq: d.line.Seq, Time: d.line.Time, Notice: n, Archived: true}
}
