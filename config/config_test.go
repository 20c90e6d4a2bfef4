package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

const pin = "3b5f7c9e1a2d4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8"

func load(t *testing.T, text string) (*Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	reject := func(name, value string) error {
		if value == "bad" {
			return errors.New("not known")
		}
		return nil
	}
	return Load(path, Checks{Key: reject, Color: reject})
}

func TestLoadWhole(t *testing.T) {
	s, err := load(t, `
language = "fr"
tor = "off"
socks = "unix:/run/tor/socks"
start_tor = false
resolver = "tcp://192.0.2.1"
tor_settings = "/home/ana/bridges"
keep_guards = true

[[account]]
jid = "ana@example.org"
nick = "ana"
server = "127.0.0.1:5222"
password_command = ["pass", "show", "xmpp"]
least_mechanism = "SCRAM-SHA-256-PLUS"
certificate = "sha256:`+pin+`, sha256:00:`+pin[2:]+`"
[[account.room]]
jid = "grenoble@conference.example.org"

[[account]]
jid = "Guest.example.org"
connect = false
archive = false

[disclose]
receipts = true

[screen]
theme = "mono"
mouse = false
[screen.colors]
mention = "red"

[keys]
next-unread = "Alt+A"

[notifications]
bell = "mention"
`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Language.Value != "fr" || s.Tor.Value != "off" || s.SOCKS.Value != "unix:/run/tor/socks" {
		t.Errorf("top level: %+v", s)
	}
	if s.StartsTor() || s.Resolver.Value != "tcp://192.0.2.1" {
		t.Errorf("start_tor %v, resolver %q", *s.StartTor, s.Resolver.Value)
	}
	if s.TorSettings.Value != "/home/ana/bridges" || !s.KeepGuards {
		t.Errorf("tor_settings %q, keep_guards %v", s.TorSettings.Value, s.KeepGuards)
	}
	if s.Accounts[0].Archive != nil || s.Accounts[1].Archive == nil || *s.Accounts[1].Archive {
		t.Errorf("archive %v, %v", s.Accounts[0].Archive, s.Accounts[1].Archive)
	}
	if len(s.Accounts) != 2 || s.Accounts[0].JID.String() != "ana@example.org" || s.Accounts[1].JID.String() != "guest.example.org" {
		t.Fatalf("accounts: %+v", s.Accounts)
	}
	if !s.Accounts[0].Connects() || s.Accounts[1].Connects() {
		t.Error("connect: want true where silent, false where said")
	}
	if got := s.Accounts[0].Certificate.Values; len(got) != 2 || got[0].String() != "sha256:"+pin || got[1][0] != 0 {
		t.Errorf("pins: %v", got)
	}
	if got := s.Accounts[0].Rooms; len(got) != 1 || got[0].Room.String() != "grenoble@conference.example.org" {
		t.Errorf("rooms: %+v", got)
	}
	if !s.Disclose.Receipts || s.Disclose.Typing || *s.Screen.Mouse || s.Keys["next-unread"] != "Alt+A" || s.Screen.Colors["mention"] != "red" {
		t.Errorf("tables: %+v", s)
	}
}

func TestLoadDefaults(t *testing.T) {
	s, err := Load(filepath.Join(t.TempDir(), "none.toml"), Checks{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s, Default()) {
		t.Errorf("without a file: %+v", s)
	}
	if !s.StartsTor() || !IsResolver(s.Resolver.Value) || len(s.Accounts) != 0 {
		t.Errorf("the defaults: %+v", s)
	}
	if s.Tor.Value != "required" || s.Disclose != (Disclose{}) {
		t.Errorf("the defaults disclose something: %+v", s)
	}
}

func TestLoadFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		line    int
		key     string
		problem Problem
		want    Want
		choices int
	}{
		"unknown key":       {"tor = \"off\"\n\nlangauge = \"fr\"\n", 3, "langauge", UnknownKey, 0, 0},
		"unknown in table":  {"[[account]]\njid = \"a@b\"\n[[account]]\njid=\"b@b\"\npassword = \"x\"", 5, "password", UnknownKey, 0, 0},
		"bad choice":        {"\ntor = \"maybe\"\n", 2, "tor", BadValue, WantChoice, 2},
		"bad address":       {"[[account]]\njid = \"@\"\n", 2, "jid", BadValue, WantAddress, 0},
		"full address":      {"[[account]]\njid = \"a@b/c\"\n", 2, "jid", BadValue, WantAddress, 0},
		"second account":    {"[[account]]\njid = \"a@b\"\n[[account]]\njid = \"\"\n", 4, "jid", BadValue, WantAddress, 0},
		"bad server":        {"[[account]]\njid = \"a@b\"\nserver = \"host\"\n", 3, "server", BadValue, WantHostPort, 0},
		"bad port":          {"socks = \"127.0.0.1:70000\"\n", 1, "socks", BadValue, WantSOCKS, 0},
		"name of a proxy":   {"socks = \"tor.example.org:9050\"\n", 1, "socks", BadValue, WantSOCKS, 0},
		"relative socket":   {"socks = \"unix:tor\"\n", 1, "socks", BadValue, WantSOCKS, 0},
		"two settings":      {"resolver = \"tls://192.0.2.1, tls://192.0.2.2\"\n", 1, "resolver", BadValue, WantResolver, 0},
		"bare resolver":     {"\nresolver = \"192.0.2.1\"\n", 2, "resolver", BadValue, WantResolver, 0},
		"number a resolver": {"resolver = 9\n", 1, "resolver", BadValue, WantResolver, 0},
		"relative path":     {"tor_settings = \"bridges\"\n", 1, "tor_settings", BadValue, WantPath, 0},
		"no resource":       {"[[account]]\njid=\"a@b\"\nresource = \"\"\n", 3, "resource", BadValue, WantResource, 0},
		"start tor how":     {"start_tor = \"yes\"\n", 1, "start_tor", WrongType, WantBoolean, 0},
		"short pin":         {"[[account]]\njid=\"a@b\"\ncertificate = \"sha256:00\"\n", 3, "certificate", BadValue, WantPin, 0},
		"second pin":        {"[[account]]\njid=\"a@b\"\ncertificate = \"sha256:" + pin + ",\"\n", 3, "certificate", BadValue, WantPin, 0},
		"no pin":            {"[[account]]\njid=\"a@b\"\ncertificate = \"\"\n", 3, "certificate", BadValue, WantPin, 0},
		"certificate file":  {"[[account]]\njid=\"a@b\"\ncertificate = \"/etc/cert.pem\"\n", 3, "certificate", BadValue, WantPin, 0},
		"wrong type":        {"[disclose]\n\ntyping = 1\n", 3, "typing", WrongType, WantBoolean, 0},
		"wrong type pass":   {"[[account]]\njid=\"a@b\"\npassword_command = \"pass\"\n", 3, "password_command", WrongType, WantTexts, 0},
		"number for a text": {"[[account]]\njid=\"a@b\"\nnick = 1\n", 3, "nick", WrongType, WantText, 0},
		"number for a key":  {"[keys]\nhelp = 1\n", 2, "help", WrongType, WantText, 0},
		"list for a choice": {"tor = [1]\n", 1, "tor", WrongType, WantText, 0},
		"text for a table":  {"screen = \"dark\"\n", 1, "screen", WrongType, WantTable, 0},
		"keys are no table": {"keys = \"x\"\n", 1, "keys", WrongType, WantTable, 0},
		"room is no table":  {"[[account]]\njid=\"a@b\"\nroom = \"x\"\n", 3, "room", WrongType, WantTable, 0},
		"empty command":     {"[[account]]\njid=\"a@b\"\npassword_command = []\n", 3, "password_command", BadValue, WantCommand, 0},
		"no text":           {"language = \"fr\"\ntor = 1 # one\n", 2, "tor", BadValue, WantChoice, 2},
		"syntax":            {"tor = \n", 1, "", Syntax, 0, 0},
		"no jid":            {"[[account]]\nnick = \"a\"\n", 1, "jid", Missing, WantAddress, 0},
		"account twice":     {"[[account]]\njid = \"a@b\"\n[[account]]\njid = \"a@b\"\n", 2, "jid", Repeated, 0, 0},
		"key nobody knows":  {"[keys]\nquit = \"bad\"\n", 2, "quit", BadValue, WantKey, 0},
		"colour of nothing": {"[screen.colors]\nmention = \"bad\"\n", 2, "mention", BadValue, WantColor, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, c.text)
			var fault *Error
			if !errors.As(err, &fault) {
				t.Fatalf("got %v, want an *Error", err)
			}
			key := ""
			if len(fault.Key) > 0 {
				key = fault.Key[len(fault.Key)-1]
			}
			if fault.Line != c.line || key != c.key || fault.Problem != c.problem || fault.Want != c.want || len(fault.Choices) != c.choices {
				t.Errorf("got line %d key %q problem %d want %d choices %v (%v)", fault.Line, key, fault.Problem, fault.Want, fault.Choices, fault)
			}
		})
	}
}

