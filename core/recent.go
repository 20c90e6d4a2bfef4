package core

// heardKey tells messages apart: ids are only unique for one sender.
type heardKey struct{ sender, id string }

// recent finds the last lines of a conversation by the ids of their messages. Older ones are forgotten, so that a long
// conversation costs no more than a short one. The zero recent is empty and ready.
type recent struct {
	bySender map[heardKey]uint64 // Seq
	byStanza map[string]uint64
	ring     []recentLine
	next     int
}

type recentLine struct {
	key    heardKey
	stanza string
	seq    uint64
}

// add remembers a line. The sender is who alone may correct it: a full JID, or in a room the occupant; stanza is the id
// that the room or the server gave it, if it is to be believed.
func (r *recent) add(sender, id, stanza string, seq uint64) {
	if r.bySender == nil {
		r.bySender = make(map[heardKey]uint64)
		r.byStanza = make(map[string]uint64)
	}
	line := recentLine{heardKey{sender, id}, stanza, seq}
	if len(r.ring) < maxRecent {
		r.ring = append(r.ring, line)
	} else {
		r.forget(r.ring[r.next])
		r.ring[r.next] = line
		r.next = (r.next + 1) % maxRecent
	}
	if id != "" {
		r.bySender[line.key] = seq
	}
	if stanza != "" {
		r.byStanza[stanza] = seq
	}
}

// forget drops a line, unless a newer one has taken its id.
func (r *recent) forget(old recentLine) {
	if r.bySender[old.key] == old.seq {
		delete(r.bySender, old.key)
	}
	if r.byStanza[old.stanza] == old.seq {
		delete(r.byStanza, old.stanza)
	}
}

// find returns the Seq of the line that this sender gave this id.
func (r *recent) find(sender, id string) (uint64, bool) {
	if id == "" {
		return 0, false
	}
	seq, found := r.bySender[heardKey{sender, id}]
	return seq, found
}

// findStanza returns the Seq of the line that has this stanza id.
func (r *recent) findStanza(stanza string) (uint64, bool) {
	if stanza == "" {
		return 0, false
	}
	seq, found := r.byStanza[stanza]
	return seq, found
}
