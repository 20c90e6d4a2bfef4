package otr

import (
	"encoding/base64"
	"strings"
)

// Kind is what a message of the other side is, by its first bytes and its whitespace. It takes nothing apart that could be
// done wrong: what it says is enough to decide whom to answer.
type Kind uint8

// The kinds.
const (
	KindText      Kind = iota // text as it is; one that merely mentions OTR included
	KindTagged                // text that carries, in spaces and tabs, an offer of OTR
	KindQuery                 // an offer of OTR, or a request for it
	KindHandshake             // a step of a handshake
	KindData                  // an encrypted message
	KindFragment              // a piece of one of the others
	KindError                 // the other side says that something went wrong
	KindUnknown               // something encoded that OTR does not know, or not any more
)

// Where the messages of OTR differ (OTR v3, "The protocol").
const (
	encodedPrefix   = "?OTR:"
	errorPrefix     = "?OTR Error:"
	fragmentPrefix3 = "?OTR|"
	fragmentPrefix2 = "?OTR,"
	queryPrefix1    = "?OTR?"
	queryPrefix     = "?OTRv"
)

// The tag that offers OTR in a text, and what follows it for each version (OTR v3, "Tagged plaintext messages").
const (
	tagBase = " \t  \t\t\t\t \t \t \t  "
	tagV2   = "  \t\t  \t "
	tagV3   = "  \t\t  \t\t"
)

// ignoreUnreadable is the flag of an encrypted message that need not be told of if it can not be read (OTR v3, "Data Message").
const ignoreUnreadable = 1

// maxNested is how often offers are looked for in what was left by the last look.
const maxNested = 4

// KindOf tells what a message is.
func KindOf(text string) Kind {
	switch {
	case strings.HasPrefix(text, encodedPrefix):
		return encodedKind(text[len(encodedPrefix):])
	case strings.HasPrefix(text, errorPrefix):
		return KindError
	case strings.HasPrefix(text, fragmentPrefix3), strings.HasPrefix(text, fragmentPrefix2):
		return KindFragment
	case isQuery(text):
		return KindQuery
	case strings.Contains(text, tagBase):
		return KindTagged
	default:
		return KindText
	}
}

// encodedKind looks at version and type, which are the first three bytes, and these the first four letters, of a message
// in base64.
func encodedKind(encoded string) Kind {
	switch encoded[:min(4, len(encoded))] {
	case "AAMD", "AAID":
		return KindData
	case "AAMC", "AAIC", "AAMK", "AAIK", "AAMR", "AAIR", "AAMS", "AAIS":
		return KindHandshake
	default:
		return KindUnknown
	}
}

// isQuery tells an offer from a text that begins like one: the list of versions has to be one and to end.
func isQuery(text string) bool {
	if strings.HasPrefix(text, queryPrefix1) {
		return true
	}
	versions, found := strings.CutPrefix(text, queryPrefix)
	list, _, ends := strings.Cut(versions, "?")
	return found && ends && len(list) < 10 && !strings.ContainsFunc(list, func(r rune) bool { return r < '0' || r > '9' })
}

// versions are those that an offer is for.
type versions struct{ v2, v3 bool }

// any reports whether there is one.
func (v versions) any() bool { return v.v2 || v.v3 }

// and keeps the versions that the flags allow.
func (v versions) and(f Flags) versions { return versions{v.v2 && f.V2, v.v3 && f.V3} }

// queried reads the versions of a query.
func queried(text string) versions {
	rest := strings.TrimPrefix(strings.TrimPrefix(text, "?OTR"), "?")
	list, found := strings.CutPrefix(rest, "v")
	list, _, _ = strings.Cut(list, "?")
	return versions{found && strings.Contains(list, "2"), found && strings.Contains(list, "3")}
}

// QueryText is the message that asks the other side to start a session; empty if no version is allowed. Programs that do
// not know OTR show it as it is.
func QueryText(f Flags) string {
	list := ""
	if f.V2 {
		list += "2"
	}
	if f.V3 {
		list += "3"
	}
	if list == "" {
		return ""
	}
	return queryPrefix + list + "?"
}

// AddTag offers OTR within a text that goes out as it is.
func AddTag(text string, f Flags) string {
	tag := tagBase
	if f.V2 {
		tag += tagV2
	}
	if f.V3 {
		tag += tagV3
	}
	if tag == tagBase {
		return text
	}
	return text + tag
}

// StripTags takes all offers out of a text.
func StripTags(text string) string {
	text, _ = takeTags(text)
	return text
}

// takeTags takes all offers out of a text, and tells what they are for. What is left where one was may make another one
// with what was around it; somebody who goes to such lengths gets all tabs made spaces.
func takeTags(text string) (string, versions) {
	var found versions
	for range maxNested {
		if !strings.Contains(text, tagBase) {
			return text, found
		}
		text = found.take(text)
	}
	return strings.ReplaceAll(text, "\t", " "), found
}

// take goes through a text once.
func (v *versions) take(text string) string {
	var kept strings.Builder
	for {
		before, rest, found := strings.Cut(text, tagBase)
		kept.WriteString(before)
		if !found {
			return kept.String()
		}
		for len(rest) >= len(tagV3) && strings.Trim(rest[:len(tagV3)], " \t") == "" {
			v.v2 = v.v2 || rest[:len(tagV2)] == tagV2
			v.v3 = v.v3 || rest[:len(tagV3)] == tagV3
			rest = rest[len(tagV3):]
		}
		text = rest
	}
}

// isMissed reports whether whoever can not read an encrypted message should know of it. Steps of a verification, the end of a
// session and what only moves keys say themselves that nobody would miss them.
func isMissed(text string) bool {
	if KindOf(text) == KindFragment {
		parts := strings.SplitN(text, ",", 5)
		text = parts[min(3, len(parts)-1)]
	}
	encoded, flags := strings.TrimPrefix(text, encodedPrefix), 3 // the place of the flags, behind version and type
	if strings.HasPrefix(encoded, "AAMD") {
		flags += 8 // and behind the instance tags
	}
	raw, err := base64.StdEncoding.DecodeString(encoded[:min(flags/3*4+4, len(encoded))])
	return err != nil || len(raw) <= flags || raw[flags]&ignoreUnreadable == 0
}
