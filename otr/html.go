package otr

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// What Pidgin and programs like it write their texts in. A tag ends outside quotes.
const (
	tagPattern    = `</?([a-zA-Z][a-zA-Z0-9]*)((?:\s+[-a-zA-Z]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?)*)\s*/?>`
	entityPattern = `&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});`
)

// maxTarget is the longest target of a link that is shown behind its text.
const maxTarget = 2 << 10

// plainMark ends a text of ours that others would take for HTML, and which is none. OTR has no word for that; a record of
// our own in the message (a TLV) breaks programs that know only those of the standard, and the library does not show it.
// So it is made of blanks, as the offers of OTR are: wherever it is not known, it is not seen.
const plainMark = "\t \t\t  \t \t  \t\t \t"

// tags are those that such programs write, with what stands for them in a text, so that nothing is lost which somebody meant.
func tags() map[string]string {
	return map[string]string{
		"b": "*", "strong": "*", "i": "_", "em": "_", "u": "_", "s": "~", "strike": "~", "del": "~", "a": "", "font": "", "span": "",
		"html": "", "head": "", "body": "", "big": "", "small": "", "sub": "", "sup": "", "br": "\n", "p": "\n", "div": "\n",
	}
}

// isStyled lists those that nobody writes bare: without an attribute they do nothing.
func isStyled(tag string) bool { return tag == "a" || tag == "font" || tag == "span" }

// plainEntities are those that a program writes for characters that its user typed.
func plainEntities() []string {
	return []string{"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&nbsp;"}
}

// markup is what a text may be written in.
type markup uint8

const (
	unclear   markup = iota // nothing in it tells, or not yet
	hypertext               // HTML from end to end
	literal                 // no program writes such HTML: it is what somebody typed
)

// write makes a text what those who write so show as it was typed. Programs that write HTML read it too: of "a <b" they would
// show "a".
func (m markup) write(text string) string {
	if m == hypertext {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>").Replace(text)
	}
	return AsTyped(text)
}

// AsTyped is a text as it goes out in a session to somebody of whom nothing tells that they read HTML, so that another one of us
// shows it as it was typed.
func AsTyped(text string) string {
	if PlainText(text) == text && !strings.HasSuffix(text, plainMark) {
		return text
	}
	return text + plainMark
}

// PlainText makes the HTML that some programs send, Pidgin first of all, the text that its sender saw: without tags, with new
// lines, with characters for entities, once. Nothing of it is ever followed. A text that is not HTML from end to end, such
// as "a < b && c", stays as it is; OTR does not tell which of the two a text is.
func PlainText(text string) string {
	if markupOf(text) != hypertext {
		return text
	}
	w := writer{entities: regexp.MustCompile(entityPattern)}
	at := 0
	for _, found := range regexp.MustCompile(tagPattern).FindAllStringSubmatchIndex(text, -1) {
		w.text(text[at:found[0]])
		w.tag(strings.ToLower(text[found[2]:found[3]]), text[found[4]:found[5]], text[found[0]+1] == '/')
		at = found[1]
	}
	w.text(text[at:])
	if said := strings.TrimSuffix(string(w.out), "\n"); said != "" {
		return said
	}
	return text // nothing but tags: rather that than nothing at all
}

// markupOf tells what a text is written in. Those who write HTML write "&lt;", "&gt;" and "&amp;" for what their users type:
// where one of the three stands by itself, the text is not theirs.
func markupOf(text string) markup {
	pattern, entities := regexp.MustCompile(tagPattern), regexp.MustCompile(entityPattern)
	if !strings.ContainsAny(text, "<>&") {
		return unclear
	}
	found, said := pattern.FindAllStringSubmatch(text, -1), pattern.ReplaceAllString(text, "")
	if strings.ContainsAny(entities.ReplaceAllString(said, ""), "<>&") {
		return literal
	}
	if len(found) > 0 {
		if areClosed(found) {
			return hypertext
		}
		return unclear
	}
	if slices.ContainsFunc(entities.FindAllString(said, -1), func(e string) bool { return !slices.Contains(plainEntities(), e) }) {
		return unclear
	}
	return hypertext
}

// areClosed reports whether all tags are known, and each that is opened is closed in its place.
func areClosed(found [][]string) bool {
	known := tags()
	var open []string
	for _, tag := range found {
		name := strings.ToLower(tag[1])
		_, is := known[name]
		switch {
		case !is:
			return false
		case name == "br":
		case tag[0][1] == '/':
			if len(open) == 0 || open[len(open)-1] != name {
				return false
			}
			open = open[:len(open)-1]
		case isStyled(name) && tag[2] == "":
			return false
		default:
			open = append(open, name)
		}
	}
	return len(open) == 0
}

// writer writes what is left of HTML.
type writer struct {
	out      []byte
	entities *regexp.Regexp
	open     []element
}

// element is a tag that is open: where its text begins, and where it leads, if it is a link.
type element struct {
	from   int
	target string
}

func (w *writer) text(s string) {
	w.out = append(w.out, w.entities.ReplaceAllStringFunc(s, func(e string) string {
		if e == "&nbsp;" {
			return " "
		}
		return html.UnescapeString(e)
	})...)
}

func (w *writer) tag(name, attributes string, closes bool) {
	mark := tags()[name]
	if mark == "\n" && (name == "br" || len(w.out) > 0 && w.out[len(w.out)-1] != '\n') {
		w.out = append(w.out, '\n')
	}
	switch {
	case name == "br":
	case !closes:
		w.open = append(w.open, element{len(w.out), target(name, attributes)})
	default:
		e := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.close(e, strings.TrimSpace(mark))
	}
}

// close ends what stands in a tag: by the mark for it on both sides, and for a link by where it leads, if its text is something
// else.
func (w *writer) close(e element, mark string) {
	shown := string(w.out[e.from:])
	if mark != "" && shown != "" {
		w.out = append(append(append(w.out[:e.from], mark...), shown...), mark...)
	}
	if e.target != "" && shown != e.target && "mailto:"+shown != e.target {
		w.out = append(w.out, " ("+e.target+")"...)
	}
}

// target finds where a link leads.
func target(name, attributes string) string {
	found := regexp.MustCompile(`(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`).FindStringSubmatch(attributes)
	if name != "a" || found == nil {
		return ""
	}
	link := html.UnescapeString(found[1] + found[2] + found[3])
	if len(link) > maxTarget {
		return ""
	}
	return link
}
