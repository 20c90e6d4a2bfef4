package im

import "testing"

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Grenoble": "grenoble", "ÎLE d’Été": "ile d’ete", "e\u0301te": "ete", "Ⓐ": "a", "ﬁn": "fin", "ΣΊΣΥΦΟΣ": "σισυφοσ",
		"İ": "i", "日本": "日本", "🌹": "🌹", "a\xffb": "a\ufffdb",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
