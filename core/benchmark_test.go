package core

import (
	"fmt"
	"strings"
	"testing"

	"traboule/im"
)

// inRoom makes a Core that is joining a room, and the events of an occupant of it.
func inRoom(b *testing.B) (*Core, func(nick string, codes ...int) Received, im.JID) {
	b.Helper()
	c := newTestCore()
	room := im.MustJID("grenoble@conference.example.org")
	on := im.On{Account: ana}
	c.Handle(noon, Woken{})
	c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Connected, JID: im.MustJID("ana@example.org/r")}})
	c.Handle(noon, Typed{Join{Room: room.String(), Nick: "ana"}})
	return c, func(nick string, codes ...int) Received {
		o := im.Occupant{Nick: nick, Affiliation: im.Member, Role: im.Participant, Show: im.Online}
		return Received{im.OccupantChanged{On: on, Room: room, Present: true, Occupant: o, Codes: codes}}
	}, room
}

// BenchmarkFlood takes 20,000 messages of 120 bytes in a room, with a View every hundred of them.
func BenchmarkFlood(b *testing.B) {
	b.ReportAllocs()
	body := strings.Repeat("salut tout le monde ", 6)
	for b.Loop() {
		c, occupant, room := inRoom(b)
		c.Handle(noon, occupant("hubert"))
		c.Handle(noon, occupant("ana", 110))
		from, _ := room.WithResource("hubert")
		lines := 0
		for i := range 20_000 {
			m := im.Message{From: from, Kind: im.Groupchat, ID: fmt.Sprint("m", i), StanzaID: fmt.Sprint("s", i), Body: body}
			e := c.Handle(noon, Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
			lines += len(e.Show)
			if i%100 == 0 {
				c.View()
			}
		}
		if lines < 40_000 {
			b.Fatalf("%d facts", lines)
		}
	}
}

// BenchmarkBigRoom enters a room of 5,000.
func BenchmarkBigRoom(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, occupant, _ := inRoom(b)
		for i := range 5_000 {
			c.Handle(noon, occupant(fmt.Sprintf("camarade-%d", i)))
		}
		c.Handle(noon, occupant("ana", 110))
		if n := len(c.View().Current.Occupants); n != 5_001 {
			b.Fatalf("%d occupants", n)
		}
	}
}

// BenchmarkView makes a View of a busy client in which one message has come.
func BenchmarkView(b *testing.B) {
	c, occupant, room := inRoom(b)
	for i := range 1_000 {
		c.Handle(noon, occupant(fmt.Sprintf("camarade-%d", i)))
	}
	c.Handle(noon, occupant("ana", 110))
	from, _ := room.WithResource("camarade-1")
	m := im.Message{From: from, Kind: im.Groupchat, Body: "salut"}
	b.ReportAllocs()
	for b.Loop() {
		c.Handle(noon, Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
		if c.View().Current.Log.Len() == 0 {
			b.Fatal("no line")
		}
	}
}
