package store

import "traboule/im"

// What the fixed parts of a message, and of an entry of a list, take in memory at most, in bytes.
const (
	messageSize = 512
	entrySize   = 256
)

// weight is about how many bytes an item holds: others decide how long its texts and lists are.
func (i item) weight() (bytes int) {
	switch r := i.record.(type) {
	case im.MessageRecord:
		return weightOf(r.Message)
	case im.RosterRecord:
		for _, c := range r.Items {
			bytes += entrySize + len(c.JID.String()) + len(c.Name)
			for _, group := range c.Groups {
				bytes += len(group)
			}
		}
	case im.BookmarksRecord:
		for _, list := range [][]im.Bookmark{r.Bookmarks, r.Removed} {
			for _, b := range list {
				bytes += entrySize + len(b.Room.String()) + len(b.Name) + len(b.Nick) + len(b.Password)
			}
		}
	case im.DraftRecord:
		return len(r.Text)
	}
	if r, ok := i.request.(im.MergeHistory); ok {
		for _, m := range r.Messages {
			bytes += weightOf(m)
		}
	}
	return bytes
}

func weightOf(m im.StoredMessage) int {
	return messageSize + len(m.Body) + len(m.From) + len(m.JID.String()) + len(m.Sender) + len(m.ID) + len(m.OriginID) + len(m.StanzaID)
}
