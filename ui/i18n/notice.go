package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"traboule/core"
	"traboule/im"
)

// Notice returns what the client says, as one sentence; NoticeLines tells the rows of a list as well. Templates name the
// fields of core.Notice: {account}, {jid}, {room}, {nick}, {actor}, {reason}, {text}, {new}, {argument}, {suggestion},
// {affiliation}, {role}, {show}, {flags}, {state}, {via}, {count}, {of}, {wait} and {err}; {command}, {device}, {switch}
// and {drop} are Text as the name of a command, as that of a device, as a disclosure and as a reason for dropping a stanza;
// {refused}, {allowed} and {lacks} are of the confinement; {keep} is how long something is kept;
// {theirs}, {ours}, {former}, {uri}, {trust}, {policy} and {version}
// of OTR.
func (p *Printer) Notice(n *core.Notice) string {
	if n.Code == core.NoticeHelp && n.Text != "" {
		return p.commandHelp(n.Text)
	}
	if n.Privacy != nil {
		return p.disclosedRow(n)
	}
	template, known := p.text.notices[n.Code]
	if !known {
		return p.unworded(n)
	}
	return p.expand(template, func(name string) value { return p.noticeValue(n, name) })
}

// NoticeLines returns what the client says and, for an answer that is a list, one line for each of its rows.
func (p *Printer) NoticeLines(n *core.Notice) []string {
	lines := []string{p.Notice(n)}
	switch {
	case n.Code == core.NoticeHelp && n.Text != "":
		return append(lines, p.commandDetails(n.Text)...)
	case n.Code == core.NoticeHelp:
		return append(lines, p.commandList()...)
	}
	rows := make([][2]string, len(n.List))
	for i := range n.List {
		switch n.Code {
		case core.NoticeWindows:
			rows[i] = p.window(i+1, &n.List[i])
		case core.NoticeBookmarks:
			rows[i] = p.bookmark(i+1, &n.List[i])
		default:
			rows[i] = p.row(&n.List[i])
		}
	}
	return append(lines, aligned(rows)...)
}

// maxColumn bounds the first column of a list, in characters: longer names stand out of it.
const maxColumn = 28

// aligned puts what is said of each row into a column.
func aligned(rows [][2]string) []string {
	column := 0
	for _, r := range rows {
		if n := utf8.RuneCountInString(r[0]); n <= maxColumn && r[1] != "" {
			column = max(column, n)
		}
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = r[0]
		if r[1] != "" {
			lines[i] += strings.Repeat(" ", max(column-utf8.RuneCountInString(r[0]), 0)+2) + r[1]
		}
	}
	return lines
}

// window returns one row of the list of windows: "3 grenoble", "12 unread".
func (p *Printer) window(number int, r *core.Row) [2]string {
	name := p.name(r.Name).text
	if name == "" {
		name = p.address(r.JID).text
	}
	var facts []string
	if !r.Account.IsZero() && !r.JID.IsZero() { // the name of a console is the account
		facts = append(facts, p.address(r.Account).text)
	}
	if r.Count > 0 {
		facts = append(facts, p.expand(p.text.words.unread, func(string) value { return p.count(r.Count) }))
	}
	return [2]string{p.Number(number) + " " + name, strings.Join(facts, ", ")}
}

// row returns one row of a list: "hubert", "moderator, owner". Which device somebody uses does not matter here.
func (p *Printer) row(r *core.Row) [2]string {
	var facts []string
	add := func(fact string, tell bool) {
		if tell && fact != "" {
			facts = append(facts, fact)
		}
	}
	name := p.name(r.Name).text
	if name == "" {
		name = p.address(r.JID).text
	} else {
		add(p.address(r.JID.Bare()).text, !r.JID.IsZero() && core.CleanJID(r.JID.Bare()) != name)
	}
	add(p.Protected(r.Protection), r.Protection != core.Plain)
	add(p.Show(r.Show), r.Show != im.Offline)
	add(p.Role(r.Role), r.Role != im.RoleNone && r.Role != im.Participant)
	add(p.Affiliation(r.Affiliation), r.Affiliation != im.AffiliationNone)
	add(p.Subscription(r.Subscription), r.Subscription != im.SubscriptionNone)
	if r.Count > 0 {
		add(p.expand(p.text.words.people, func(string) value { return p.count(r.Count) }), true)
	}
	add(p.quote(r.Status), r.Status != "")
	return [2]string{name, strings.Join(facts, ", ")}
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
		return p.address(n.Account)
	case "jid":
		return p.address(n.JID)
	case "room":
		return p.address(n.Room)
	case "nick":
		return p.name(n.Nick)
	case "new":
		return p.name(n.NewNick)
	case "actor":
		return p.name(n.Actor)
	case "reason":
		return text(p.cited(n.Reason))
	case "text":
		return text(p.cited(n.Text))
	case "device":
		return p.name(n.Text)
	case "command":
		return text(p.command(n.Text))
	case "argument":
		return text(p.argument(n.Argument))
	case "suggestion":
		return text(n.Suggestion)
	case "switch":
		return text(p.switchWord(n))
	case "query":
		if n.Search == nil {
			return value{none: true}
		}
		return text(p.cited(p.Query(*n.Search)))
	case "drop":
		return text(p.drop(im.DropReason(n.Text)))
	}
	return p.noticeWord(n, name)
}

