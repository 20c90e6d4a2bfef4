package otr

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

const someDigits = "40e81be26c440c3233310b0554f68f0c7a956cbc"

// oddNames are names of accounts and people that the files of libotr have to carry.
func oddNames() []string {
	return []string{
		"hubert@example.org/Home (old)", `hubert@example.org/the "big" one`, `d'a\b@example.org/((`, "é 🧵@example.org/ x ", "a#b;c=d@example.org/|", "hubert@example.org/",
	}
}

// TestFingerprintsOfOthers reads what each program writes.
func TestFingerprintsOfOthers(t *testing.T) {
	for name, row := range map[string]struct {
		text     string
		want     []KnownKey
		verified bool
	}{
		"Pidgin": {
			"paulette@example.org\thubert@example.org/Home\tprpl-jabber\t" + someDigits + "\tverified\n",
			[]KnownKey{{"paulette@example.org", KeyName{"hubert@example.org/Home", "prpl-jabber"}, someDigits, "verified"}}, true,
		},
		"Pidgin after a shared secret": {
			"paulette@example.org\thubert@example.org/\tprpl-jabber\t" + someDigits + "\tsmp\n",
			[]KnownKey{{"paulette@example.org", KeyName{"hubert@example.org/", "prpl-jabber"}, someDigits, "smp"}}, true,
		},
		"Profanity": {
			"paulette@example.org\thubert@example.org\txmpp\t" + someDigits + "\ttrusted\n",
			[]KnownKey{{"paulette@example.org", KeyName{"hubert@example.org", "xmpp"}, someDigits, "trusted"}}, true,
		},
		"mcabber": {
			"paulette@example.org\thubert@example.org\tjabber\t" + someDigits + "\ttrust\n",
			[]KnownKey{{"paulette@example.org", KeyName{"hubert@example.org", "jabber"}, someDigits, "trust"}}, true,
		},
		"not trusted": {
			"paulette@example.org\thubert@example.org\tjabber\t" + someDigits + "\t\n",
			[]KnownKey{{"paulette@example.org", KeyName{"hubert@example.org", "jabber"}, someDigits, ""}}, false,
		},
		"a word that nobody knows": {
			"p@example.org\th@example.org\tjabber\t" + someDigits + "\tno\n",
			[]KnownKey{{"p@example.org", KeyName{"h@example.org", "jabber"}, someDigits, "no"}}, false,
		},
		"without trust, with returns, in capitals": {
			"p@example.org\th@example.org\tjabber\t" + strings.ToUpper(someDigits) + "\r\n\r\n",
			[]KnownKey{{"p@example.org", KeyName{"h@example.org", "jabber"}, someDigits, ""}}, false,
		},
		"no end of line": {
			"p\tq\tprpl-aim\t" + someDigits + "\tverified", []KnownKey{{"p", KeyName{"q", "prpl-aim"}, someDigits, "verified"}}, true,
		},
		"empty": {"", nil, false},
	} {
		known, err := ReadFingerprints("x", strings.NewReader(row.text))
		if err != nil || !reflect.DeepEqual(known, row.want) {
			t.Errorf("%s: %+v, %v", name, known, err)
		}
		if len(known) > 0 && known[0].Verified() != row.verified {
			t.Errorf("%s: verified is %v", name, known[0].Verified())
		}
	}
}

// TestTagsOfOthers reads what libotr writes.
func TestTagsOfOthers(t *testing.T) {
	text := tagWarning + "hubert@example.org/Home\tprpl-jabber\t9e8a1a02\nq\tprpl-aim\t00000100\r\n"
	want := []InstanceTag{{KeyName{"hubert@example.org/Home", "prpl-jabber"}, 0x9e8a1a02}, {KeyName{"q", "prpl-aim"}, 0x100}}
	if tags, err := ReadInstanceTags("x", strings.NewReader(text)); err != nil || !reflect.DeepEqual(tags, want) {
		t.Errorf("%+v, %v", tags, err)
	}
}

func TestLinesGoThereAndBack(t *testing.T) {
	var known []KnownKey
	var tags []InstanceTag
	for i, name := range oddNames() {
		account := KeyName{name, "prpl-jabber"}
		known = append(known, KnownKey{name, account, someDigits, []string{"", "verified", "smp"}[i%3]})
		tags = append(tags, InstanceTag{account, 0xffffff00 + uint32(i)})
	}
	content, err := WriteFingerprints(known)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ReadFingerprints("x", strings.NewReader(string(content))); err != nil || !reflect.DeepEqual(again, known) {
		t.Errorf("%+v, %v", again, err)
	}
	if content, err = WriteInstanceTags(tags); err != nil {
		t.Fatal(err)
	}
	if again, err := ReadInstanceTags("x", strings.NewReader(string(content))); err != nil || !reflect.DeepEqual(again, tags) {
		t.Errorf("%+v, %v", again, err)
	}
}

