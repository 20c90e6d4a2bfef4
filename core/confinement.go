package core

import (
	"slices"

	"traboule/im"
)

// Refusal is something that the kernel may refuse to this process.
type Refusal uint8

// The refusals.
const (
	RefusedFiles       Refusal = iota // those that are not the client's own
	RefusedTCP                        // but to Tor
	RefusedUDP                        // and all other sockets
	RefusedUnixSockets                // but those of Tor
	RefusedPrograms                   // to be started
)

// Refusals sorts what the kernel refuses to this process from what it allows.
func Refusals(k *im.Confinement) (refused, allowed []Refusal) {
	for what, is := range []bool{k.Files, k.TCP, k.UDP, k.UnixSockets, k.Programs} {
		if is {
			refused = append(refused, Refusal(what))
		} else {
			allowed = append(allowed, Refusal(what))
		}
	}
	return refused, allowed
}

// onConfined takes over what the kernel refuses. Where it should refuse more, the user is told.
func (c *Core) onConfined(k im.Confinement) {
	k.Lacks = slices.Clone(k.Lacks)
	c.confinement = &k
	if _, allowed := Refusals(&k); k.Wanted && len(allowed) > 0 {
		c.announce(Notice{Code: NoticeConfinementLacks, Confinement: &k})
	}
}

// answerConfinement tells what the kernel refuses, once that is known.
func (c *Core) answerConfinement() {
	for _, n := range c.confinementNotices() {
		c.answer(n)
	}
}

// confinementNotices tell what the kernel refuses and what it does not; none of it before that is known.
func (c *Core) confinementNotices() []Notice {
	k := c.confinement
	switch {
	case k == nil:
		return nil
	case !k.Wanted:
		return []Notice{{Code: NoticeNotConfined}}
	}
	var notices []Notice
	refused, allowed := Refusals(k)
	if len(refused) > 0 {
		notices = append(notices, Notice{Code: NoticeConfined, Confinement: k})
	}
	if len(allowed) > 0 {
		notices = append(notices, Notice{Code: NoticeConfinementLacks, Confinement: k})
	}
	return notices
}
