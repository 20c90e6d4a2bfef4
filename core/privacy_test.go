package core

import (
	"slices"
	"testing"

	"traboule/im"
)

// online makes a Core whose account is connected, in a room, and seen by a contact.
func onlineCore(t *testing.T, change func(*Options)) *Core {
	t.Helper()
	o := Options{
		Accounts: []AccountOptions{{
			JID: ana, Connect: true, Resource: "desk", Rooms: []RoomOptions{{Room: im.MustJID("grenoble@chat.example.org")}},
		}},
		NewID:    func() string { return "id" },
		Standing: Standing{Resolver: "tls://9.9.9.9"},
	}
	if change != nil {
		change(&o)
	}
	c := New(o)
	c.Handle(noon, Woken{})
	on := im.On{Account: ana}
	e := c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Connected, JID: im.MustJID("ana@example.org/r")}})
	for _, r := range e.Send {
		if fetch, is := r.(im.FetchRoster); is {
			items := []im.RosterItem{{JID: paulette, Subscription: im.SubscriptionBoth}}
			c.Handle(noon, Received{im.Done{On: on, Request: fetch.ID, Result: im.RosterResult{Items: items}}})
		}
	}
	c.Handle(noon, Received{im.OccupantChanged{
		On: on, Room: im.MustJID("grenoble@chat.example.org"), Occupant: im.Occupant{Nick: "ana"}, Present: true, Codes: []int{110},
	}})
	c.Handle(noon, Received{im.Confined{Confinement: im.Confinement{Wanted: true, Files: true, TCP: true, UDP: true, UnixSockets: true, Programs: true}}})
	return c
}

// TestPrivacyTellsEveryTopic shows that the rows are those of Topics, in their order, sorted by who learns it.
func TestPrivacyTellsEveryTopic(t *testing.T) {
	c := onlineCore(t, nil)
	if rows := c.View().Privacy; rows != nil {
		t.Errorf("%d rows in the View that nobody shows", len(rows))
	}
	c.Handle(noon, Typed{WatchPrivacy{true}})
	var told []Topic
	last := ToNetwork
	for _, n := range c.View().Privacy {
		if n.Privacy.Audience < last {
			t.Errorf("%s stands too late", n.Privacy.Topic)
		}
		last = n.Privacy.Audience
		told = append(told, n.Privacy.Topic)
	}
	if !slices.Equal(told, Topics()) {
		t.Errorf("told  %v\ntopics %v", told, Topics())
	}
	c.Handle(noon, Typed{WatchPrivacy{}})
	if c.View().Privacy != nil {
		t.Error("the rows stay in the View")
	}
}

// TestSwitchesAreKept switches everything and gives what was kept to the next session.
func TestSwitchesAreKept(t *testing.T) {
	for _, row := range disclosures() {
		c := onlineCore(t, nil)
		e := c.Handle(noon, Typed{Privacy{Switch: row.which, On: !row.initially, Set: true}})
		want := im.SwitchRecord{Name: row.word, On: !row.initially}
		if !slices.Contains(e.Keep, im.Record(want)) {
			t.Errorf("%s: kept %v", row.word, e.Keep)
		}
		again := New(Options{
			Disclose: map[Disclosure]bool{row.which: row.initially}, Switches: map[string]bool{want.Name: want.On},
		})
		if again.disclose[row.which] == row.initially {
			t.Errorf("%s: the settings overrule the user", row.word)
		}
		if settings := New(Options{Disclose: map[Disclosure]bool{row.which: !row.initially}}); settings.disclose[row.which] == row.initially {
			t.Errorf("%s: the settings count for nothing", row.word)
		}
	}
}

// TestNoPresence shows that who is invisible sends presence to rooms alone, and no sign of life to contacts.
func TestNoPresence(t *testing.T) {
	c := onlineCore(t, func(o *Options) {
		o.Switches = map[string]bool{"presence": false, "receipts": true, "markers": true, "typing": true}
	})
	for _, in := range []Input{
		Typed{GoAway{Text: "café"}}, Typed{ComeBack{}},
		Received{im.MessageReceived{On: im.On{Account: ana}, Message: im.Message{
			From: im.MustJID("paulette@example.net/p"), To: ana, Body: "là ?", ID: "m", WantsReceipt: true, Markable: true,
		}}},
		Typed{Query{To: paulette.String()}}, Typed{Compose{Typing: true}},
	} {
		for _, r := range c.Handle(noon, in).Send {
			switch r := r.(type) {
			case im.SetPresence:
				if r.To.IsZero() {
					t.Errorf("%T: told everybody %v", in, r)
				}
			case im.SetOTRPolicy:
				if r.Known {
					t.Errorf("%T: %v", in, r)
				}
			default:
				t.Errorf("%T: sent %T", in, r)
			}
		}
	}
}

// TestPrivacyTellsOfHistory shows a row for all conversations, and one for each that has a setting of its own.
func TestPrivacyTellsOfHistory(t *testing.T) {
	for _, test := range []struct {
		store HistoryStore
		want  []NoticeCode
	}{
		{NoStore, []NoticeCode{NoticeHistoryNowhere}},
		{MemoryStore, []NoticeCode{NoticeHistoryMemory, NoticeHistoryOwnMemory}},
		{DiskStore, []NoticeCode{NoticeHistoryDisk, NoticeHistoryOwn}},
	} {
		c := onlineCore(t, func(o *Options) { o.History.Store = test.store })
		command, err := Parse("/history 30 " + paulette.String())
		if err != nil {
			t.Fatal(err)
		}
		c.Handle(noon, Typed{command})
		var told []NoticeCode
		for _, n := range c.disclosed() {
			if n.Privacy.Topic == TopicHistory {
				told = append(told, n.Code)
			}
		}
		if !slices.Equal(told, test.want) {
			t.Errorf("store %d: told %v, want %v", test.store, told, test.want)
		}
	}
}
