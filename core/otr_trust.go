package core

import (
	"slices"

	"traboule/im"
)

// otrKey is a key that somebody has shown. Trust belongs to the key, and no other key ever inherits it.
type otrKey struct {
	fingerprint string
	trust       im.Trust
}

// trust is how well a key is known.
func (p *otrPeer) trust(fingerprint string) im.Trust {
	for _, k := range p.keys {
		if k.fingerprint == fingerprint {
			return k.trust
		}
	}
	if fingerprint == "" {
		return im.TrustNone
	}
	return im.Unverified
}

// verified returns the fingerprint that was verified last, empty for none.
func (p *otrPeer) verified() string {
	for _, k := range slices.Backward(p.keys) {
		if k.trust == im.Verified {
			return k.fingerprint
		}
	}
	return ""
}

// lastKey returns the fingerprint that was seen last, empty for none.
func (p *otrPeer) lastKey() string {
	if len(p.keys) == 0 {
		return ""
	}
	return p.keys[len(p.keys)-1].fingerprint
}

// see notes that somebody uses a key. If it is new and there was another, it returns that one: the one that was verified, if
// there is one. It also returns the one that was forgotten for it, if any was.
func (p *otrPeer) see(fingerprint string) (former, forgotten string) {
	if fingerprint == "" {
		return "", ""
	}
	i := slices.IndexFunc(p.keys, func(k otrKey) bool { return k.fingerprint == fingerprint })
	if i >= 0 {
		k := p.keys[i]
		p.keys = append(slices.Delete(p.keys, i, i+1), k)
		return "", ""
	}
	former = p.verified()
	if former == "" {
		former = p.lastKey()
	}
	if len(p.keys) >= maxOTRKeys {
		forgotten = p.forgetKey()
	}
	p.keys = append(p.keys, otrKey{fingerprint, im.Unverified})
	return former, forgotten
}

// forgetKey makes room for another key: the one seen longest ago goes, of those that were never verified if there are any.
func (p *otrPeer) forgetKey() (forgotten string) {
	i := max(0, slices.IndexFunc(p.keys, func(k otrKey) bool { return k.trust != im.Verified }))
	forgotten = p.keys[i].fingerprint
	p.keys = slices.Delete(p.keys, i, i+1)
	return forgotten
}

// setTrust notes how well a key is known, and returns the one that was forgotten for it, if any was.
func (p *otrPeer) setTrust(fingerprint string, trust im.Trust) (forgotten string) {
	_, forgotten = p.see(fingerprint)
	for i := range p.keys {
		if p.keys[i].fingerprint == fingerprint {
			p.keys[i].trust = trust
		}
	}
	for _, s := range p.sessions {
		if s.theirs == fingerprint && trust == im.Verified {
			s.guarded = false
		}
	}
	return forgotten
}

// messageTrust is how well the key is known that a message was encrypted with.
func (c *Core) messageTrust(conv *conversation, m im.Message) im.Trust {
	if m.Encryption == im.Unencrypted {
		return im.TrustNone
	}
	if p := c.otrOf(conv); p != nil && p.trust(m.Fingerprint) == im.Verified {
		return im.Verified
	}
	return im.Unverified
}

// doTrust marks the key of the other side as verified, or not.
func (c *Core) doTrust(d Trust) {
	conv := c.otrConversation(d.To)
	if conv == nil {
		return
	}
	p := c.otrOf(conv)
	if p == nil || p.lastKey() == "" {
		c.refuse(Notice{Code: NoticeOTRNoKey, JID: conv.id.Peer, Nick: conv.name()})
		return
	}
	fingerprint := p.lastKey()
	if p.current != nil && p.current.theirs != "" {
		fingerprint = p.current.theirs
	}
	trust, code, event := im.Unverified, NoticeOTRDistrusted, OTRDistrusted
	if d.Verified {
		trust, code, event = im.Verified, NoticeOTRTrusted, OTRTrusted
	}
	c.trusted(p, fingerprint, trust, event)
	c.otrRemark(p, Notice{Code: code, OTR: &OTRNotice{Theirs: fingerprint, Trust: trust}})
}

// trusted changes how well a key is known, and tells scripts.
func (c *Core) trusted(p *otrPeer, fingerprint string, trust im.Trust, event OTREvent) {
	c.setTrust(p, fingerprint, trust)
	f := OTRFact{Account: p.id.Account, Peer: p.id.Peer, Trust: trust, Fingerprint: fingerprint, Event: event}
	if s := p.current; s != nil && s.theirs == fingerprint {
		f.Peer, f.State, f.Version = s.peer, s.state, s.version
	}
	c.fact(f)
	c.touch(dirtyRows | dirtyPerson)
}

// doVerifyFingerprint takes a fingerprint that a link says is somebody's. It makes that key verified, once a session shows
// it; it never overrules what the user has verified before.
func (c *Core) doVerifyFingerprint(d VerifyFingerprint) {
	a := c.needAccount()
	if a == nil {
		return
	}
	p := c.otrPeer(a, c.otrID(a, d.JID))
	known := p.verified()
	switch {
	case known != "" && known != d.Fingerprint:
		c.otrNotify(p, Notice{Code: NoticeOTRLinkConflict, Level: Error, OTR: &OTRNotice{Theirs: d.Fingerprint, Former: known}})
	case p.current == nil || p.current.theirs == "":
		p.linked = d.Fingerprint
		c.otrNotify(p, Notice{Code: NoticeOTRLinkWaits, OTR: &OTRNotice{Theirs: d.Fingerprint}})
	default:
		p.linked = d.Fingerprint
		c.checkLink(p.current)
	}
}

// checkLink compares the key of a session with the one that a link has told, if one has.
func (c *Core) checkLink(s *otrSession) {
	p := s.with
	told := p.linked
	switch {
	case told == "" || s.theirs == "":
	case told == s.theirs:
		p.linked = ""
		c.trusted(p, told, im.Verified, OTRTrusted)
		c.otrRemark(p, Notice{Code: NoticeOTRLinkTrusted, OTR: &OTRNotice{Theirs: told, Trust: im.Verified}})
	default:
		c.otrNotify(p, Notice{Code: NoticeOTRLinkWrong, Level: Error, OTR: &OTRNotice{Theirs: s.theirs, Former: told}})
	}
}
