package dial

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const goodOnion = "bztoavotvspxwehf52gw7xrljvj7rjucpwdoixoaoxgpwqkoex27jnid.onion"

func TestCheckOnion(t *testing.T) {
	for _, good := range []string{goodOnion, strings.ToUpper(goodOnion), goodOnion + ".", "xmpp." + goodOnion} {
		if err := CheckOnion(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for host, kind := range map[string]Kind{
		"c" + goodOnion[1:]:                OnionAddress,
		goodOnion[1:]:                      OnionAddress,
		"expyuzz4wqqyqhjn.onion":           OnionV2,
		"onion":                            OnionAddress,
		".onion":                           OnionAddress,
		strings.Repeat("1", 56) + ".onion": OnionAddress,
		"example.org":                      OnionAddress,
	} {
		var fault *Error
		if err := CheckOnion(host); !errors.As(err, &fault) || fault.Kind != kind {
			t.Errorf("%s: %v, want kind %d", host, err, kind)
		}
	}
}

func TestBuiltinOnions(t *testing.T) {
	l, err := BuiltinOnions()
	if err != nil {
		t.Fatal(err)
	}
	if l.Len() < 40 || l.Date.IsZero() {
		t.Errorf("%d domains of %v", l.Len(), l.Date)
	}
	if l.Find("mdosch.de") != goodOnion {
		t.Errorf("mdosch.de: %q", l.Find("mdosch.de"))
	}
	if l.Find("example.org") != "" || (*OnionList)(nil).Find("mdosch.de") != "" {
		t.Error("found what is not there")
	}
}

func TestOnionListIsExtended(t *testing.T) {
	l, err := BuiltinOnions()
	if err != nil {
		t.Fatal(err)
	}
	own := "# mine\ndate 2026-11-22\nexämple.org " + strings.ToUpper(goodOnion) + ".\nmdosch.de -  # retired\n"
	if err := l.Read(strings.NewReader(own)); err != nil {
		t.Fatal(err)
	}
	if l.Find("exämple.org") != goodOnion || l.Find("mdosch.de") != "" || l.Find("creep.im") == "" {
		t.Error("the list was not extended")
	}
	if l.Date != time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) {
		t.Errorf("date %v", l.Date)
	}
	if err := l.Read(strings.NewReader("only\nexample.org " + goodOnion)); err != nil || l.Len() != 1 {
		t.Errorf("%d domains, %v", l.Len(), err)
	}
}

func TestOnionListRefuses(t *testing.T) {
	for text, want := range map[string]ListError{
		"example.org":                                    {2, ListLine, "example.org"},
		"\n# mine\n a  b c ":                             {4, ListLine, "a  b c"},
		"example.org a.onion":                            {2, ListOnion, "a.onion"},
		"example.org expyuzz4wqqyqhjn":                   {2, ListOnion, "expyuzz4wqqyqhjn.onion"},
		"example.org c" + goodOnion[1:]:                  {2, ListOnion, "c" + goodOnion[1:]},
		"example.org e\x1b[m/" + goodOnion:               {2, ListOnion, "e\x1b[m/" + goodOnion},
		"date yesterday":                                 {2, ListDate, "yesterday"},
		"..  " + goodOnion:                               {2, ListDomain, ".."},
		"a_b.\xff " + goodOnion:                          {2, ListDomain, "a_b.\xff"},
		strings.Repeat("\n", MaxOnions):                  {MaxOnions + 1, ListTooLong, "10000"},
		"date 2026-11-22\n" + strings.Repeat("x", 1<<20): {3, ListLine, "…"},
	} {
		l, err := BuiltinOnions()
		if err != nil {
			t.Fatal(err)
		}
		before, date := l.Len(), l.Date
		var fault *ListError
		if err := l.Read(strings.NewReader("only\n" + text)); !errors.As(err, &fault) || *fault != want {
			t.Errorf("%.40q: %v, want %v", text, err, &want)
		}
		if l.Len() != before || l.Date != date {
			t.Errorf("%.40q: %d domains of %v left", text, l.Len(), l.Date)
		}
	}
}
