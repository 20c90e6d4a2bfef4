package core

import (
	"slices"
	"strconv"
	"strings"

	"traboule/im"
)

// The words for the values of OTR, in the order of the values.
const (
	otrStates  = "plain starting encrypted finished"
	otrReasons = "none by-us by-them renewed peer-gone timeout fault disconnected"
	smpSteps   = "none requested progress succeeded failed aborted"
	otrNotes   = "none unreadable peer-error resent not-resent oversized unsupported unsafe-smp reflected same-key"
	otrEvents  = "nothing offered new-fingerprint trusted distrusted smp-request smp-progress smp-success smp-failure smp-abort unreadable error resent not-resent oversized unsupported unsafe-smp reflected same-key"
)

// otrVerbs are the events of the stage that encrypts:
//
//	otr FULLJID STATE [REASON] key=K version=N
//	offered FULLJID
//	smp FULLJID STEP question= progress=
//	noted FULLJID NOTE text=
//
// K stands for a fingerprint of forty Ks.
func otrVerbs() map[string]verb {
	return map[string]verb{
		"otr": func(s *script) im.Event {
			e := im.OTRChanged{On: s.on(), Theirs: s.key("key")}
			e.Version, _ = strconv.Atoi(s.value("version", "0"))
			e.Peer = s.jid()
			e.State = im.OTRState(s.one(otrStates))
			if len(s.words) > 0 {
				e.Reason = im.OTRReason(s.one(otrReasons))
			}
			if e.State == im.OTREncrypted && e.Version == 0 {
				e.Version = 3
			}
			return e
		},
		"offered": func(s *script) im.Event { return im.OTROffered{On: s.on(), Peer: s.jid()} },
		"smp": func(s *script) im.Event {
			e := im.SMPChanged{On: s.on(), Question: s.value("question", "")}
			e.Progress, _ = strconv.Atoi(s.value("progress", "0"))
			e.Peer = s.jid()
			e.Step = im.SMPStep(s.one(smpSteps))
			return e
		},
		"noted": func(s *script) im.Event {
			return im.OTRNoted{On: s.on(), Text: s.value("text", ""), Peer: s.jid(), Note: im.OTRNote(s.one(otrNotes))}
		},
	}
}

// one takes the next word as one of several, and returns its place.
func (s *script) one(words string) int {
	word := s.next()
	i := slices.Index(strings.Fields(words), word)
	if i < 0 {
		s.t.Fatalf("%q is none of %s", word, words)
	}
	return i
}

// key takes the word "name=K" for the fingerprint that K stands for.
func (s *script) key(name string) string {
	return strings.Repeat(s.value(name, ""), 40)
}

// otrResult reads the results of requests about OTR: "sent [key=K]" for a message, "fingerprint key=K".
func otrResult(s *script) im.Result {
	switch {
	case s.flag("sent"):
		r := im.SentResult{Theirs: s.key("key")}
		if r.Theirs != "" {
			r.Encryption = im.OTR
		}
		return r
	case s.flag("fingerprint"):
		return im.OTRKeyResult{Fingerprint: s.key("key")}
	}
	return nil
}

// otrEnumWords gives the words for the values of OTR, as enumWords does.
func otrEnumWords(v any) string {
	switch v.(type) {
	case im.Encryption:
		return "none otr"
	case im.Trust:
		return "none unverified verified"
	case im.OTRState:
		return otrStates
	case im.OTRReason:
		return otrReasons
	case im.OTRPolicy:
		return strings.Join(PolicyWords(), " ")
	case OTREvent:
		return otrEvents
	case Protection:
		return "plain starting unverified verified finished required"
	}
	return ""
}
