package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"traboule/im"
	"traboule/internal/prosody"
)

// patience is how long people may take to come into the room.
const patience = 30 * time.Second

// town is the people of the demo and their pace.
type town struct {
	running   *sync.WaitGroup
	server    *prosody.Server
	passwords map[string]string
	people    map[string]*person
	// unit is the time that a short line takes to write.
	unit time.Duration
}

// nicks are the people; the first opens the room and so moderates it.
func nicks() []string { return []string{"paulette", "hubert", "tigrou", "maud", "promo"} }

func isOneOfUs(nick string) bool { return slices.Contains(nicks(), nick) }

// arrive logs everybody in and waits until all but the last are in the room; promo comes later, uninvited.
func arrive(ctx context.Context, running *sync.WaitGroup, server *prosody.Server, passwords map[string]string, slowly bool) (*town, error) {
	t := &town{
		running: running, server: server, passwords: passwords, people: map[string]*person{}, unit: 250 * time.Millisecond,
	}
	if slowly {
		t.unit = 2 * time.Second
	}
	for _, nick := range nicks()[:len(nicks())-1] {
		if _, err := t.enter(ctx, nick); err != nil {
			return nil, err
		}
	}
	host := t.people[nicks()[0]]
	host.send(im.SetSubject{For: host.next(), Room: room(), Text: "On se retrouve jeudi, 18 h, en ligne · Thursday 6 pm, online"})
	return t, nil
}

// enter logs somebody in and waits until they are in the room.
func (t *town) enter(ctx context.Context, nick string) (*person, error) {
	arrival, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p := &person{
		nick: nick, account: im.MustJID(nick + "@localhost"), reply: replies(nick), pause: t.unit, joined: make(chan struct{}),
	}
	p.start(ctx, t.running, t.passwords[nick+"@localhost"], t.server.Addr, t.server.CA.Pool())
	t.people[nick] = p
	select {
	case <-p.joined:
		return p, nil
	case <-arrival.Done():
		return nil, fmt.Errorf("%q did not get into the room: %w\n%s", nick, arrival.Err(), t.server.Log())
	}
}

// line is something that somebody says, after a pause in units.
type line struct {
	nick  string
	pause int
	text  string
}

// conversation is what people say by themselves.
func conversation() []line {
	return []line{
		{"hubert", 1, "salut tout le monde"},
		{"paulette", 2, "bonjour hubert ! bonjour à toutes et à tous"},
		{"maud", 3, "morning! sorry, my French is still not great"},
		{"tigrou", 2, "no worries maud, half of us mix both anyway"},
		{"hubert", 3, "qui peut tenir la cantine samedi midi ? il manque deux personnes"},
		{"maud", 3, "I can do Saturday, until three"},
		{"paulette", 2, "/me note : maud jusqu'à 15 h"},
		{"tigrou", 4, "et moi la vaisselle, comme d'habitude 🧽"},
		{"hubert", 3, "parfait, merci tigrou ❤️"},
		{"paulette", 5, "le tract est relu, je l'imprime ce soir : 800 exemplaires"},
		{"maud", 4, "do we have a version in English for the campus?"},
		{"tigrou", 3, "I'll translate it tonight, two paragraphs is nothing"},
		{"hubert", 5, "quelqu'un a des nouvelles de la salle rue Très-Cloîtres ?"},
		{"paulette", 3, "oui : c'est bon pour jeudi, les clés sont chez la voisine"},
		{"maud", 6, "great. remember: no names and no phones on the table, please"},
		{"tigrou", 4, "et on parle d'autre chose que du lieu, ici : ce salon est public 🙂"},
		{"hubert", 3, "bien vu"},
		{"paulette", 8, "qui a du pain ?"},
		{"tigrou", 3, "moi, deux miches, j'arrive dans dix minutes"},
		{"maud", 6, "someone asked me today what this program is. I said: a room with a door that shuts"},
		{"hubert", 5, "une traboule, quoi : on entre par une rue, on sort par une autre"},
	}
}

// intrusionAfter is the line of the conversation after which promo drops in.
const intrusionAfter = 9

// talk goes through the conversation again and again, more and more quietly.
func (t *town) talk(ctx context.Context) {
	for slowness := 1; ; slowness = min(slowness*3, 30) {
		for i, l := range conversation() {
			if !wait(ctx, time.Duration(l.pause*slowness)*t.unit) {
				return
			}
			t.people[l.nick].say(l.text)
			if i == intrusionAfter && slowness == 1 {
				t.intrude(ctx)
			}
		}
	}
}

// intrude lets somebody in who advertises, and is kicked for it. If that fails, the conversation goes on without.
func (t *town) intrude(ctx context.Context) {
	promo, err := t.enter(ctx, "promo")
	if err != nil || !wait(ctx, 2*t.unit) {
		return
	}
	promo.say("GAGNEZ 5000 € EN DEUX JOURS !!! http://promo.example")
	if !wait(ctx, 2*t.unit) {
		return
	}
	moderator := t.people["paulette"]
	moderator.send(im.SetRole{For: moderator.next(), Room: room(), Nick: "promo", Role: im.RoleNone, Reason: "pas de publicité ici"})
}

// replies gives each person answers of their own, one after the other.
func replies(nick string) func(string, bool) string {
	public := map[string][]string{
		"paulette": {"oui, je suis là !", "bien sûr. Essaie /msg paulette pour m'écrire à moi seule", "je regarde ça et je te dis"},
		"hubert":   {"salut ! bienvenue dans le salon", "bonne question, on en parle jeudi", "tout à fait"},
		"tigrou":   {"hi! yes, I'm around", "good idea", "ha, no"},
		"maud":     {"hello! how did you find us?", "yes please", "let me think about it"},
	}[nick]
	private := map[string][]string{
		"paulette": {"entre nous, donc. Ici, seuls les serveurs nous lisent, le salon non", "d'accord", "je te réponds ce soir"},
		"hubert":   {"oui ? dis-moi", "ça marche", "à jeudi alors"},
		"tigrou":   {"whispering, are we?", "got it", "fine by me"},
		"maud":     {"hi, just the two of us (and the servers)", "understood", "talk later"},
	}[nick]
	if public == nil {
		return nil
	}
	asked := map[bool]int{}
	return func(_ string, alone bool) string {
		choices := public
		if alone {
			choices = private
		}
		n := asked[alone]
		asked[alone]++
		return choices[n%len(choices)]
	}
}
