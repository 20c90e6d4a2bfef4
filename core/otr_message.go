package core

import (
	"slices"

	"traboule/im"
)

// sealing is what the user could expect of a text's protection as it was typed.
type sealing struct {
	// wanted is set if it must not go out unencrypted.
	wanted bool
	// theirs is the fingerprint of the key that it was to be encrypted to, empty if none was known yet.
	theirs string
}

// seal tells what the user can expect now in a conversation.
func (c *Core) seal(conv *conversation) sealing {
	s := c.otrSession(conv)
	switch {
	case s != nil:
		return sealing{wanted: true, theirs: s.theirs}
	case conv.kind == Room:
		return sealing{}
	default:
		return sealing{wanted: c.otrPolicy(conv.account, conv.id.Peer) == im.OTRRequired}
	}
}

// readiness is what to do with a text that waits.
type readiness uint8

const (
	goAhead readiness = iota
	holdOn
	giveBack
)

// ready tells whether a text can go out now as protected as the user could expect when it was typed. The stage below refuses
// what is not encrypted where it has to be; that it was to be another key, it cannot know.
func (c *Core) ready(conv *conversation, want sealing) (readiness, im.Code) {
	if !want.wanted {
		return goAhead, ""
	}
	s := c.otrSession(conv)
	switch {
	case s == nil && want.theirs == "" && c.protection(conv.id) == Required && (conv.kind != Person || !c.target(conv).IsBare()):
		return goAhead, ""
	case s == nil:
		return giveBack, im.CodeNotEncrypted
	case s.state == im.OTRStarting && want.theirs != "":
		return holdOn, ""
	case s.state != im.OTREncrypted:
		return goAhead, ""
	case s.guarded && s.theirs != want.theirs, want.theirs != "" && s.theirs != want.theirs && s.trust() != im.Verified:
		return giveBack, im.CodeKeyChanged
	}
	return goAhead, ""
}

// guard tells why a text is not taken now; empty if it is. After the key has changed from one that was verified, the first one
// is given back: it was perhaps written for the other key. So is the first one after an encryption was asked for in vain: it was
// perhaps written to be encrypted.
func (c *Core) guard(conv *conversation) im.Code {
	if s := c.otrSession(conv); s != nil && s.guarded && s.state == im.OTREncrypted {
		s.guarded = false
		return im.CodeKeyChanged
	}
	if p := c.otrOf(conv); p != nil && p.unanswered {
		p.unanswered = false
		if c.protection(conv.id) == Plain {
			return im.CodeUnanswered
		}
	}
	return ""
}

// sealed notes on a line of ours how it went out.
func (c *Core) sealed(conv *conversation, o *outgoing, d im.Done) {
	r, _ := d.Result.(im.SentResult) // without one it went out as it is
	said := conv.log.Find(o.seq)
	if c.conversations[conv.id] != conv || d.Err != nil || said == nil || said.ID != o.id {
		return
	}
	m := im.Message{Encryption: r.Encryption, Fingerprint: r.Theirs}
	line := *said
	line.Encryption, line.Trust = r.Encryption, c.messageTrust(conv, m)
	if line.Encryption != said.Encryption || line.Trust != said.Trust {
		if line.Encryption == im.Unencrypted {
			line.Warning = WarnNotEncrypted
		}
		c.replace(conv, line)
	}
}

// GivenBack reports whether it is a text of ours that was not sent for want of protection: its author is to have it again.
func (l *Line) GivenBack() bool {
	return l.Out && l.State == StateFailed && l.Err != nil &&
		(l.Err.Code == im.CodeNotEncrypted || l.Err.Code == im.CodeUnanswered || l.Err.Code == im.CodeKeyChanged)
}

// heardIn has texts go to the device that wrote in a session, if that is safe.
func (c *Core) heardIn(conv *conversation, m im.Message) {
	p := c.otrOf(conv)
	if p == nil || m.Encryption == im.Unencrypted || m.Carbon != im.NoCarbon {
		return
	}
	i := slices.IndexFunc(p.sessions, func(s *otrSession) bool { return s.peer == m.From })
	if i < 0 {
		return
	}
	s, was := p.sessions[i], p.current
	if p.follow(s, true) && was != s {
		c.tellDevice(p, s, was, false)
		c.touch(dirtyRows | dirtyPerson)
	}
}
