package xmppclient

import (
	"time"
)

const (
	nsDelay    = "urn:xmpp:delay" // XEP-0203
	nsOldDelay = "jabber:x:delay" // XEP-0091
)

// decodeDelay reads when a message was first sent. The second result tells that it carries a stamp; the first is zero if
// the stamp is unreadable or not to be believed.
func decodeDelay(now time.Time, root *node) (time.Time, bool) {
	if n := root.kid(nsDelay, "delay"); n != nil {
		return believable(now, n.attr("stamp"), time.RFC3339Nano), true
	}
	if n := root.kid(nsOldDelay, "x"); n != nil {
		return believable(now, n.attr("stamp"), "20060102T15:04:05"), true
	}
	return time.Time{}, false
}

func believable(now time.Time, stamp, layout string) time.Time {
	t, err := time.Parse(layout, stamp)
	// Nothing was said over XMPP before 1999.
	if err != nil || t.Year() < 1999 || t.After(now.Add(maxAhead)) {
		return time.Time{}
	}
	return t.UTC()
}