// noticeWord finds the values of a notice that are words of ours, or numbers.
func (p *Printer) noticeWord(n *core.Notice, name string) value {
	switch name {
	case "affiliation":
		return value{text: p.Affiliation(n.Affiliation), none: n.Affiliation == im.AffiliationNone}
	case "role":
		return value{text: p.Role(n.Role), none: n.Role == im.RoleNone}
	case "show":
		return value{text: p.Show(n.Show), none: n.Show == im.Offline}
	case "flags":
		return text(p.Flags(n.Flags))
	case "state":
		return value{text: p.Connection(n.State), none: n.State == im.Disconnected || n.State == im.Failed}
	case "via":
		return value{text: p.Via(n.Via), none: n.Via == im.ViaNothing}
	case "count":
		return p.count(n.Count)
	case "of":
		return p.count(n.Of)
	case "keep":
		return text(p.Keeping(n.History))
	case "wait":
		return value{text: p.Duration(n.Wait), none: n.Wait <= 0}
	case "err":
		return text(p.Failure(n.Err))
	}
	switch {
	case n.OTR != nil && name != "refused" && name != "allowed" && name != "lacks":
		return p.otrWord(n.OTR, name)
	case n.Confinement != nil:
		return p.confinementWord(n.Confinement, name)
	}
	return value{none: true}
}

// otrWord finds the values of a notice about encryption. Version 3 is what is expected, and goes unsaid.
func (p *Printer) otrWord(o *core.OTRNotice, name string) value {
	switch name {
	case "theirs":
		return text(im.GroupFingerprint(o.Theirs))
	case "ours":
		return text(im.GroupFingerprint(o.Ours))
	case "former":
		return text(im.GroupFingerprint(o.Former))
	case "uri":
		return text(o.URI)
	case "trust":
		return text(p.Trust(o.Trust))
	case "policy":
		return text(p.Policy(o.Policy))
	case "version":
		return value{text: p.Number(o.Version), number: o.Version, none: o.Version == 0 || o.Version == 3}
	}
	return value{none: true}
}

// confinementWord finds the values of what the kernel refuses.
func (p *Printer) confinementWord(k *im.Confinement, name string) value {
	refused, allowed := core.Refusals(k)
	switch name {
	case "refused":
		return text(p.refusals(refused))
	case "allowed":
		return text(p.refusals(allowed))
	case "lacks":
		words := make([]string, len(k.Lacks))
		for i, lack := range k.Lacks {
			words[i] = pick(p.text.words.lacks[:], int(lack))
		}
		return text(strings.Join(words, ", "))
	}
	return value{none: true}
}

func (p *Printer) refusals(list []core.Refusal) string {
	words := make([]string, len(list))
	for i, refusal := range list {
		words[i] = pick(p.text.words.refusals[:], int(refusal))
	}
	return strings.Join(words, ", ")
}

func (p *Printer) address(j im.JID) value { return p.name(core.CleanJID(j)) }

// name returns a nickname as it stands in a sentence: in quotes if it holds a space or quotes of its own, so that a nickname
// like "hubert left" does not make a sentence of its own.
func (p *Printer) name(nick string) value {
	cited := p.cited(nick)
	if cited != nick || strings.ContainsFunc(nick, unicode.IsSpace) {
		return text(p.quote(nick))
	}
	return text(nick)
}

func (p *Printer) quote(s string) string {
	return p.text.words.quotes[0] + p.cited(s) + p.text.words.quotes[1]
}

// cited returns what somebody else wrote as it stands between our quotes, which it must not be able to close: what comes
// behind would read as the client's own words.
func (p *Printer) cited(s string) string { return p.text.words.nested.Replace(s) }

// drop returns why a stanza was thrown away. A reason without words shows as itself.
func (p *Printer) drop(reason im.DropReason) string {
	if word, known := p.text.words.drops[reason]; known {
		return word
	}
	return string(reason)
}
