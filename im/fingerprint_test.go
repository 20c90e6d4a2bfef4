package im

import (
	"errors"
	"testing"
)

func TestFingerprint(t *testing.T) {
	const digits, groups = "0123456789abcdef0123456789abcdef01234567", "01234567 89ABCDEF 01234567 89ABCDEF 01234567"
	for _, text := range []string{digits, groups, "01:23:45:67:89:ab:cd:ef:01:23:45:67:89:AB:CD:EF:01:23:45:67"} {
		if got, err := ParseFingerprint(text); got != digits || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", digits[2:], digits + "00", "x" + digits[1:], digits[:39] + "é"} {
		if got, err := ParseFingerprint(text); got != "" || !errors.Is(err, ErrBadFingerprint) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for jid, want := range map[string]string{
		"ana@example.org/r":  "xmpp:ana@example.org?otr-fingerprint=" + digits,
		"a?b@bücher.example": "xmpp:a%3Fb@b%C3%BCcher.example?otr-fingerprint=" + digits,
		"localhost":          "xmpp:localhost?otr-fingerprint=" + digits,
	} {
		if got := FingerprintURI(MustJID(jid), digits); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := GroupFingerprint(digits); got != groups {
		t.Errorf("%q, want %q", got, groups)
	}
}
