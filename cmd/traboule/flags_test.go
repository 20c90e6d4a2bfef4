package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traboule/config"
	"traboule/core"
	"traboule/im"
)

func TestParseFlags(t *testing.T) {
	o, err := parseFlags([]string{"--tor", "off", "--server=127.0.0.1:5222", "ana@localhost", "--json", "--lang", "fr"})
	if err != nil {
		t.Fatal(err)
	}
	if o.tor != "off" || o.server != "127.0.0.1:5222" || !o.json || o.lang != "fr" || o.address.plain != im.MustJID("ana@localhost") {
		t.Errorf("got %+v", o)
	}
	if o.passwordFD != -1 {
		t.Errorf("password descriptor %d without the flag", o.passwordFD)
	}
}

func TestParseFlagsRefuses(t *testing.T) {
	for line, want := range map[string]usageKind{
		"--nothing":                          unknownFlag,
		"--account":                          flagWithoutValue,
		"--password-fd x":                    flagWithBadValue,
		"--password-fd=99999999999999999999": flagWithBadValue,
		"--line=perhaps":                     flagWithBadValue,
		"---":                                badFlag,
		"--tor maybe":                        badTor,
		"--lang de":                          badLang,
		"--server host":                      badServer,
		"--socks unix:rel":                   badSOCKS,
		"--socks tor.lan:9050":               badSOCKS,
		"--account @":                        badAddress,
		"a@b c@d":                            tooMany,
		"--line --json a@b":                  lineAndJSON,
		"xmpp:?join":                         badAddress,
		"--socks 127.0.0.1:999999":           badSOCKS,
	} {
		_, err := parseFlags(strings.Fields(line))
		var usage *usageError
		if !errors.As(err, &usage) || usage.kind != want {
			t.Errorf("%s: %v, want kind %d", line, err, want)
		}
	}
}

// TestUsageIsWorded runs the program's entry with faults, in both languages, and looks at what a person reads.
func TestUsageIsWorded(t *testing.T) {
	profile := t.TempDir()
	t.Setenv("HOME", profile)
	t.Setenv("XDG_CONFIG_HOME", profile)
	for _, lang := range []string{"en", "fr"} {
		for _, args := range [][]string{
			{}, {"--nothing"}, {"--account"}, {"--line=x"}, {"---"}, {"a@b", "c@d"}, {"--tor", "maybe"}, {"--server", "x"}, {"--socks", "x"}, {"@"}, {"--line", "--json", "a@b"},
			{"--passphrase-fd", "3", "a@b"}, {"--ca", "/nowhere.pem", "a@b"},
		} {
			var out, errs bytes.Buffer
			status := run(append([]string{"--lang", lang}, args...), &out, &errs)
			if status != 2 || out.Len() > 0 || errs.Len() < 20 || strings.Contains(errs.String(), "{") || strings.Contains(errs.String(), "start-") {
				t.Errorf("%s %q: status %d, output %q, errors %q", lang, args, status, out.String(), errs.String())
			}
		}
	}
}

func TestSettingsFaultsAreWorded(t *testing.T) {
	for _, text := range []string{
		"x = 1", "tor = \"maybe\"", "tor = 1", "tor = ", "[[account]]\nnick = \"a\"", "[[account]]\njid = \"a@b\"\n[[account]]\njid = \"a@b\"",
		"[keys]\nnone = \"x\"", "[screen.colors]\ntext = \"nocolour\"", "socks = \"x\"", "[[account]]\njid = \"a@b\"\nserver = \"x\"",
		"[[account]]\njid = \"a@b\"\npassword_command = [\"\"]", "screen = 1", "[disclose]\ntyping = 1", "[[account]]\npassword_command = 1",
	} {
		profile := t.TempDir()
		path := filepath.Join(profile, config.FileName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, lang := range []string{"en", "fr"} {
			var out, errs bytes.Buffer
			status := run([]string{"--lang", lang, "--profile", profile}, &out, &errs)
			if status != 2 || !strings.Contains(errs.String(), path) || strings.ContainsRune(errs.String(), 0) || strings.Contains(errs.String(), "{") {
				t.Errorf("%s %q: status %d, %q", lang, text, status, errs.String())
			}
		}
	}
}

func TestChooseAccounts(t *testing.T) {
	ana, hubert := im.MustJID("ana@example.org"), im.MustJID("hubert@example.org")
	both := &config.Settings{Accounts: []config.Account{{JID: config.BareJID{JID: ana}, Nick: "a"}, {JID: config.BareJID{JID: hubert}}}}
	none := &config.Settings{}
	for name, c := range map[string]struct {
		args     string
		settings *config.Settings
		accounts string
		opens    core.Command
	}{
		"an account":            {"ana@example.org", none, "ana@example.org", nil},
		"with resource":         {"ana@example.org/x", none, "ana@example.org", nil},
		"one of several":        {"hubert@example.org", both, "hubert@example.org", nil},
		"somebody to talk with": {"paulette@example.org", both, "ana@example.org hubert@example.org", core.Query{To: "paulette@example.org"}},
		"account and somebody":  {"--account ana@example.org paulette@example.org", none, "ana@example.org", core.Query{To: "paulette@example.org"}},
		"all":                   {"", both, "ana@example.org hubert@example.org", nil},
		"a link":                {"--account ana@example.org xmpp:r@c.example.org?join", none, "ana@example.org", core.Join{Room: "r@c.example.org"}},
		"a link with account":   {"xmpp://ana@example.org/r@c.example.org?join", none, "ana@example.org", core.Join{Room: "r@c.example.org"}},
		"a link for another":    {"--account hubert@example.org xmpp://ana@example.org/r@c.example.org?join", none, "hubert@example.org", core.Join{Room: "r@c.example.org"}},
	} {
		o, err := parseFlags(strings.Fields(c.args))
		if err != nil {
			t.Fatal(err)
		}
		chosen, opens, err := chooseAccounts(o, c.settings)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var names []string
		for _, a := range chosen {
			names = append(names, a.JID.String())
		}
		if linked := o.passedOver(); !linked.IsZero() != (name == "a link for another") || !linked.IsZero() && linked.String() != "ana@example.org" {
			t.Errorf("%s: %q is passed over", name, linked)
		}
		if strings.Join(names, " ") != c.accounts {
			t.Errorf("%s: accounts %q, want %q", name, names, c.accounts)
		}
		if (c.opens == nil) != (len(opens) == 0) || c.opens != nil && opens[0] != c.opens {
			t.Errorf("%s: opens %v, want %v", name, opens, c.opens)
		}
	}
}
