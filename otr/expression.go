package otr

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxDepth is how deep lists may be within lists; those of libotr's files are 4.
const maxDepth = 16

var errExpression = errors.New("otr: malformed S-expression")

// expression is an S-expression as libgcrypt writes them: a list, or a string of bytes.
type expression struct {
	text  string
	items []expression // of a list
	list  bool
}

// head is the word with which a list begins; empty for none.
func (e expression) head() string {
	if len(e.items) == 0 {
		return ""
	}
	return e.items[0].text
}

// find is the first list in this one that begins with a word; the zero expression for none.
func (e expression) find(word string) expression {
	found := slices.IndexFunc(e.items, func(item expression) bool { return item.head() == word })
	if found < 0 {
		return expression{}
	}
	return e.items[found]
}

// value is what follows the word with which a list begins.
func (e expression) value() string {
	if len(e.items) != 2 {
		return ""
	}
	return e.items[1].text
}

// parseExpression reads one expression and nothing after it.
func parseExpression(content []byte) (expression, error) {
	p := parser{rest: string(content)}
	e, err := p.expression(0)
	if p.space(); err == nil && p.rest != "" {
		err = errExpression
	}
	return e, err
}

// parser reads an expression from the left.
type parser struct{ rest string }

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n\v\f") }

// take takes the next byte if it is this one.
func (p *parser) take(b string) bool {
	rest, found := strings.CutPrefix(p.rest, b)
	p.rest = rest
	return found
}

func (p *parser) expression(depth int) (expression, error) {
	p.space()
	switch {
	case depth > maxDepth, p.rest == "":
		return expression{}, errExpression
	case p.take("("):
		return p.list(depth)
	case p.take(`"`):
		return p.quoted()
	case p.take("#"):
		return p.hexadecimal()
	default:
		return p.token()
	}
}

func (p *parser) list(depth int) (expression, error) {
	e := expression{list: true}
	for {
		p.space()
		if p.take(")") {
			return e, nil
		}
		item, err := p.expression(depth + 1)
		if err != nil {
			return expression{}, err
		}
		e.items = append(e.items, item)
	}
}

func (p *parser) hexadecimal() (expression, error) {
	digits, rest, found := strings.Cut(p.rest, "#")
	p.rest = rest
	bytes, err := hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	if err != nil || !found {
		return expression{}, errExpression
	}
	return expression{text: string(bytes)}, nil
}

// token reads a bare word, or a string with its length before it.
func (p *parser) token() (expression, error) {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return !isWord(r) })
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	if count, rest, found := strings.Cut(text+p.rest, ":"); found && text != "" && strings.Trim(count, "0123456789") == "" {
		length, err := strconv.Atoi(count)
		if err != nil || length > len(rest) {
			return expression{}, errExpression
		}
		p.rest = rest[length:]
		return expression{text: rest[:length]}, nil
	}
	if text == "" {
		return expression{}, errExpression
	}
	return expression{text: text}, nil
}

// isWord tells what a bare word consists of.
func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-./_:*+=", r)
}

// quoted reads a string in quotes, with the escapes of C.
func (p *parser) quoted() (expression, error) {
	var b strings.Builder
	for p.rest != "" {
		c := p.rest[0]
		p.rest = p.rest[1:]
		switch c {
		case '"':
			return expression{text: b.String()}, nil
		case '\\':
			if err := p.escaped(&b); err != nil {
				return expression{}, err
			}
		default:
			b.WriteByte(c)
		}
	}
	return expression{}, errExpression
}

func (p *parser) escaped(b *strings.Builder) error {
	const letters, bytes = `btvnfr"'\`, "\b\t\v\n\f\r\"'\\"
	if p.rest == "" {
		return errExpression
	}
	if at := strings.IndexByte(letters, p.rest[0]); at >= 0 {
		b.WriteByte(bytes[at])
		p.rest = p.rest[1:]
		return nil
	}
	base, digits := 8, p.rest
	if p.rest[0] == 'x' {
		base, digits = 16, p.rest[1:]
	}
	width := map[int]int{8: 3, 16: 2}[base]
	if len(digits) < width {
		return errExpression
	}
	n, err := strconv.ParseUint(digits[:width], base, 8)
	if err != nil {
		return errExpression
	}
	b.WriteByte(byte(n))
	p.rest = digits[width:]
	return nil
}

// quote writes a string in quotes.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// word writes a string as a bare word if it is one.
func word(s string) string {
	if s == "" || s[0] >= '0' && s[0] <= '9' || strings.ContainsFunc(s, func(r rune) bool { return !isWord(r) }) {
		return quote(s)
	}
	return s
}
