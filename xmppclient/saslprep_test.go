package xmppclient

import "testing"

func TestSASLPrep(t *testing.T) {
	tests := []struct {
		in, want string
		refused  bool
	}{
		// RFC 4013 §3
		{"I\u00adX", "IX", false}, {"user", "user", false}, {"USER", "USER", false}, {"\u00aa", "a", false}, {"\u2168", "IX", false},
		{"\u0007", "", true}, {"\u0627\u0031", "", true},
		{"sésame", "sésame", false}, {"se\u0301same", "sésame", false},
		{"a\u00a0b\u3000c", "a b c", false}, {"x\u200by", "x y", false}, {"ﬁ", "fi", false}, {"clé 🗝\ufe0f", "clé 🗝", false},
		{"\u0627\u0628", "\u0627\u0628", false}, {"\u0627a\u0628", "", true},
		{"a\u202eb", "", true}, {"\ue000", "", true}, {"\ufffd", "", true}, {"\xff", "", true}, {"\U000e0041", "", true}, {"a\tb", "", true},
	}
	for _, test := range tests {
		got, err := saslPrep(test.in)
		if got != test.want || (err != nil) != test.refused {
			t.Errorf("%+q: %+q, %v; want %+q", test.in, got, err, test.want)
		}
	}
}
