package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

// A template is a sentence with places to fill in:
//
//	{name}              the value of that name
//	{name|one|many}     one of two words, by the number of that name and the plural rule of the language
//	[ by {name}]        left out if a value named inside is empty or zero
//	[ by {name}| here]  the second part instead, if a value named in the first is empty or zero
//
// Values are put in as they are: braces and brackets in them mean nothing.

// value is what fills a place.
type value struct {
	text   string
	number int
	none   bool // empty, zero or unknown: an optional part that names it is left out
}

// values finds the value of a name.
type values func(name string) value

// expand sets the spaces of a template and fills it in.
func (p *Printer) expand(template string, of values) string {
	return p.fillAll(p.typeset(template), of)
}

func (p *Printer) fillAll(template string, of values) string {
	if !strings.ContainsAny(template, "{[") {
		return template
	}
	var out strings.Builder
	for template != "" {
		at := strings.IndexAny(template, "{[")
		if at < 0 {
			out.WriteString(template)
			break
		}
		out.WriteString(template[:at])
		closing := "}"
		if template[at] == '[' {
			closing = "]"
		}
		inside, rest, closed := strings.Cut(template[at+1:], closing)
		if !closed {
			out.WriteString(template[at:])
			break
		}
		if closing == "}" {
			out.WriteString(p.fill(inside, of))
		} else {
			out.WriteString(p.fillAll(part(inside, of), of))
		}
		template = rest
	}
	return out.String()
}

// fill returns what stands for one place.
func (p *Printer) fill(place string, of values) string {
	name, forms, choice := strings.Cut(place, "|")
	v := of(name)
	if !choice {
		return v.text
	}
	one, many, _ := strings.Cut(forms, "|")
	if p.singular(v.number) {
		return one
	}
	return many
}

// part returns which part of an optional one to fill in: the first if all in it has a value, else the second, if any.
func part(inside string, of values) string {
	first, second := split(inside)
	if complete(first, of) {
		return first
	}
	return second
}

// split divides an optional part at the bar that stands in no place.
func split(inside string) (first, second string) {
	depth := 0
	for i := range len(inside) {
		switch inside[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '|':
			if depth == 0 {
				return inside[:i], inside[i+1:]
			}
		}
	}
	return inside, ""
}

// complete reports whether every place in an optional part has a value.
func complete(part string, of values) bool {
	for _, name := range places(part) {
		if of(name).none {
			return false
		}
	}
	return true
}

// places returns the names in a template, in order, each as often as it stands there.
func places(template string) []string {
	var names []string
	for {
		_, after, found := strings.Cut(template, "{")
		if !found {
			return names
		}
		place, rest, _ := strings.Cut(after, "}")
		name, _, _ := strings.Cut(place, "|")
		names = append(names, name)
		template = rest
	}
}

func text(s string) value { return value{text: s, none: s == ""} }

func (p *Printer) count(n int) value {
	return value{text: p.Number(n), number: n, none: n <= 0}
}

// positional gives the arguments of Format the names "1", "2", …
func (p *Printer) positional(args []any) values {
	return func(name string) value {
		i, err := strconv.Atoi(name)
		if err != nil || i < 1 || i > len(args) {
			return value{none: true}
		}
		switch arg := args[i-1].(type) {
		case string:
			return text(arg)
		case int:
			return p.count(arg)
		default:
			return text(fmt.Sprint(arg))
		}
	}
}
