package core

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// script is the words of one line of a transcript.
type script struct {
	t     *testing.T
	words []string
}

// readScript splits a line into words; a quoted one may hold spaces and escapes as in Go, also after "name=".
func readScript(t *testing.T, line string) *script {
	s := &script{t: t}
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		space, quote := strings.IndexByte(line, ' '), strings.IndexByte(line, '"')
		if quote >= 0 && (quote == 0 || line[quote-1] == '=') && (space < 0 || quote < space) {
			literal, err := strconv.QuotedPrefix(line[quote:])
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			text, _ := strconv.Unquote(literal)
			s.words = append(s.words, line[:quote]+text)
			line = line[quote+len(literal):]
			continue
		}
		if space < 0 {
			space = len(line)
		}
		s.words = append(s.words, line[:space])
		line = line[space:]
	}
	return s
}

// next takes the next word, empty if there is none.
func (s *script) next() string {
	if len(s.words) == 0 {
		return ""
	}
	word := s.words[0]
	s.words = s.words[1:]
	return word
}

func (s *script) number() int {
	n, err := strconv.Atoi(s.next())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// value takes the word "name=...", wherever it stands, and returns what follows the sign.
func (s *script) value(name, otherwise string) string {
	for i, w := range s.words {
		if text, found := strings.CutPrefix(w, name+"="); found {
			s.words = slices.Delete(s.words, i, i+1)
			return text
		}
	}
	return otherwise
}

// flag takes a word that stands for itself, wherever it stands.
func (s *script) flag(name string) bool {
	i := slices.Index(s.words, name)
	if i >= 0 {
		s.words = slices.Delete(s.words, i, i+1)
	}
	return i >= 0
}

// jid takes the next word as an address as a server delivers it.
func (s *script) jid() im.JID { return s.wire(s.next()) }

func (s *script) wire(text string) im.JID {
	if text == "" {
		return im.JID{}
	}
	jid, err := im.WireJID(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return jid
}

// on gives the account of an event: account=..., else ana.
func (s *script) on() im.On { return im.On{Account: im.MustJID(s.value("account", ana.String()))} }

func (s *script) show(word string) im.Show {
	i := slices.Index([]string{"offline", "xa", "away", "dnd", "online", "chat"}, word)
	if i < 0 {
		s.t.Fatalf("no availability %q", word)
	}
	return im.Show(i)
}

// failure reads error=CODE, text=..., fingerprint=... and pinned=... .
func (s *script) failure() *im.Failure {
	code := s.value("error", "")
	if code == "" {
		return nil
	}
	return &im.Failure{Code: im.Code(code), Text: s.value("text", ""), Fingerprint: s.value("fingerprint", ""), Pinned: s.value("pinned", "")}
}

// result reads "roster VERSION ITEM..." and its kind behind "done REQUEST"; an ITEM is
// JID:NAME:SUBSCRIPTION, with :asked behind it for a request that is not answered.
func (s *script) result() im.Result {
	switch {
	case s.flag("unchanged"):
		return im.RosterResult{Unchanged: true}
	case s.flag("roster"):
		r := im.RosterResult{Version: s.next()}
		for len(s.words) > 0 {
			r.Items = append(r.Items, s.item(s.next()))
		}
		return r
	case s.flag("bookmarks"):
		var r im.BookmarksResult
		for len(s.words) > 0 {
			r.Bookmarks = append(r.Bookmarks, s.bookmark(s.next()))
		}
		return r
	case s.flag("circuits"):
		return im.CircuitsResult{Asked: s.flag("asked")}
	case s.flag("blocked"):
		var r im.BlocklistResult
		for len(s.words) > 0 {
			r.JIDs = append(r.JIDs, s.jid())
		}
		return r
	default:
		if r := otrResult(s); r != nil {
			return r
		}
		return roomResult(s)
	}
}

// bookmark reads ROOM:NAME:NICK:PASSWORD, with :auto or :published behind it.
func (s *script) bookmark(word string) im.Bookmark {
	parts := strings.Split(word+":::", ":")
	return im.Bookmark{
		Room: s.wire(parts[0]), Name: parts[1], Nick: parts[2], Password: parts[3],
		AutoJoin: strings.Contains(word, ":auto"), Published: strings.Contains(word, ":published"),
	}
}

func (s *script) item(word string) im.RosterItem {
	parts := strings.Split(word+"::", ":")
	item := im.RosterItem{JID: s.wire(parts[0]), Name: parts[1]}
	item.Asked = strings.HasSuffix(word, ":asked")
	item.Subscription = im.Subscription(max(0, slices.Index([]string{"none", "to", "from", "both"}, parts[2])))
	return item
}

// accountVerbs are bookmark BOOKMARK [removed], connected, resumed, disconnected, connecting, waiting, failed; pinned PIN; roster ITEM, presence, unreachable,
// subscription, blocked and dropped.
func accountVerbs() map[string]verb {
	state := func(st im.ConnState) verb {
		return func(s *script) im.Event {
			e := im.ConnectionChanged{On: s.on(), State: st, Err: s.failure()}
			if st == im.Connected || st == im.Resumed {
				e.JID, e.Via, e.Server = s.wire(e.Account.String()+"/r"), im.ViaTor, "example.org:5222"
			}
			if server := s.value("server", ""); server != "" {
				e.Via, e.Server = im.ViaTor, server
			}
			e.Progress, _ = strconv.Atoi(s.value("progress", "0"))
			e.RetryIn, _ = time.ParseDuration(s.value("retry", "0s"))
			return e
		}
	}
	return map[string]verb{
		"bookmark": func(s *script) im.Event {
			return im.BookmarkChanged{On: s.on(), Removed: s.flag("removed"), Bookmark: s.bookmark(s.next())}
		},
		"connected": state(im.Connected), "resumed": state(im.Resumed), "disconnected": state(im.Disconnected),
		"connecting": state(im.Connecting), "waiting": state(im.WaitingForTor), "failed": state(im.Failed),
		"pinned": func(s *script) im.Event {
			e := im.KeyPinned{On: s.on()}
			var err error
			if e.Pin, err = im.ParsePin(s.next()); err != nil {
				s.t.Fatal(err)
			}
			return e
		},
		"roster": func(s *script) im.Event {
			return im.RosterChanged{On: s.on(), Removed: s.flag("removed"), Item: s.item(s.next()), Version: s.value("version", "")}
		},
		"presence": func(s *script) im.Event {
			p := im.Presence{From: s.jid(), Show: s.show(s.next()), Status: s.value("status", "")}
			n, _ := strconv.Atoi(s.value("priority", "0"))
			p.Priority = int8(n)
			return im.PresenceReceived{On: s.on(), Presence: p}
		},
		"unreachable": func(s *script) im.Event {
			return im.PresenceFailed{On: s.on(), From: s.jid(), Err: im.Failure{Code: im.Code(s.next())}}
		},
		"subscription": func(s *script) im.Event {
			kind := slices.Index([]string{"request", "granted", "ended", "left"}, s.next())
			return im.SubscriptionReceived{On: s.on(), Kind: im.SubscriptionKind(kind), From: s.jid(), Text: s.value("text", "")}
		},
		"blocked": func(s *script) im.Event {
			return im.BlocklistChanged{On: s.on(), Blocked: true, JIDs: []im.JID{s.jid()}}
		},
		"dropped": func(s *script) im.Event {
			return im.Dropped{On: s.on(), Reason: im.DropReason(s.next()), From: s.jid()}
		},
	}
}

// chatVerbs are message, bounce, receipt, read and state.
func chatVerbs() map[string]verb {
	return map[string]verb{
		"message": func(s *script) im.Event { return im.MessageReceived{On: s.on(), Message: s.message()} },
		"bounce": func(s *script) im.Event {
			return im.MessageBounced{On: s.on(), From: s.jid(), ID: s.next(), Err: im.Failure{Code: im.Code(s.next()), Text: s.next()}}
		},
		"receipt": func(s *script) im.Event { return im.ReceiptReceived{On: s.on(), From: s.jid(), ID: s.next()} },
		"read": func(s *script) im.Event {
			return im.ReceiptReceived{On: s.on(), From: s.jid(), ID: s.next(), Displayed: true}
		},
		"state": func(s *script) im.Event {
			e := im.ChatStateReceived{On: s.on(), From: s.jid()}
			e.State = im.ChatState(slices.Index([]string{"active", "composing", "paused", "inactive", "gone"}, s.next()))
			return e
		},
	}
}

// message reads FROM BODY and id=, to=, replaces=, stanza=, occupant=, delay=HH:MM:SS, hint=, and the flags groupchat,
// private, carbon-sent, carbon-received, wants-receipt, markable, from-room, otr (with key=K) and exposed.
func (s *script) message() im.Message {
	m := im.Message{
		ID: s.value("id", ""), To: s.wire(s.value("to", "")), Replaces: s.value("replaces", ""),
		StanzaID: s.value("stanza", ""), OccupantID: s.value("occupant", ""), Hint: s.value("hint", ""),
		WantsReceipt: s.flag("wants-receipt"), Markable: s.flag("markable"),
	}
	if stamp := s.value("delay", ""); stamp != "" {
		m.Delayed = true
		m.Delay, _ = time.Parse(time.RFC3339, "2026-11-21T"+stamp+"Z")
	}
	switch {
	case s.flag("groupchat"):
		m.Kind = im.Groupchat
	case s.flag("private"):
		m.Kind = im.Private
	}
	switch {
	case s.flag("carbon-sent"):
		m.Carbon = im.CarbonSent
	case s.flag("carbon-received"):
		m.Carbon = im.CarbonReceived
	}
	m.FromRoom = s.flag("from-room")
	if s.flag("otr") {
		m.Encryption, m.Fingerprint = im.OTR, s.key("key")
	}
	m.Exposed = s.flag("exposed")
	m.From, m.Body = s.jid(), s.next()
	return m
}
