package im

import (
	"errors"
	"strings"
	"testing"
)

func TestPin(t *testing.T) {
	digits := strings.Repeat("0123456789abcdef", 4)
	p, err := ParsePin("sha256:" + digits)
	if err != nil || p.String() != "sha256:"+digits || p.IsZero() {
		t.Fatalf("%s, %v", p, err)
	}
	if want := strings.TrimSpace(strings.Repeat("01234567 89abcdef ", 4)); p.Groups() != want {
		t.Errorf("in groups %q, want %q", p.Groups(), want)
	}
	for _, text := range []string{
		"sha256:" + p.Groups(), " sha256: " + strings.ToUpper(digits) + " ",
		"sha256:" + strings.Repeat("01:23:45:67:89:AB:CD:EF:", 4),
	} {
		if same, err := ParsePin(text); err != nil || same != p {
			t.Errorf("%q: %s, %v", text, same, err)
		}
	}
	for _, text := range []string{
		"", "sha256:", digits, "sha1:" + digits, "SHA256:" + digits, "sha256:" + digits[1:], "sha256:" + digits + "0", "sha256:" + digits + "00",
		"sha256:" + digits[:62] + "0g", "sha256:" + digits + " sha256:" + digits,
	} {
		if p, err := ParsePin(text); !errors.Is(err, ErrBadPin) {
			t.Errorf("%q: %s, %v", text, p, err)
		}
	}
}
