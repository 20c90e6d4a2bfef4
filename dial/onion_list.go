package dial

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

//go:embed onion_list.txt
var builtinOnions string

// maxOnions bounds a list, in lines: a larger one is something else.
const maxOnions = 10_000

// OnionList tells at which onion service the server of a domain answers. An entry is a shortcut only: the certificate is
// checked for the domain there too.
type OnionList struct {
	// Date is when the list was put together.
	Date   time.Time
	onions map[string]string
}

// BuiltinOnions is the list that comes with the program.
func BuiltinOnions() (*OnionList, error) {
	l := &OnionList{onions: map[string]string{}}
	return l, l.Read(strings.NewReader(builtinOnions))
}

// Read adds the lines of r to the list; an entry for a known domain replaces it. A line is
//
//	DOMAIN ONION    the onion service of a domain
//	DOMAIN -        forget the domain
//	only            forget everything so far
//	date 2026-11-22 when the list was put together
//	# …             a comment
//
// An address that cannot be an onion service is an error with its line, and leaves the list as it was.
func (l *OnionList) Read(r io.Reader) error {
	date, onions := l.Date, map[string]string{}
	for domain, onion := range l.onions {
		onions[domain] = onion
	}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if n > maxOnions {
			return fmt.Errorf("line %d: too many lines for a list of onion services", n)
		}
		fields := strings.Fields(lines.Text())
		var err error
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case len(fields) == 1 && fields[0] == "only":
			clear(onions)
		case len(fields) == 2 && fields[0] == "date":
			date, err = time.Parse(time.DateOnly, fields[1])
		case len(fields) == 2:
			err = setOnion(onions, fields[0], fields[1])
		default:
			err = fmt.Errorf("want a domain and an onion address")
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	l.Date, l.onions = date, onions
	return nil
}

func setOnion(onions map[string]string, domain, onion string) error {
	name, err := idna.Lookup.ToASCII(domain)
	if err != nil || slices.Contains(strings.Split(name, "."), "") {
		return fmt.Errorf("%q: not a domain", domain)
	}
	if onion == "-" {
		delete(onions, name)
		return nil
	}
	if !strings.HasSuffix(onion, ".onion") {
		onion += ".onion"
	}
	if err := CheckOnion(onion); err != nil {
		return err
	}
	onions[name] = onion
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
