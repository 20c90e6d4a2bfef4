package line

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// objects is the form for scripts: one JSON object a line.
type objects struct {
	printer *i18n.Printer
	now     func() time.Time
}

func (j *objects) facts(out *bytes.Buffer, u core.Update) {
	for _, fact := range u.Facts {
		if o := j.object(fact); o != nil {
			out.Write(encode(o))
		}
	}
}

func (j *objects) say(out *bytes.Buffer, n *core.Notice) {
	out.Write(encode(j.notice(core.ConversationID{}, n)))
}

// object returns the object of a fact, or nil for the facts about lines: what they tell is told by others too.
func (j *objects) object(fact core.Fact) object {
	switch f := fact.(type) {
	case core.ConnectionFact:
		return j.connection(f)
	case core.RosterFact:
		return j.roster(f)
	case core.PresenceFact:
		return j.presence(f)
	case core.RoomFact:
		return j.room(f)
	case core.OccupantFact:
		return j.occupant(f)
	case core.SubjectFact:
		return subjectObject{j.head("subject", f.Account), f.Room.String(), f.From, f.Text}
	case core.MessageFact:
		return j.message(f)
	case core.HistoryFact:
		return j.history(f)
	case core.MessageStateFact:
		return j.messageState(f)
	case core.OTRFact:
		return j.otr(f)
	case core.NoticeFact:
		return j.notice(f.Conversation, f.Notice)
	}
	return nil
}

func (j *objects) connection(f core.ConnectionFact) object {
	o := connectionObject{
		head: j.head("connection", f.Account), State: word(connectionWords(), f.State), JID: f.JID.String(),
		Via: word(viaWords(), f.Via), Onion: f.Via == im.ViaOnion, Server: f.Server, TLS: f.TLS, SASL: f.SASL,
		RetryAt: stamp(f.RetryAt), Error: j.failure(f.Err),
	}
	if f.State == im.WaitingForTor {
		o.Progress = &f.Progress
	}
	return o
}

func (j *objects) roster(f core.RosterFact) object {
	return rosterObject{
		head: j.head("roster", f.Account), JID: f.Item.JID.String(), Name: f.Item.Name,
		Subscription: word(subscriptionWords(), f.Item.Subscription), Groups: list(f.Item.Groups),
		Asked: f.Item.Asked, Removed: f.Removed,
	}
}

func (j *objects) presence(f core.PresenceFact) object {
	o := presenceObject{head: j.head("presence", f.Account), From: f.From.String(), Status: f.Status}
	if f.Subscription != nil {
		o.Subscription = word(subscriptionKindWords(), *f.Subscription)
	} else {
		o.Show = word(showWords(), f.Show)
	}
	return o
}

func (j *objects) room(f core.RoomFact) object {
	return roomObject{
		head: j.head("room", f.Account), Room: f.Room.String(), State: word(roomWords(), f.State), Nick: f.Nick,
		Occupants: f.Occupants, Flags: list(f.Flags), Error: j.failure(f.Err),
	}
}

func (j *objects) occupant(f core.OccupantFact) object {
	return occupantObject{
		head: j.head("occupant", f.Account), Room: f.Room.String(), Nick: f.Nick, Event: word(occupantWords(), f.Event),
		NewNick: f.NewNick, Affiliation: word(core.AffiliationWords(), f.Affiliation), Role: word(core.RoleWords(), f.Role),
		Actor: f.Actor, Reason: f.Reason,
	}
}

// history is an old message that was asked for.
func (j *objects) history(f core.HistoryFact) object {
	o := historyObject{j.message(core.MessageFact{Conversation: f.Conversation, Kind: f.Kind, Line: f.Line}), f.Number}
	o.Type, o.Time = "history", stamp(f.Line.Time)
	return o
}

func (j *objects) message(f core.MessageFact) messageObject {
	l := f.Line
	o := messageObject{
		head: j.head("message", f.Conversation.Account), Conversation: f.Conversation.Peer.String(),
		Kind: word(kindWords(), f.Kind), Direction: "in", From: l.From, Body: l.Body, ID: l.ID, Replaces: f.Replaces,
		Encryption: word(encryptionWords(), l.Encryption), Trust: word(trustWords(), l.Trust), Archived: l.Archived,
		Mention: l.Mention, Warning: word(warningWords(), l.Warning),
	}
	if l.Action {
		o.Body = "/me " + l.Body
	}
	if l.Out {
		o.Direction, o.State = "out", word(stateWords(), l.State)
	}
	switch {
	case f.Kind == im.Chat:
		o.From = chatSender(f).String()
	case !l.Out && !l.JID.IsZero():
		o.JID = l.JID.String()
	}
	switch {
	case l.Delayed:
		o.Delayed = stamp(l.Time)
	case f.Replaces == "":
		o.Time = stamp(l.Time)
	}
	return o
}

// chatSender is the address that a one-to-one message came from.
func chatSender(f core.MessageFact) im.JID {
	switch {
	case !f.Line.JID.IsZero():
		return f.Line.JID
	case f.Line.Out:
		return f.Conversation.Account
	default:
		return f.Conversation.Peer
	}
}

func (j *objects) messageState(f core.MessageStateFact) object {
	return messageStateObject{
		head: j.head("message-state", f.Conversation.Account), Conversation: f.Conversation.Peer.String(), ID: f.ID,
		State: word(stateWords(), f.State), Read: f.State == core.StateRead, Error: j.failure(f.Err),
		Encryption: wordUnlessZero(encryptionWords(), f.Encryption), Trust: wordUnlessZero(trustWords(), f.Trust),
	}
}

