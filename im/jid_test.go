package im

import (
	"errors"
	"strings"
	"testing"
)

func TestParseJID(t *testing.T) {
	for typed, want := range map[string]string{
		"ana@example.org":              "ana@example.org",
		"Ana@Example.ORG":              "ana@example.org",
		"example.org":                  "example.org",
		"ana@example.org/Le Téléphone": "ana@example.org/Le Téléphone",
		"grenoble@chat.example.org/🦊":  "grenoble@chat.example.org/🦊",
		"a@b/c/d@e":                    "a@b/c/d@e",
	} {
		if got, err := ParseJID(typed); err != nil || got.String() != want {
			t.Errorf("ParseJID(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"", "@", "@example.org", "ana@", "a b@example.org", "ana@example.org/", "ana@example.org/\xff",
		"ana@example.org/" + strings.Repeat("x", maxPart+1), strings.Repeat("x", maxPart+1) + "@example.org",
	} {
		if got, err := ParseJID(typed); !errors.Is(err, ErrBadJID) || !got.IsZero() {
			t.Errorf("ParseJID(%q) = %q, %v; want ErrBadJID", typed, got, err)
		}
	}
}

// An address from the wire stays as it is, so that none passes for another by being written otherwise.
func TestWireJIDChangesNothing(t *testing.T) {
	for _, address := range []string{
		"ana@example.org", "Ana@example.org", "ana@EXAMPLE.org", "ana@example.org/", "example.org", "grenoble@chat.example.org/x\u3164y",
		"ana@example.org/a/b@c", "an\u0430@example.org",
	} {
		got, err := WireJID(address)
		if strings.HasSuffix(address, "/") {
			if !errors.Is(err, ErrBadJID) {
				t.Errorf("WireJID(%q) = %q, %v; want ErrBadJID", address, got, err)
			}
			continue
		}
		if err != nil || got.String() != address {
			t.Errorf("WireJID(%q) = %q, %v", address, got, err)
		}
	}
	for _, address := range []string{"", "@example.org", "ana@", "/x", "ana@example.org/\xff", strings.Repeat("x", maxPart+1)} {
		if got, err := WireJID(address); !errors.Is(err, ErrBadJID) || !got.IsZero() {
			t.Errorf("WireJID(%q) = %q, %v; want ErrBadJID", address, got, err)
		}
	}
}

func TestJIDParts(t *testing.T) {
	j := MustJID("ana@example.org/phone")
	if j.Local() != "ana" || j.Domain() != "example.org" || j.Resource() != "phone" || j.IsBare() {
		t.Errorf("parts of %q: %q, %q, %q", j, j.Local(), j.Domain(), j.Resource())
	}
	if bare := j.Bare(); bare != MustJID("ana@example.org") || !bare.IsBare() {
		t.Errorf("bare: %q", bare)
	}
	if domain := j.DomainJID(); domain != MustJID("example.org") {
		t.Errorf("domain: %q", domain)
	}
	if other, err := j.WithResource("laptop"); err != nil || other != MustJID("ana@example.org/laptop") {
		t.Errorf("with another resource: %q, %v", other, err)
	}
	for _, bad := range []string{"", "\xff", strings.Repeat("x", maxPart+1)} {
		if _, err := j.WithResource(bad); !errors.Is(err, ErrBadJID) {
			t.Errorf("with resource %q: %v, want ErrBadJID", bad, err)
		}
	}
}

// FuzzWireJID: what is taken is written back unchanged, and splits where it seems to.
func FuzzWireJID(f *testing.F) {
	for _, seed := range []string{"ana@example.org/x", "@", "a@b@c/d", "/", "a/b@c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		j, err := WireJID(address)
		if err != nil {
			return
		}
		if j.String() != address {
			t.Errorf("%q became %q", address, j)
		}
		if again, err := WireJID(j.Bare().String()); err != nil || again != j.Bare() {
			t.Errorf("the bare form of %q is %q: %v", address, again, err)
		}
	})
}
