package core

import (
	"cmp"
	"slices"
	"strings"

	"traboule/im"
)

// occupant is somebody in a room.
type occupant struct {
	im.Occupant        // as the room tells it, not cleaned: the nick is the address
	name        string // the nick, clean
	key         string // to sort by
	skeleton    string
	disguised   bool // a word of the nick mixes scripts
	// visit tells this stay from all others in the same room: it survives a change of nick, and nothing else has it.
	visit uint64
}

// newOccupant readies an occupant as the room tells it.
func newOccupant(told im.Occupant, visit uint64) *occupant {
	o := &occupant{visit: visit}
	o.rename(told.Nick)
	o.take(told)
	return o
}

func (o *occupant) rename(nick string) {
	o.Nick = nick
	o.name = CleanName(nick)
	o.key = strings.ToLower(o.name)
	o.skeleton = skeleton(o.name)
	o.disguised = isDisguised(o.name)
}

// take takes over what the room tells of an occupant that keeps its nick.
func (o *occupant) take(told im.Occupant) {
	told.Nick = o.Nick
	told.Status = CleanLine(told.Status)
	if told.ID == "" {
		told.ID = o.ID // not every presence repeats it
	}
	o.Occupant = told
}

// isSame reports whether the room assures that o is the person who was known by this occupant id and real address.
func (o *occupant) isSame(id string, jid im.JID) bool {
	return o.ID != "" && o.ID == id || !o.JID.IsZero() && o.JID.Bare() == jid.Bare()
}

// compareOccupants orders moderators before participants before visitors, each by nick.
func compareOccupants(a, b *occupant) int {
	return cmp.Or(cmp.Compare(b.Role, a.Role), strings.Compare(a.key, b.key), strings.Compare(a.Nick, b.Nick))
}

// occupants are those in a room. The zero value is not ready: see newOccupants.
type occupants struct {
	byNick  map[string]*occupant // by the nick as it is on the wire
	similar lookalikes
	sorted  []*occupant    // nil when it must be made anew
	views   []OccupantView // nil when they must be made anew; front ends read them, so they never change
}

func newOccupants() *occupants {
	return &occupants{byNick: make(map[string]*occupant), similar: make(lookalikes)}
}

// add takes in somebody with a nick that nobody has, and returns those that the newcomer can be taken for.
func (p *occupants) add(o *occupant) []*occupant {
	p.byNick[o.Nick] = o
	p.insert(o)
	return p.similar.add(o)
}

// remove takes out somebody who is there.
func (p *occupants) remove(o *occupant) {
	delete(p.byNick, o.Nick)
	p.withdraw(o)
	p.similar.remove(o)
}

// rename gives somebody another nick, that nobody has, and returns those that the new one can be taken for.
func (p *occupants) rename(o *occupant, nick string) []*occupant {
	p.remove(o)
	o.rename(nick)
	return p.add(o)
}

// update takes over what the room tells of somebody who is there.
func (p *occupants) update(o *occupant, told im.Occupant) {
	if o.Role == told.Role {
		o.take(told)
		p.views = nil
		return
	}
	p.withdraw(o)
	o.take(told)
	p.insert(o)
}

func (p *occupants) insert(o *occupant) {
	p.views = nil
	if p.sorted == nil {
		return // while all arrive at once, sorting waits until somebody looks
	}
	i, _ := slices.BinarySearchFunc(p.sorted, o, compareOccupants)
	p.sorted = slices.Insert(p.sorted, i, o)
}

func (p *occupants) withdraw(o *occupant) {
	p.views = nil
	if i, found := slices.BinarySearchFunc(p.sorted, o, compareOccupants); found {
		p.sorted = slices.Delete(p.sorted, i, i+1)
	}
}

// inOrder returns all, moderators first, then by nick. It must not be changed or kept.
func (p *occupants) inOrder() []*occupant {
	if p.sorted == nil {
		p.sorted = make([]*occupant, 0, len(p.byNick))
		for _, o := range p.byNick {
			p.sorted = append(p.sorted, o)
		}
		slices.SortFunc(p.sorted, compareOccupants)
	}
	return p.sorted
}

// isLookalike reports whether somebody here can be taken for another, or for a Latin name.
func (p *occupants) isLookalike(o *occupant) bool {
	return o.disguised || len(p.similar[o.skeleton]) > 1
}

// resembles reports whether a nick that nobody here has can be taken for that of somebody who is here.
func (p *occupants) resembles(nick string) bool {
	name := CleanName(nick)
	return isDisguised(name) || len(p.similar[skeleton(name)]) > 0
}

// view gives all as a front end shows them; ours is the nick that is our own.
func (p *occupants) view(ours string) []OccupantView {
	if p.views != nil {
		return p.views
	}
	views := make([]OccupantView, 0, len(p.byNick))
	for _, o := range p.inOrder() {
		views = append(views, OccupantView{
			Nick: o.name, JID: o.JID, Affiliation: o.Affiliation, Role: o.Role, Show: o.Show, Status: o.Status,
			Lookalike: p.isLookalike(o), Self: o.Nick == ours,
		})
	}
	p.views = views
	return views
}

// byJID returns an occupant whose real address the room shows us to be this bare one, or nil.
func (p *occupants) byJID(bare im.JID) *occupant {
	for _, o := range p.inOrder() {
		if o.JID.Bare() == bare {
			return o
		}
	}
	return nil
}

// find returns who is meant by a nick that a person typed: the nick itself, or as it is shown. Several may be shown alike.
func (p *occupants) find(nick string) []*occupant {
	if o := p.byNick[nick]; o != nil {
		return []*occupant{o}
	}
	var found []*occupant
	for _, o := range p.inOrder() {
		if o.name == nick {
			found = append(found, o)
		}
	}
	return found
}
