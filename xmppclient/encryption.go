package xmppclient

import "cmp"

const (
	nsEME = "urn:xmpp:eme:0" // XEP-0380
	nsOTR = "urn:xmpp:otr:0" // XEP-0364
)

// encryptionHint names the encryption of a message, which we cannot undo here; empty for none.
func encryptionHint(root *node) string {
	if n := root.kid(nsEME, "encryption"); n != nil {
		space := n.attr("namespace")
		return clip(cmp.Or(encryptionName(space), n.attr("name"), space), maxText)
	}
	for _, k := range root.kids {
		// Without a payload it only moves keys, and there is nothing to read.
		if k.name.Local == "encrypted" && k.kid(k.name.Space, "payload") != nil {
			return encryptionName(k.name.Space)
		}
	}
	return ""
}

// encryptionName gives the names of XEP-0380 §6.
func encryptionName(space string) string {
	switch space {
	case nsOTR:
		return "OTR"
	case "jabber:x:encrypted":
		return "Legacy OpenPGP"
	case "urn:xmpp:openpgp:0":
		return "OpenPGP for XMPP"
	case "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:1", "urn:xmpp:omemo:2":
		return "OMEMO"
	}
	return ""
}

// encryptedMarks stand on a message of OTR (XEP-0364 §4.3): what is meant for one device is no use to others, nor in an
// archive. A server may still keep it for a device that is off line.
func encryptedMarks() []*node {
	return []*node{
		el(nsEME, "encryption").set("namespace", nsOTR),
		el(nsCarbons, "private"),
		el(nsHints, "no-copy"),
		el(nsHints, "no-permanent-store"),
	}
}
