package xmppclient

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"traboule/im"
)

// stanza makes the start of a stanza of ours. To is left out if zero, typ if empty.
func stanza(name string, to im.JID, typ, id string) *node {
	n := el(nsClient, name)
	if !to.IsZero() {
		n.set("to", to.String())
	}
	if typ != "" {
		n.set("type", typ)
	}
	if id != "" {
		n.set("id", id)
	}
	return n
}

// el makes an element with children.
func el(space, local string, kids ...*node) *node {
	return &node{name: xml.Name{Space: space, Local: local}, kids: kids}
}

// textEl makes an element with a text, without what XML has no way to write; what is not UTF-8 becomes U+FFFD.
func textEl(space, local, text string) *node {
	return &node{name: xml.Name{Space: space, Local: local}, text: legal(text)}
}

func legal(text string) string {
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, text)
}

// set adds an attribute, and gives n back.
func (n *node) set(local, value string) *node {
	n.attrs = append(n.attrs, xml.Attr{Name: xml.Name{Local: local}, Value: value})
	return n
}

// setIf adds an attribute unless the value is empty.
func (n *node) setIf(local, value string) *node {
	if value == "" {
		return n
	}
	return n.set(local, value)
}

// add appends children, leaving out nil ones, and gives n back.
func (n *node) add(kids ...*node) *node {
	for _, k := range kids {
		if k != nil {
			n.kids = append(n.kids, k)
		}
	}
	return n
}

// optionalText makes an element with a text, or nil if nothing would stand in it.
func optionalText(space, local, text string) *node {
	if n := textEl(space, local, text); n.text != "" {
		return n
	}
	return nil
}

// sendable reports whether every attribute can be written as it is. Addresses and ids stand in attributes: one that
// would have to be changed to be written would mean something else.
func (n *node) sendable() bool {
	for _, a := range n.attrs {
		if !utf8.ValidString(a.Value) || strings.ContainsFunc(a.Value, forbidden) {
			return false
		}
	}
	for _, k := range n.kids {
		if !k.sendable() {
			return false
		}
	}
	return true
}

// forbidden reports whether XML 1.0 has no way to write the character (§2.2).
func forbidden(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < 0x20 || r == 0xFFFE || r == 0xFFFF:
		return true
	}
	return false
}

// bytes writes n as XML. It is well formed whatever n holds.
func (n *node) bytes() []byte {
	return n.append(nil, "")
}

func (n *node) append(out []byte, space string) []byte {
	out = append(append(out, '<'), n.name.Local...)
	if n.name.Space != space {
		out = appendAttr(out, "xmlns", n.name.Space)
	}
	for i, a := range n.attrs {
		prefix := ""
		switch a.Name.Space {
		case "":
		case nsXML:
			prefix = "xml:"
		default: // only in what is passed on as it came
			prefix = "a" + strconv.Itoa(i)
			out = appendAttr(out, "xmlns:"+prefix, a.Name.Space)
			prefix += ":"
		}
		out = appendAttr(out, prefix+a.Name.Local, a.Value)
	}
	if n.text == "" && len(n.kids) == 0 {
		return append(out, "/>"...)
	}
	out = append(out, '>')
	out = appendEscaped(out, n.text)
	for _, k := range n.kids {
		out = k.append(out, n.name.Space)
	}
	out = append(append(out, "</"...), n.name.Local...)
	return append(out, '>')
}

func appendAttr(out []byte, name, value string) []byte {
	out = append(append(out, ' '), name...)
	out = append(out, "='"...)
	return append(appendEscaped(out, value), '\'')
}

func appendEscaped(out []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '<':
			out = append(out, "&lt;"...)
		case r == '>':
			out = append(out, "&gt;"...)
		case r == '&':
			out = append(out, "&amp;"...)
		case r == '\'':
			out = append(out, "&apos;"...)
		case r == '"':
			out = append(out, "&quot;"...)
		case r == '\r' || r == '\n' || r == '\t': // bare, they become other white space (XML 1.0 §2.11, §3.3.3)
			out = append(strconv.AppendInt(append(out, "&#"...), int64(r), 10), ';')
		case forbidden(r):
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}
