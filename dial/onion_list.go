package dial

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

//go:embed onion_list.txt
var builtinOnions string

// MaxOnions bounds a list, in lines: a larger one is something else.
const MaxOnions = 10_000

// OnionList tells at which onion service the server of a domain answers. An entry is a shortcut only: the certificate is
// checked for the domain there too.
type OnionList struct {
	// Date is when the list was put together.
	Date   time.Time
	onions map[string]string
}

// ListFault is what is wrong with a list of onion services.
type ListFault uint8

// The faults of a list.
const (
	ListLine    ListFault = iota // a line of no form that a list has
	ListDomain                   // not a domain
	ListOnion                    // not an address of an onion service of version 3
	ListDate                     // not a date
	ListTooLong                  // more than MaxOnions lines
)

// ListError says which line of a list is wrong.
type ListError struct {
	Line  int
	Fault ListFault
	// Value is the part of the line that is wrong. It is as it stands in the list.
	Value string
}

// Error names the line and quotes what is wrong.
func (e *ListError) Error() string {
	what := [...]string{"neither a domain with an onion address nor a date", "not a domain", "not an onion address", "not a date", "too many lines"}
	return fmt.Sprintf("line %d: %q: %s", e.Line, e.Value, what[e.Fault])
}

// BuiltinOnions is the list that comes with the program.
func BuiltinOnions() (*OnionList, error) {
	l := &OnionList{}
	return l, l.Read(strings.NewReader(builtinOnions))
}

// Read adds the lines of r to the list; an entry for a known domain replaces it. A line is
//
//	DOMAIN ONION    the onion service of a domain
//	DOMAIN -        forget the domain
//	only            forget everything so far
//	date 2026-11-22 when the list was put together
//	# …             a comment, behind the others too
//
// A line that says something else is a *ListError, and leaves the list as it was.
func (l *OnionList) Read(r io.Reader) error {
	next := OnionList{l.Date, map[string]string{}}
	maps.Copy(next.onions, l.onions)
	lines, n := bufio.NewScanner(r), 0
	for lines.Scan() {
		if n++; n > MaxOnions {
			return &ListError{Line: n, Fault: ListTooLong, Value: strconv.Itoa(MaxOnions)}
		}
		if fault := next.line(lines.Text()); fault != nil {
			fault.Line = n
			return fault
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return &ListError{Line: n + 1, Fault: ListLine, Value: "…"}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	*l = next
	return nil
}

// line takes one line into the list.
func (l *OnionList) line(text string) *ListError {
	text, _, _ = strings.Cut(text, "#")
	fields := strings.Fields(text)
	switch {
	case len(fields) == 0:
		return nil
	case len(fields) == 1 && fields[0] == "only":
		clear(l.onions)
		return nil
	case len(fields) == 2 && fields[0] == "date":
		date, err := time.Parse(time.DateOnly, fields[1])
		if err != nil {
			return &ListError{Fault: ListDate, Value: fields[1]}
		}
		l.Date = date
		return nil
	case len(fields) == 2:
		return l.set(fields[0], fields[1])
	}
	return &ListError{Fault: ListLine, Value: strings.TrimSpace(text)}
}

// set takes one entry into the list.
func (l *OnionList) set(domain, onion string) *ListError {
	name, err := idna.Lookup.ToASCII(domain)
	if err != nil || slices.Contains(strings.Split(name, "."), "") {
		return &ListError{Fault: ListDomain, Value: domain}
	}
	if onion == "-" {
		delete(l.onions, name)
		return nil
	}
	if !isOnion(onion) {
		onion += ".onion"
	}
	if CheckOnion(onion) != nil {
		return &ListError{Fault: ListOnion, Value: onion}
	}
	l.onions[name] = strings.ToLower(strings.TrimSuffix(onion, "."))
	return nil
}

// Find returns the onion service of a domain, empty if none is known.
func (l *OnionList) Find(domain string) string {
	name, err := idna.Lookup.ToASCII(domain)
	if l == nil || err != nil {
		return ""
	}
	return l.onions[name]
}

// Len is the number of domains.
func (l *OnionList) Len() int { return len(l.onions) }
