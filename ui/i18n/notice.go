package i18n

import (
	"strings"

	"traboule/core"
	"traboule/im"
)

// Notice returns what the client says, as one sentence; NoticeLines tells the rows of a list as well. Templates name the
// fields of core.Notice: {account}, {jid}, {room}, {nick}, {actor}, {reason}, {text}, {new}, {affiliation}, {role}, {show},
// {flags}, {state}, {via}, {count}, {of}, {wait} and {err}.
func (p *Printer) Notice(n *core.Notice) string {
	template, known := p.text.notices[n.Code]
	if !known {
		return p.unworded(n)
	}
	return p.expand(template, func(name string) value { return p.noticeValue(n, name) })
}

// NoticeLines returns what the client says and, for an answer that is a list, one line for each of its rows.
func (p *Printer) NoticeLines(n *core.Notice) []string {
	lines := []string{p.Notice(n)}
	for i := range n.List {
		lines = append(lines, p.Row(&n.List[i]))
	}
	return lines
}

// Row returns one row of a list: "hubert  moderator, owner".
func (p *Printer) Row(r *core.Row) string {
	var facts []string
	add := func(fact string, tell bool) {
		if tell && fact != "" {
			facts = append(facts, fact)
		}
	}
	name := r.Name
	if name == "" {
		name = r.JID.String()
	} else {
		add(r.JID.String(), !r.JID.IsZero())
	}
	add(p.Show(r.Show), r.Show != im.Offline)
	add(p.Role(r.Role), r.Role != im.RoleNone && r.Role != im.Participant)
	add(p.Affiliation(r.Affiliation), r.Affiliation != im.AffiliationNone)
	add(p.Subscription(r.Subscription), r.Subscription != im.SubscriptionNone)
	add(p.expand(p.text.words.people, func(string) value { return p.count(r.Count) }), r.Count > 0)
	add(r.Status, true)
	if len(facts) == 0 {
		return name
	}
	return name + "  " + strings.Join(facts, ", ")
}

// unworded shows a notice that has no words yet by its code, so that nothing is ever silent.
func (p *Printer) unworded(n *core.Notice) string {
	parts := []string{string(n.Code)}
	for _, name := range []string{"room", "jid", "nick", "actor", "text", "reason", "err"} {
		if v := p.noticeValue(n, name); !v.none {
			parts = append(parts, v.text)
		}
	}
	return strings.Join(parts, " · ")
}

func (p *Printer) noticeValue(n *core.Notice, name string) value {
	switch name {
	case "account":
		return address(n.Account)
	case "jid":
		return address(n.JID)
	case "room":
		return address(n.Room)
	case "nick":
		return text(n.Nick)
	case "new":
		return text(n.NewNick)
	case "actor":
		return text(n.Actor)
	case "reason":
		return text(n.Reason)
	case "text":
		return text(n.Text)
	case "affiliation":
		return value{text: p.Affiliation(n.Affiliation), none: n.Affiliation == im.AffiliationNone}
	case "role":
		return value{text: p.Role(n.Role), none: n.Role == im.RoleNone}
	case "show":
		return value{text: p.Show(n.Show), none: n.Show == im.Offline}
	case "flags":
		return text(p.Flags(n.Flags))
	case "state":
		return text(p.Connection(n.State))
	case "via":
		return value{text: p.Via(n.Via), none: n.Via == im.ViaNothing}
	case "count":
		return p.count(n.Count)
	case "of":
		return p.count(n.Of)
	case "wait":
		return value{text: p.Duration(n.Wait), none: n.Wait <= 0}
	case "err":
		return text(p.Failure(n.Err))
	}
	return value{none: true}
}

func address(j im.JID) value { return text(j.String()) }
