package xmppclient

import (
	"strings"
	"time"
	"unicode/utf8"
)

// What a peer or a server can make grow, or make wait, in the decoding of stanzas.
const (
	// maxDepth: real stanzas nest about ten elements; XHTML-IM from rich clients some more.
	maxDepth = 32
	// maxNodes: a roster of 10,000 contacts in three groups each still fits.
	maxNodes = 50_000
	// maxAttrs: no standard element has more than a dozen.
	maxAttrs = 64
	// maxTreeBytes: text and attribute values of one stanza; servers relay stanzas of 256 KiB to 1 MiB at most.
	maxTreeBytes = 2 << 20

	// maxBody: servers relay about this much; a longer text is no text that a person wrote.
	maxBody = 128 << 10
	// maxSent: one stanza of ours as it is written, where a quote takes six bytes. Prosody and ejabberd end the stream of who
	// sends more than 256 KiB.
	maxSent = 240 << 10
	// maxText: subjects, statuses, reasons, error texts and names are one line on a screen.
	maxText = 1 << 10
	// maxID: ids and version strings are kept for as long as the conversation.
	maxID = 1 << 10

	// maxCodes: an occupant's presence carries at most a handful of status codes.
	maxCodes = 16
	// maxGroups: groups of one contact.
	maxGroups = 32
	// maxContacts: entries of a roster, a block list or an affiliation list.
	maxContacts = 10_000
	// maxFields: fields of a data form that are read for a room's description.
	maxFields = 100

	// maxPending: IQs of ours in flight; listing rooms needs maxDescribed of them.
	maxPending = 256
	// maxMoot: IQs of ours that are remembered without being waited for, so that a late answer surprises nobody.
	maxMoot = 256
	// maxRooms: rooms of a service that are listed, some services have tens of thousands.
	maxRooms = 500
	// maxPages: answers that one list may be spread over, however small the service cuts them.
	maxPages = 10
	// maxDescribed: rooms of a list that are asked for their number of occupants.
	maxDescribed = 50
	// maxAnnounced: rooms of which it is remembered what ids they give; more than anybody is in at once.
	maxAnnounced = 1000
	// maxPage: messages of an archive that are asked for at once; servers send 50 to 250 at most.
	maxPage = 100
	// maxPageBytes: of such a page that are held. With a few messages of the longest sort it is still not reached.
	maxPageBytes = 1 << 20
	// maxOpenPages: pages under way at once.
	maxOpenPages = 32
	// maxRestarts: how often one page is asked for again because it was too large or torn.
	maxRestarts = 24
	// maxBookmarks: rooms that an account returns to.
	maxBookmarks = 1000
	// maxServices: services of a server among which the room service is sought.
	maxServices = 32

	// answerWithin is how long an IQ waits for its answer; over Tor and a federated link ten seconds are common.
	answerWithin = 30 * time.Second
	// pageWithin is how long a page may take as long as it comes, one message at least in answerWithin.
	pageWithin = 3 * time.Minute
	// maxAhead is how far a stamp may lie in the future and still be believed: clocks are wrong, zones are mixed up.
	maxAhead = 24 * time.Hour
)

// clip cuts s to at most limit bytes, between two characters. What is left is a copy: it may be kept for as long as the
// session lasts, and must not keep the megabyte that it was cut from.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(s[:limit])
}
