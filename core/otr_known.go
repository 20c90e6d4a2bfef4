package core

import "traboule/im"

// KnownFingerprint is a key that somebody has shown in an earlier session, or to another program, and how well it is known.
type KnownFingerprint struct {
	Peer im.JID // bare: keys of occupants are not remembered, since anybody may have their nick next time
	// Fingerprint is as of im.ParseFingerprint.
	Fingerprint string
	Trust       im.Trust
}

// remember takes what is known of the keys of others. Those that are verified come last, so that they are the last to be
// forgotten, and what is said of a contact whose key was not seen yet is said of them.
func (c *Core) remember(a *account, known []KnownFingerprint) {
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
