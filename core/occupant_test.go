package core

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"traboule/im"
)

func names(list []*occupant) []string {
	var all []string
	for _, o := range list {
		all = append(all, o.name)
	}
	return all
}

func TestOccupantsInOrder(t *testing.T) {
	p := newOccupants()
	for i, told := range []im.Occupant{
		{Nick: "zoe", Role: im.Participant}, {Nick: "Hubert", Role: im.Moderator}, {Nick: "albert", Role: im.Visitor},
		{Nick: "ana", Role: im.Participant}, {Nick: "Bob", Role: im.Participant},
	} {
		p.add(newOccupant(told, uint64(i+1)))
	}
	want := []string{"Hubert", "ana", "Bob", "zoe", "albert"}
	if got := names(p.inOrder()); !slices.Equal(got, want) {
		t.Fatalf("order %q, want %q", got, want)
	}
	p.update(p.byNick["zoe"], im.Occupant{Nick: "zoe", Role: im.Moderator})
	p.rename(p.byNick["Hubert"], "🐧 hubert")
	p.remove(p.byNick["ana"])
	want = []string{"zoe", "🐧 hubert", "Bob", "albert"}
	if got := names(p.inOrder()); !slices.Equal(got, want) {
		t.Fatalf("order %q, want %q", got, want)
	}
}

func TestOccupantsLookAlike(t *testing.T) {
	p := newOccupants()
	hubert := newOccupant(im.Occupant{Nick: "hubert"}, 1)
	if got := p.add(hubert); len(got) != 0 || p.isLookalike(hubert) {
		t.Fatalf("alone: %q", names(got))
	}
	other := newOccupant(im.Occupant{Nick: "HUBERT"}, 2)
	if got := p.add(other); !slices.Equal(names(got), []string{"hubert"}) || !p.isLookalike(hubert) || !p.isLookalike(other) {
		t.Fatalf("two: %q", names(got))
	}
	for _, v := range p.view("hubert") {
		if !v.Lookalike || v.Self != (v.Nick == "hubert") {
			t.Errorf("view %+v", v)
		}
	}
	if got := p.rename(other, "paulette"); len(got) != 0 || p.isLookalike(hubert) {
		t.Fatalf("after the rename: %q", names(got))
	}
	p.add(newOccupant(im.Occupant{Nick: "pаulette"}, 3)) // with a Cyrillic а
	p.remove(other)
	p.remove(hubert)
	if o := p.byNick["pаulette"]; !p.isLookalike(o) {
		t.Error("a disguised nick is not marked once its model has left")
	}
	p.remove(p.byNick["pаulette"])
	if len(p.similar) != 0 || len(p.inOrder()) != 0 {
		t.Errorf("left over: %v, %v", p.similar, p.sorted)
	}
}

func TestOccupantsFind(t *testing.T) {
	p := newOccupants()
	for _, nick := range []string{"hubert", "x\u3164y", "a\u200Bb", "a\u2060b", "hub<3"} {
		p.add(newOccupant(im.Occupant{Nick: nick}, 1))
	}
	for _, tt := range []struct {
		typed string
		found int
	}{{"hubert", 1}, {"Hubert", 0}, {"x�y", 1}, {"x\u3164y", 1}, {"a�b", 2}, {"hub‹3", 1}} {
		if got := p.find(tt.typed); len(got) != tt.found {
			t.Errorf("find(%q) = %q, want %d", tt.typed, names(got), tt.found)
		}
	}
}

// TestOccupantsStayInOrder compares the sorted list, kept up to date step by step, with one sorted from nothing.
func TestOccupantsStayInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newOccupants()
		nick := rapid.SampledFrom([]string{"a", "A", "b", "é", "b ", "l", "I", "1"})
		role := rapid.SampledFrom([]im.Role{im.Visitor, im.Participant, im.Moderator})
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			n, o := nick.Draw(t, "nick"), (*occupant)(nil)
			o = p.byNick[n]
			told := im.Occupant{Nick: n, Role: role.Draw(t, "role")}
			switch to := nick.Draw(t, "to"); {
			case o == nil:
				p.add(newOccupant(told, 1))
			case p.byNick[to] == nil && rapid.Bool().Draw(t, "rename"):
				p.rename(o, to)
			case rapid.Bool().Draw(t, "update"):
				p.update(o, told)
			default:
				p.remove(o)
			}
			got := slices.Clone(p.inOrder())
			p.sorted = nil
			if !slices.Equal(got, p.inOrder()) {
				t.Fatalf("kept %q, sorted %q", names(got), names(p.inOrder()))
			}
		}
	})
}

func BenchmarkOccupants(b *testing.B) {
	told := make([]im.Occupant, 5000)
	for i := range told {
		told[i] = im.Occupant{Nick: fmt.Sprintf("Occupant %d", i*7919%5000), Role: im.Participant}
	}
	for b.Loop() {
		p := newOccupants()
		for _, o := range told {
			p.add(newOccupant(o, 1))
		}
		p.view("")
	}
}
