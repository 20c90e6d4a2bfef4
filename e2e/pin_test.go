package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPinnedCertificate follows somebody whose server has a certificate of nobody known: the client tells its fingerprint,
// and logs in once that stands in the settings.
func TestPinnedCertificate(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	profile := t.TempDir()
	args := append([]string{"--json"}, without(launch{server: s, account: "ana@localhost"}.arguments(profile), "--ca")...)
	ends := func(says string) string {
		t.Helper()
		c := startProgram(t, "ana", password, args...)
		c.raw = true
		if status := c.status(); status != 1 || !strings.Contains(c.output(), says) {
			t.Fatalf("status %d, %s; want %q", status, c.output(), says)
		}
		return c.output()
	}
	pin := func(fingerprint string) {
		t.Helper()
		settings := "[[account]]\njid = \"ana@localhost\"\ncertificate = \"sha256:" + fingerprint + "\"\n"
		if err := os.WriteFile(filepath.Join(profile, "config.toml"), []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fingerprint := regexp.MustCompile(`([0-9a-f]{8} ){7}[0-9a-f]{8}`).FindString(ends(`"certificate"`))
	if fingerprint == "" {
		t.Fatal("no fingerprint is told")
	}
	pin(fingerprint)
	c := startProgram(t, "ana", password, args...)
	c.expect("connection", fields{"state": "connected"})
	c.quit()

	other := strings.Repeat("01234567 ", 7) + "89abcdef"
	pin(other)
	if said := ends(`"pin-mismatch"`); !strings.Contains(said, fingerprint) || !strings.Contains(said, other) {
		t.Errorf("it says %s, not both fingerprints", said)
	}
}
