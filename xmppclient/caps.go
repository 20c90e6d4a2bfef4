package xmppclient

import (
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"
)

const (
	nsCaps = "http://jabber.org/protocol/caps" // XEP-0115
	// capsNode names the sort of client. It is the same for every version and every machine.
	capsNode = "https://traboule.example/caps"
	// identity is category/type/lang/name as XEP-0115 §5.1 writes it: a console client, without a name.
	identity = "client/console//"
)

// features is what everyone is told that we understand, sorted. Receipts, markers and chat states are left out: they are
// only sent by users who switched them on, and the list must be the same for all. With "+notify" our own
// server tells us of changed bookmarks (XEP-0163 §4.3); it stands there whether the user has any or not.
func features() []string {
	return []string{
		nsCaps,
		nsDiscoInfo,
		nsMUC,
		nsConference,
		nsBookmarks + "+notify",
		nsEME,
		nsCorrect,
		nsPing,
		nsStanzaID,
	}
}

// capsVer is the verification string of XEP-0115 §5.1 for an entity without data forms.
func capsVer(identities, features []string) string {
	identities, features = slices.Sorted(slices.Values(identities)), slices.Sorted(slices.Values(features))
	joined := strings.Join(append(identities, features...), "<") + "<"
	sum := sha1.Sum([]byte(joined))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// capsElement stands on every available presence, unless nobody is told.
func (s *stanzas) capsElement() *node {
	if s.mute {
		return nil
	}
	return el(nsCaps, "c").set("hash", "sha-1").set("node", capsNode).set("ver", s.caps)
}
