package core

import (
	"slices"

	"traboule/im"
)

// KnownFingerprint is a key that somebody has shown in an earlier session, or to another program, and how well it is known.
type KnownFingerprint struct {
	Peer im.JID // bare: keys of occupants are not remembered, since anybody may have their nick next time
	// Fingerprint is as of im.ParseFingerprint.
	Fingerprint string
	Trust       im.Trust
}

// KnownPolicy is when OTR is used with somebody, or with the zero Peer, with all others of the account.
type KnownPolicy struct {
	Peer   im.JID // bare
	Policy im.OTRPolicy
}

// remember takes what is known from before: when OTR is used, and the keys of others. Those that are verified come last, so that they are the last to be
// forgotten, and what is said of a contact whose key was not seen yet is said of them.
func (c *Core) remember(a *account, known []KnownFingerprint, policies []KnownPolicy) {
	for _, k := range policies {
		switch {
		case k.Policy > im.OTRRequired || !k.Peer.IsBare() && !k.Peer.IsZero():
		case k.Peer.IsZero():
			a.otr.policy = &k.Policy
		default:
			c.otrPeer(a, ConversationID{a.jid, k.Peer}).policy = &k.Policy
		}
	}
	for _, trust := range []im.Trust{im.Unverified, im.Verified} {
		for _, k := range known {
			verified := k.Trust == im.Verified
			if k.Peer.IsZero() || !k.Peer.IsBare() || verified != (trust == im.Verified) {
				continue
			}
			if fingerprint, err := im.ParseFingerprint(k.Fingerprint); err == nil {
				c.otrPeer(a, ConversationID{a.jid, k.Peer}).setTrust(fingerprint, trust)
			}
		}
	}
}

// seen notes that somebody uses a key, and has that kept. It returns the key that was known before if it is another.
func (c *Core) seen(p *otrPeer, fingerprint string) (former string) {
	known := slices.ContainsFunc(p.keys, func(k otrKey) bool { return k.fingerprint == fingerprint })
	former, forgotten := p.see(fingerprint)
	c.keepKey(p, forgotten, true)
	if !known {
		c.keepKey(p, fingerprint, false)
	}
	return former
}

// setTrust notes how well a key is known, and has that kept.
func (c *Core) setTrust(p *otrPeer, fingerprint string, trust im.Trust) {
	forgotten := p.setTrust(fingerprint, trust)
	c.keepKey(p, forgotten, true)
	c.keepKey(p, fingerprint, false)
}

// forgetKeys has the keys of somebody who is forgotten kept no more.
func (c *Core) forgetKeys(p *otrPeer) {
	if p == nil {
		return
	}
	for _, k := range p.keys {
		c.keepKey(p, k.fingerprint, true)
	}
}

// keepKey has what is known of a key kept, or with forgotten kept no more. Those of occupants are not kept.
func (c *Core) keepKey(p *otrPeer, fingerprint string, forgotten bool) {
	if fingerprint == "" || !p.id.Peer.IsBare() {
		return
	}
	c.keep(im.FingerprintRecord{
		Kept: im.Kept{Account: p.id.Account}, Peer: p.id.Peer, Fingerprint: fingerprint, Trust: p.trust(fingerprint), Forgotten: forgotten,
	})
}
