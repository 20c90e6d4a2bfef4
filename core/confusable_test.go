package core

import "testing"

func TestSkeleton(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"Cyrillic", "hubert", "hubеrt", true},
		{"all Cyrillic", "rocco", "госсо", true},
		{"Greek capitals", "HANNA", "ΗΑΝΝΑ", true},
		{"case", "Hubert", "hubert", true},
		{"l and I", "paulette", "pauIette", true},
		{"l and 1, o and 0", "lolo", "1o10", true},
		{"trailing space", CleanName("hubert "), "hubert", true},
		{"filler", CleanName("hub\u3164ert"), "hubert", true},
		{"full width", "ｈｕｂｅｒｔ", "hubert", true},
		{"mathematical", "𝐡𝐮𝐛𝐞𝐫𝐭", "hubert", true},
		{"decomposed accent", "andre\u0301", "andré", true},
		{"selector", "a❤️", "a❤", true},
		{"accent", "helene", "hélène", false},
		{"other name", "hubert", "huberte", false},
		{"underscore", "hubert_", "hubert", false},
		{"Russian", "Иван", "Ivan", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := skeleton(tt.a) == skeleton(tt.b); got != tt.same {
				t.Errorf("skeletons %q and %q: same %v, want %v", skeleton(tt.a), skeleton(tt.b), got, tt.same)
			}
		})
	}
}

func TestDisguised(t *testing.T) {
	tests := []struct {
		name string
		want bool
	}{
		{"paulette", false}, {"Zoé", false}, {"Иван", false}, {"Ivan Иван", false}, {"ивaн", false}, {"Ελένη", false},
		{"pаulette", true}, {"hubert-рaul", true}, {"Ηanna", true}, {"東京tower", false},
	}
	for _, tt := range tests {
		if got := isDisguised(tt.name); got != tt.want {
			t.Errorf("isDisguised(%q) = %v", tt.name, got)
		}
	}
}

func BenchmarkSkeleton(b *testing.B) {
	for b.Loop() {
		skeleton("paulette-1789")
	}
}
