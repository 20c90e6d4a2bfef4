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

// inlineTags and blockTags are those that are dropped; the second kind leave a new line.
func inlineTags() []string {
	return []string{"a", "b", "i", "u", "s", "em", "strong", "span", "font", "body", "html", "head", "big", "small", "sub", "sup", "code", "tt", "strike",
		"del", "ins", "img", "bdo", "center"}
}

func blockTags() []string {
	return []string{"br", "p", "div", "hr", "ul", "ol", "li", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr"}
}

// plainEntities are those that a program writes for characters that its user typed.
func plainEntities() []string {
	return []string{"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;", "&nbsp;"}
}

// PlainText makes the HTML that some programs send, Pidgin first of all, the text that its sender saw: without tags, with new
// lines, with characters for entities, once. Nothing of it is ever followed. A text that is not HTML from end to end, such
// as "a < b && c", stays as it is; OTR does not tell which of the two a text is.
func PlainText(text string) string {
	tags, entities := regexp.MustCompile(tagPattern), regexp.MustCompile(entityPattern)
	if !isHTML(text, tags, entities) {
		return text
	}
	w := writer{entities: entities}
	at := 0
	for _, found := range tags.FindAllStringSubmatchIndex(text, -1) {
		w.text(text[at:found[0]])
		w.tag(strings.ToLower(text[found[2]:found[3]]), text[found[4]:found[5]], text[found[0]+1] == '/')
		at = found[1]
	}
	w.text(text[at:])
	return strings.TrimSuffix(w.String(), "\n")
}

// isHTML reports whether every "<" begins a tag that is known, or, without tags, every "&" an entity that stands for what
// somebody typed.
func isHTML(text string, tags, entities *regexp.Regexp) bool {
	known := slices.Concat(inlineTags(), blockTags())
	found := tags.FindAllStringSubmatch(text, -1)
	for _, tag := range found {
		if !slices.Contains(known, strings.ToLower(tag[1])) {
			return false
		}
	}
	if strings.Contains(tags.ReplaceAllString(text, ""), "<") {
		return false
	}
	if len(found) > 0 {
		return true
	}
	all := entities.FindAllString(text, -1)
	plain := !slices.ContainsFunc(all, func(e string) bool { return !slices.Contains(plainEntities(), e) })
	return len(all) > 0 && plain && len(all) == strings.Count(text, "&")
}

// writer writes what is left of HTML.
type writer struct {
	strings.Builder
	entities *regexp.Regexp
	target   string // of the link that is open
	from     int    // where its text begins
}

func (w *writer) text(s string) {
	w.WriteString(w.entities.ReplaceAllStringFunc(s, func(e string) string {
		if e == "&nbsp;" {
			return " "
		}
		return html.UnescapeString(e)
	}))
}

func (w *writer) tag(name, attributes string, closes bool) {
	switch {
	case name == "a" && !closes:
		w.target, w.from = target(attributes), w.Len()
	case name == "a":
		w.link()
	case name == "br":
		w.WriteByte('\n')
	case slices.Contains(blockTags(), name) && w.Len() > 0 && !strings.HasSuffix(w.String(), "\n"):
		w.WriteByte('\n')
	}
}

// link ends a link: where it leads is shown behind its text, if that is something else.
func (w *writer) link() {
	if shown := w.String()[w.from:]; w.target != "" && shown != w.target && "mailto:"+shown != w.target {
		w.WriteString(" (" + w.target + ")")
	}
	w.target = ""
}

// target finds where a link leads.
func target(attributes string) string {
	found := regexp.MustCompile(`(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`).FindStringSubmatch(attributes)
	if found == nil {
		return ""
	}
	link := html.UnescapeString(found[1] + found[2] + found[3])
	if len(link) > maxTarget {
		return ""
	}
	return link
}
