package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// connectedCore makes a Core whose account is connected and has one contact, who sees its presence.
func connectedCore(t *testing.T) *Core {
	t.Helper()
	c := newTestCore()
	c.Handle(noon, Woken{})
	e := c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: im.MustJID("ana@example.org/r")}})
	roster := im.RosterResult{Items: []im.RosterItem{{JID: paulette, Subscription: im.SubscriptionBoth}}}
	c.Handle(noon, Received{im.Done{On: im.On{Account: ana}, Request: e.Send[0].Number(), Result: roster}})
	return c
}

func (c *Core) hearFrom(from im.JID, body string) Effects {
	m := im.Message{From: from, Body: body}
	return c.Handle(noon, Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
}

func TestStrangersBeyondTheLimitAreHeardInTheConsole(t *testing.T) {
	c := connectedCore(t)
	for i := range maxStrangers {
		c.hearFrom(im.MustJID(fmt.Sprintf("s%d@example.com", i)), "un")
	}
	before := len(c.windows)
	e := c.hearFrom(im.MustJID("late@example.com"), "entendu ?")
	if len(c.windows) != before {
		t.Errorf("%d windows, were %d", len(c.windows), before)
	}
	added, ok := e.Show[0].(LineAdded)
	if !ok || !added.Conversation.IsConsole() || added.Line.Notice.Code != NoticeStrangerMessage || added.Line.Notice.Text != "entendu ?" {
		t.Errorf("shown: %v", e.Show)
	}
	if e = c.hearFrom(paulette, "salut"); len(c.windows) != before+1 {
		t.Errorf("a contact was not let in: %v", e.Show)
	}
	// Closing one window makes room for another stranger.
	c.Handle(noon, Typed{Win{Name: "s7@"}})
	c.Handle(noon, Typed{Close{}})
	if c.hearFrom(im.MustJID("late@example.com"), "et là ?"); len(c.windows) != before+1 {
		t.Errorf("%d windows after one was closed, want %d", len(c.windows), before+1)
	}
}

func TestLogsAreBounded(t *testing.T) {
	c := connectedCore(t)
	for range maxLines + 2*chunkSize {
		c.hearFrom(paulette, "x")
	}
	conv := c.conversations[ConversationID{ana, paulette}]
	if n := conv.log.Len(); n > maxLines || n < maxLines-chunkSize {
		t.Errorf("%d lines are kept, want about %d", n, maxLines)
	}
	long := strings.Repeat("x", maxText)
	for range 2 * maxLogBytes / maxText {
		c.hearFrom(paulette, long)
	}
	if conv.weight > maxLogBytes {
		t.Errorf("one log weighs %d", conv.weight)
	}
	for i := range maxAllLogBytes/maxLogBytes + 2 {
		from := im.MustJID(fmt.Sprintf("s%d@example.com", i))
		for range maxLogBytes / maxText {
			c.hearFrom(from, long)
		}
	}
	if c.weight > maxAllLogBytes {
		t.Errorf("all logs weigh %d", c.weight)
	}
	weight := 0
	for _, v := range c.windows {
		weight += v.weight
		if v.kind == Person && v.log.Len() == 0 {
			t.Errorf("%v has lost all its lines", v.id)
		}
	}
	if weight != c.weight {
		t.Errorf("the windows weigh %d, counted as %d", weight, c.weight)
	}
	if light := c.personFor(conv.account, im.MustJID("lupin@example.com")); c.isFull(light) || !c.isFull(c.heaviest()) {
		t.Error("it is not the heaviest conversation that has no room for more")
	}
}

func TestQuestionsAreBounded(t *testing.T) {
	c := connectedCore(t)
	for i := range maxQuestions + 50 {
		from := im.MustJID(fmt.Sprintf("s%d@example.com", i))
		c.Handle(noon, Received{im.SubscriptionReceived{On: im.On{Account: ana}, From: from}})
	}
	if n := len(c.View().Questions); n != maxQuestions {
		t.Errorf("%d questions, want %d", n, maxQuestions)
	}
	c.Handle(noon, Received{im.OTROffered{On: im.On{Account: ana}, Peer: phone}})
	if questions := c.View().Questions; questions[len(questions)-1].From != phone {
		t.Error("a contact's offer is not among the questions")
	}
}

func TestResourcesAreBounded(t *testing.T) {
	c := connectedCore(t)
	c.Handle(noon, Typed{Query{paulette.String()}})
	for i := range maxResources + 10 {
		from, _ := paulette.WithResource(fmt.Sprint("r", i))
		c.Handle(noon, Received{im.PresenceReceived{On: im.On{Account: ana}, Presence: im.Presence{From: from, Show: im.Online}}})
	}
	if n := len(c.View().Current.Resources); n != maxResources {
		t.Errorf("%d resources, want %d", n, maxResources)
	}
}

func TestTypingIsBounded(t *testing.T) {
	c := connectedCore(t)
	c.Handle(noon, Typed{Query{paulette.String()}})
	for i := range maxTyping + 10 {
		from, _ := paulette.WithResource(fmt.Sprint("r", i))
		c.Handle(noon, Received{im.ChatStateReceived{On: im.On{Account: ana}, From: from, State: im.Composing}})
	}
	if len(c.current.typing) != maxTyping || len(c.alarms) != maxTyping {
		t.Errorf("%d are typing, with %d alarms; want %d", len(c.current.typing), len(c.alarms), maxTyping)
	}
	c.Handle(noon.Add(time.Hour), Woken{})
	if len(c.current.typing) != 0 || len(c.alarms) != 0 {
		t.Errorf("an hour later %d are typing, with %d alarms", len(c.current.typing), len(c.alarms))
	}
}

func TestOutboxIsBounded(t *testing.T) {
	c := connectedCore(t)
	c.Handle(noon, Typed{Query{paulette.String()}})
	c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Disconnected, RetryIn: time.Minute}})
	for range maxOutbox {
		c.Handle(noon, Typed{Say{"salut"}})
	}
	e := c.Handle(noon, Typed{Say{"de trop"}})
	if added, ok := e.Show[0].(LineAdded); !ok || added.Line.Notice == nil || added.Line.Notice.Code != NoticeTooManyUnsent {
		t.Errorf("shown: %v", e.Show)
	}
	e = c.Handle(noon, Typed{Say{strings.Repeat("x", maxText+1)}})
	if added, ok := e.Show[0].(LineAdded); !ok || added.Line.Notice == nil || added.Line.Notice.Code != NoticeMessageTooLong {
		t.Errorf("shown: %v", e.Show)
	}
	if e = c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Resumed}}); len(e.Send) != maxOutbox {
		t.Errorf("%d messages went out, want %d", len(e.Send), maxOutbox)
	}
}

func TestRosterIsBounded(t *testing.T) {
	c := connectedCore(t)
	groups := make([]string, maxGroups+10)
	for i := range maxContacts + 10 {
		item := im.RosterItem{JID: im.MustJID(fmt.Sprintf("c%d@example.com", i)), Groups: groups}
		c.Handle(noon, Received{im.RosterChanged{On: im.On{Account: ana}, Item: item}})
		groups = nil
	}
	a := c.byJID[ana]
	if len(a.contacts) != maxContacts {
		t.Errorf("%d contacts, want %d", len(a.contacts), maxContacts)
	}
	if n := len(a.contacts[im.MustJID("c0@example.com")].item.Groups); n != maxGroups {
		t.Errorf("%d groups, want %d", n, maxGroups)
	}
	e := c.Handle(noon.Add(time.Minute), Woken{})
	if len(e.Keep) != 1 {
		t.Errorf("%d rosters are kept after all these changes, want 1", len(e.Keep))
	}
}