func TestPath(t *testing.T) {
	env := map[string]string{"HOME": "/home/ana"}
	get := func(k string) string { return env[k] }
	for _, c := range []struct{ profile, xdg, want string }{
		{"", "", "/home/ana/.config/traboule/config.toml"},
		{"", "/xdg", "/xdg/traboule/config.toml"},
		{"", "relative", "/home/ana/.config/traboule/config.toml"},
		{"/p", "/xdg", "/p/config.toml"},
	} {
		env["XDG_CONFIG_HOME"] = c.xdg
		if got, err := Path(c.profile, get); err != nil || got != c.want {
			t.Errorf("Path(%q) with XDG %q = %q, %v; want %q", c.profile, c.xdg, got, err, c.want)
		}
	}
	if _, err := Path("", func(string) string { return "" }); err == nil {
		t.Error("no home folder: want an error")
	}
}

func TestDataFolder(t *testing.T) {
	env := func(values map[string]string) func(string) string {
		return func(name string) string { return values[name] }
	}
	for want, got := range map[string]struct {
		profile string
		env     map[string]string
	}{
		"/data/traboule":                  {"", map[string]string{"XDG_DATA_HOME": "/data", "HOME": "/home/ana"}},
		"/home/ana/.local/share/traboule": {"", map[string]string{"XDG_DATA_HOME": "relative", "HOME": "/home/ana"}},
		"/media/key":                      {"/media/key/", map[string]string{"XDG_DATA_HOME": "/data"}},
	} {
		if folder, err := DataFolder(got.profile, env(got.env)); err != nil || folder != want {
			t.Errorf("%q, %v, want %q", folder, err, want)
		}
	}
	if folder, err := DataFolder("", env(nil)); err == nil {
		t.Errorf("%q without a home", folder)
	}
}
