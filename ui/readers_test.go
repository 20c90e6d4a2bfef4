package ui

import (
	"fmt"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// Who can read what is typed is said in whole words at every width that has a place for it.
func TestReadersAreSaidInWholeWords(t *testing.T) {
	room := func(flags ...im.RoomFlag) core.Window {
		return core.Window{ConversationView: core.ConversationView{Kind: core.Room, Joined: true}, Flags: flags}
	}
	person := func(p core.Protection) core.Window {
		return core.Window{ConversationView: core.ConversationView{Kind: core.Person, Name: strings.Repeat("Scholastique ", 9), Protection: p}}
	}
	windows := map[string]core.Window{
		"console":        {},
		"room":           room(),
		"logged room":    room(im.FlagLogged),
		"public room":    room(im.FlagPublic),
		"room for all":   room(im.FlagPublic, im.FlagLogged),
		"closed room":    room(im.FlagPublic, im.FlagMembersOnly, im.FlagLogged),
		"outside":        {ConversationView: core.ConversationView{Kind: core.Room}},
		"plain":          person(core.Plain),
		"starting":       person(core.Starting),
		"unverified":     person(core.EncryptedUnverified),
		"verified":       person(core.EncryptedVerified),
		"finished":       person(core.Finished),
		"plain occupant": {ConversationView: core.ConversationView{Kind: core.Occupant, Name: "hubert"}},
	}
	for name, w := range windows {
		for _, lang := range []string{"en", "fr"} {
			t.Run(fmt.Sprintf("%s-%s", name, lang), func(t *testing.T) {
				s := newStage(t, Options{Printer: printer(lang)}, 80, 24)
				wordings, _ := s.status.readers(&w)
				for cells := minWidth; cells <= 200; cells++ {
					if text := fitting(wordings, cells); text == "" || width(text) > cells {
						t.Fatalf("%d cells: %q", cells, text)
					}
				}
			})
		}
	}
}

// What protects is never left out to save room, and what does not is never made to look as if it did.
func TestShortReadersSayTheSame(t *testing.T) {
	v := sampleRoom()
	s := newStage(t, Options{}, 40, 12)
	s.show(v)
	s.find(t, "anybody can read this · recorded")
	v.Current.Flags = nil
	s.show(v)
	s.find(t, "the room and its server can read this")
	v = samplePerson()
	v.Current.Name = "Marie-Scholastique de la Croix-Rousse"
	v.Current.Protection = core.EncryptedUnverified
	s.show(v)
	s.find(t, " encrypted, not verified")
	v.Current.Protection = core.Finished
	s.show(v)
	s.find(t, "encryption ended: nothing is sent")
}