func (j *objects) otr(f core.OTRFact) object {
	o := otrObject{
		head: j.head("otr", f.Account), Conversation: f.Peer.String(), State: word(otrWords(), f.State), Trust: word(trustWords(), f.Trust),
		Fingerprint: f.Fingerprint, Version: f.Version, Reason: word(otrReasonWords(), f.Reason), Event: word(otrEventWords(), f.Event),
		Question: f.Question, Former: f.Former, Text: f.Text,
	}
	if f.Event == core.OTRSMPProgress {
		o.Progress = &f.Progress
	}
	return o
}

// isPolicy reports whether a notice tells a policy, the first of which has the value that no policy has elsewhere.
func isPolicy(code core.NoticeCode) bool {
	return code == core.NoticeOTRPolicy || code == core.NoticeOTRPolicyAll
}

func (j *objects) notice(id core.ConversationID, n *core.Notice) object {
	account := n.Account
	if account.IsZero() {
		account = id.Account
	}
	o := noticeObject{
		head: j.head("notice", account), Level: word(levelWords(), n.Level), Code: string(n.Code),
		Text: j.text(n), Conversation: id.Peer.String(), JID: n.JID.String(), Room: n.Room.String(),
		Nick: n.Nick, NewNick: n.NewNick, Actor: n.Actor, Reason: n.Reason, Detail: n.Text, Argument: n.Argument,
		Suggestion: n.Suggestion, Affiliation: wordUnlessZero(core.AffiliationWords(), n.Affiliation),
		Role: wordUnlessZero(core.RoleWords(), n.Role), Show: wordUnlessZero(showWords(), n.Show),
		State: wordUnlessZero(connectionWords(), n.State), Via: word(viaWords(), n.Via), Flags: list(n.Flags), Count: n.Count,
		Of: n.Of, Wait: int(n.Wait.Round(time.Second) / time.Second), List: rows(n), Error: j.failure(n.Err),
	}
	if e := n.OTR; e != nil {
		o.Fingerprint, o.Former, o.Ours, o.URI = e.Theirs, e.Former, e.Ours, e.URI
		o.Trust, o.Version = wordUnlessZero(trustWords(), e.Trust), e.Version
		if isPolicy(n.Code) {
			o.Policy = word(core.PolicyWords(), e.Policy)
		}
	}
	if n.Search != nil {
		o.Detail = n.Search.String()
	}
	o.History, o.Days = wordUnlessZero(historyWords(), n.History.Mode), n.History.Days
	if k := n.Confinement; k != nil {
		refused, allowed := core.Refusals(k)
		o.Refused, o.Allowed, o.Lacks = wordsOf(refusalWords(), refused), wordsOf(refusalWords(), allowed), wordsOf(lackWords(), k.Lacks)
	}
	if d := n.Privacy; d != nil {
		o.Topic, o.Audience, o.Command, o.Setting = string(d.Topic), word(core.AudienceWords(), d.Audience), d.Command, d.Setting
		if d.Switch != core.NoDisclosure {
			o.On = &d.On
		}
	}
	return o
}

// text returns the words of a notice: the sentence, and for help, which has no rows of its own, all of it.
func (j *objects) text(n *core.Notice) string {
	if n.Code == core.NoticeHelp {
		return strings.Join(j.printer.NoticeLines(n), "\n")
	}
	return j.printer.Notice(n)
}

func rows(n *core.Notice) []rowObject {
	var to []rowObject
	for _, r := range n.List {
		o := rowObject{
			Account: r.Account.String(), JID: r.JID.String(), Name: r.Name, Nick: r.Nick, Status: r.Status, Show: wordUnlessZero(showWords(), r.Show),
			Affiliation: wordUnlessZero(core.AffiliationWords(), r.Affiliation), Role: wordUnlessZero(core.RoleWords(), r.Role),
			Subscription: wordUnlessZero(subscriptionWords(), r.Subscription),
			Protection:   wordUnlessZero(protectionWords(), r.Protection),
		}
		switch {
		case n.Code == core.NoticeBookmarks:
			o.AutoJoin = &r.AutoJoin
		case n.Code == core.NoticeWindows:
			o.Unread = &r.Count
		case n.Code == core.NoticeRooms && r.Count >= 0:
			o.Occupants = &r.Count
		}
		to = append(to, o)
	}
	return to
}

func (j *objects) head(kind string, account im.JID) head {
	return head{kind, stamp(j.now()), account.String()}
}

func (j *objects) failure(f *im.Failure) *failure {
	if f == nil {
		return nil
	}
	return &failure{string(f.Code), j.printer.Failure(f)}
}

// stamp returns a time as the contract has it, and nothing for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// list returns the items as strings, never nil, so that an empty list is [] rather than null.
func list[T ~string](items []T) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = string(item)
	}
	return out
}

// escape writes what is not printable as \u escapes.
func escape(raw []byte) []byte {
	if bytes.IndexFunc(raw, func(r rune) bool { return !printable(r) }) < 0 {
		return raw
	}
	var out bytes.Buffer
	for _, r := range string(raw) {
		switch high, low := utf16.EncodeRune(r); {
		case printable(r):
			out.WriteRune(r)
		case high != unicode.ReplacementChar:
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}
