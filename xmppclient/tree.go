package xmppclient

import (
	"encoding/xml"
	"errors"
	"io"
)

// Namespaces that several files need. The others stand in the file of their extension.
const (
	nsClient  = "jabber:client"
	nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas" // RFC 6120 §8.3
	nsXML     = "http://www.w3.org/XML/1998/namespace"
)

// The reasons why an element is not read into a tree.
var (
	errTooLarge = errors.New("stanza has too much in it")
	errTooDeep  = errors.New("stanza is nested too deeply")
	errHostile  = errors.New("stanza has an attribute twice")
)

// node is one XML element. Text that stands between its children is joined to one; XMPP has no mixed content.
type node struct {
	name  xml.Name
	attrs []xml.Attr // without namespace declarations
	text  string
	kids  []*node
}

// readTree reads the element that start begins, to its end, within the limits of limits.go. After an error the reader
// stands somewhere inside the element.
func readTree(r xml.TokenReader, start xml.StartElement) (*node, error) {
	t := tree{reader: r}
	return t.read(start, 1)
}

// tree counts what has been read so far.
type tree struct {
	reader       xml.TokenReader
	nodes, bytes int
}

func (t *tree) read(start xml.StartElement, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	n, err := t.open(start)
	if err != nil {
		return nil, err
	}
	var text []byte
	for {
		token, err := t.reader.Token()
		switch token := token.(type) {
		case xml.StartElement:
			kid, err := t.read(token, depth+1)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		case xml.CharData:
			if t.bytes += len(token); t.bytes > maxTreeBytes {
				return nil, errTooLarge
			}
			text = append(text, token...)
		case xml.EndElement:
			n.text = string(text)
			return n, nil
		}
		if err != nil {
			return nil, unexpectedEnd(err)
		}
	}
}

func (t *tree) open(start xml.StartElement) (*node, error) {
	if t.nodes++; t.nodes > maxNodes || len(start.Attr) > maxAttrs {
		return nil, errTooLarge
	}
	n := &node{name: start.Name}
	for _, a := range start.Attr {
		if a.Name.Space == "xmlns" || a.Name == (xml.Name{Local: "xmlns"}) {
			continue
		}
		if t.bytes += len(a.Value); t.bytes > maxTreeBytes {
			return nil, errTooLarge
		}
		// encoding/xml lets duplicates through; two readers that pick different ones could be played off.
		for _, b := range n.attrs {
			if a.Name == b.Name {
				return nil, errHostile
			}
		}
		n.attrs = append(n.attrs, a)
	}
	return n, nil
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// is reports whether n is the element of that name.
func (n *node) is(space, local string) bool {
	return n.name.Space == space && n.name.Local == local
}

// attr returns the value of an attribute without namespace, empty where there is none.
func (n *node) attr(local string) string {
	return n.attrIn("", local)
}

func (n *node) attrIn(space, local string) string {
	for _, a := range n.attrs {
		if a.Name.Space == space && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// kid returns the first child of that name, or nil.
func (n *node) kid(space, local string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.is(space, local) {
			return k
		}
	}
	return nil
}

// kidsOf returns all children of that name.
func (n *node) kidsOf(space, local string) []*node {
	if n == nil {
		return nil
	}
	var found []*node
	for _, k := range n.kids {
		if k.is(space, local) {
			found = append(found, k)
		}
	}
	return found
}

// kidText returns the text of the first child of that name, cut to at most limit bytes.
func (n *node) kidText(space, local string, limit int) string {
	if k := n.kid(space, local); k != nil {
		return clip(k.text, limit)
	}
	return ""
}

// hasSpace reports whether n has a child in that namespace.
func (n *node) hasSpace(space string) bool {
	for _, k := range n.kids {
		if k.name.Space == space {
			return true
		}
	}
	return false
}

// isTrue reads a boolean of XML Schema.
func isTrue(word string) bool { return word == "true" || word == "1" }
