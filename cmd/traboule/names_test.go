package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traboule/config"
	"traboule/dial"
	"traboule/ui/i18n"
)

// TestResolvers: what the settings accept can be asked, and nothing else can be set.
func TestResolvers(t *testing.T) {
	for _, text := range []string{
		"tls://dns.example.org", "tls://192.0.2.1:853#dns.example.org", "tcp://192.0.2.1:53", "tls://[2001:db8::1]:853", "tls://2001:db8::1",
		"tcp://" + rightOnion, config.Default().Resolver.Value,
		"", "dns.example.org", "udp://192.0.2.1", "tls://tcp://192.0.2.1", "tcp://tls://192.0.2.1", "tls://", "tls://:53", "tls://a:0", "tls://a:65536",
		"tls://a:b:c", "tls://[2001:db8::1]", "tcp://192.0.2.1#a", "tls://192.0.2.1#", "tls://a#b#c", "tls://a b", "tls://a/b", "tls://a..b", "tls://a.", "tls://é",
	} {
		_, err := dial.ParseResolver(text)
		if config.IsResolver(text) != (err == nil) {
			t.Errorf("%q: in the settings %v, for dial %v", text, config.IsResolver(text), err)
		}
	}
	r, err := resolver(config.Default())
	if err != nil || r == nil || !r.TLS || r.Name == "" {
		t.Errorf("by default %+v, %v", r, err)
	}
	if r, err := resolver(&config.Settings{Resolver: config.Resolver{Value: config.NoResolver}}); err != nil || r != nil {
		t.Errorf("for none: %+v, %v", r, err)
	}
}

func TestOnionListIsReadBesideTheSettings(t *testing.T) {
	settings := filepath.Join(t.TempDir(), config.FileName)
	own := filepath.Join(filepath.Dir(settings), config.OnionsName)
	shipped, err := onionList(settings)
	if err != nil || shipped.Len() == 0 {
		t.Fatalf("%v", err)
	}
	write := func(text string) {
		if err := os.WriteFile(own, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("example.org " + rightOnion + "\n")
	if l, err := onionList(settings); err != nil || l.Len() != shipped.Len()+1 || l.Find("example.org") != rightOnion {
		t.Errorf("extended: %v", err)
	}
	write("only\nexample.org " + rightOnion + "\n")
	if l, err := onionList(settings); err != nil || l.Len() != 1 {
		t.Errorf("replaced: %v", err)
	}
	for text, want := range map[string][2]string{
		"# mine\nexample.org " + wrongOnion: {":2: “" + wrongOnion + "” has no place there: write an onion address", ":2 : « " + wrongOnion + " »"},
		"date today":                        {":1: “today” has no place there: write a date", "une date comme"},
		"..  " + rightOnion:                 {":1: “..” has no place there: write a domain such", "un domaine comme"},
		"example.org":                       {":1: “example.org” has no place there: write a domain and", "un domaine et son adresse onion"},
		strings.Repeat("\n", 20_000):        {config.OnionsName + ": more than 10000 lines", "plus de 10000 lignes"},
		strings.Repeat("\n", 2<<20):         {config.OnionsName + ": cannot be read", "lecture impossible"},
	} {
		write(text)
		_, err := onionList(settings)
		var fault *config.Error
		if !errors.As(err, &fault) {
			t.Errorf("%.40q: %v", text, err)
			continue
		}
		for i, lang := range []string{i18n.English, i18n.French} {
			said := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(configWords(i18n.New(lang), fault))
			if !strings.HasPrefix(said, own) || !strings.Contains(said, want[i]) {
				t.Errorf("%.40q: %q, want %q", text, said, want[i])
			}
		}
	}
}