// TestBadLines: what libotr would not have written is refused, with the place.
func TestBadLines(t *testing.T) {
	good := "p\th\txmpp\t" + someDigits + "\t\n"
	long := strings.Repeat("x", maxLine)
	for text, want := range map[string]struct {
		line int
		err  error
	}{
		good + "p\th\txmpp\n": {2, ErrBadLine},
		good + "\n" + "p\th\txmpp\t" + someDigits + "\ta\tb\n": {3, ErrBadLine},
		"p\th\txmpp\t" + someDigits[1:] + "\t\n":               {1, ErrBadLine},
		"p\th\txmpp\t" + someDigits[1:] + "g\t\n":              {1, ErrBadLine},
		"p\th\txmpp\t" + someDigits[:38] + " 00\t\n":           {1, ErrBadLine},
		"\th\txmpp\t" + someDigits + "\t\n":                    {1, ErrBadLine},
		"# a word\n":                                           {1, ErrBadLine},
		"p\x00\th\txmpp\t" + someDigits + "\t\n":               {1, ErrBadLine},
		"p\xff\th\txmpp\t" + someDigits + "\t\n":               {1, ErrBadLine},
		long + "\th\txmpp\t" + someDigits + "\t\n":             {1, ErrBadLine},
		strings.Repeat("\n", maxLines):                         {0, ErrTooLarge},
		strings.Repeat(" ", maxLinesFile+1):                    {0, ErrTooLarge},
	} {
		_, err := ReadFingerprints("some.file", strings.NewReader(text))
		var place *LineError
		if !errors.As(err, &place) || !errors.Is(err, want.err) || place.Line != want.line || place.File != "some.file" {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	for _, line := range []string{"h\txmpp\t000000ff", "h\txmpp\t100", "h\txmpp\t0x000100", "h\txmpp\t100000000", "h\txmpp", "word", "h\txmpp\t00000100\t"} {
		if _, err := ReadInstanceTags("some.file", strings.NewReader(tagWarning+line)); !errors.Is(err, ErrBadLine) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// TestEntriesThatAreNoLines: what libotr could not read back is not written.
func TestEntriesThatAreNoLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	for _, name := range []string{"a\tb", "a\nb", "a\rb", "a\x00b", "a\xff", long} {
		if content, err := WriteFingerprints([]KnownKey{{name, KeyName{"h", "xmpp"}, someDigits, ""}}); !errors.Is(err, ErrBadLine) {
			t.Errorf("peer %.20q: %q, %v", name, content, err)
		}
		if content, err := WriteFingerprints([]KnownKey{{"p", KeyName{name, "xmpp"}, someDigits, ""}}); !errors.Is(err, ErrBadLine) {
			t.Errorf("account %.20q: %q, %v", name, content, err)
		}
		if content, err := WriteInstanceTags([]InstanceTag{{KeyName{name, "xmpp"}, 0x100}}); !errors.Is(err, ErrBadLine) {
			t.Errorf("tag of %.20q: %q, %v", name, content, err)
		}
	}
	many := make([]KnownKey, maxLines)
	for i := range many {
		many[i] = KnownKey{"p", KeyName{"h", "xmpp"}, someDigits, ""}
	}
	if _, err := WriteFingerprints(many); !errors.Is(err, ErrTooLarge) {
		t.Errorf("more than can be read back: %v", err)
	}
	if content, err := WriteFingerprints(many[1:]); err != nil || len(content) == 0 {
		t.Errorf("as many as can be read back: %v", err)
	}
	if _, err := WriteFingerprints([]KnownKey{{"p", KeyName{"h", "xmpp"}, "x", ""}}); !errors.Is(err, ErrBadLine) {
		t.Errorf("no fingerprint: %v", err)
	}
	if _, err := WriteInstanceTags([]InstanceTag{{KeyName{"h", "xmpp"}, minTag - 1}}); !errors.Is(err, ErrBadLine) {
		t.Errorf("no tag: %v", err)
	}
}

// FuzzLibotrLines: whatever is read is written so that the same is read again.
func FuzzLibotrLines(f *testing.F) {
	f.Add("p\th\txmpp\t" + someDigits + "\tsmp\n")
	f.Add(tagWarning + "h\tjabber\t00000100\n")
	f.Fuzz(func(t *testing.T, text string) {
		if known, err := ReadFingerprints("x", strings.NewReader(text)); err == nil {
			content, err := WriteFingerprints(known)
			if err != nil {
				// A line without trust becomes longer by the tab.
				if strings.Contains(err.Error(), "longer") {
					return
				}
				t.Fatalf("%q: %v", text, err)
			}
			if again, err := ReadFingerprints("x", strings.NewReader(string(content))); err != nil || !reflect.DeepEqual(again, known) {
				t.Errorf("%q became %+v, %v", text, again, err)
			}
		}
		if tags, err := ReadInstanceTags("x", strings.NewReader(text)); err == nil {
			content, err := WriteInstanceTags(tags)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if again, err := ReadInstanceTags("x", strings.NewReader(string(content))); err != nil || !reflect.DeepEqual(again, tags) {
				t.Errorf("%q became %+v, %v", text, again, err)
			}
		}
	})
}
