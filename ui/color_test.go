package ui

import (
	"math"
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/lucasb-eyer/go-colorful"
)

// The vectors of XEP-0392 §7.1 (no correction for colour vision).
func TestNameColourFollowsTheStandard(t *testing.T) {
	for _, test := range []struct {
		name    string
		angle   float64
		r, g, b float64
	}{
		{"Romeo", 327.255249, 0.865, 0.000, 0.686},
		{"juliet@capulet.lit", 209.410400, 0.000, 0.515, 0.573},
		{"😺", 331.199341, 0.872, 0.000, 0.659},
		{"council", 359.994507, 0.918, 0.000, 0.394},
	} {
		if got := hueAngle(test.name); math.Abs(got-test.angle) > 1e-6 {
			t.Errorf("angle of %q is %f, want %f", test.name, got, test.angle)
		}
		want := colorful.Color{R: test.r, G: test.g, B: test.b}
		r, g, b := nameColour(test.name, 50, 1<<24).RGB()
		got := colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}
		if !got.AlmostEqualRgb(want) {
			t.Errorf("colour of %q is %v, want %v", test.name, got, want)
		}
	}
}

func TestNameColourWithFewColours(t *testing.T) {
	for _, test := range []struct {
		angle, lightness float64
		want             tcell.Color
	}{
		{10, 65, tcell.ColorRed}, {10, 45, tcell.ColorMaroon}, {359, 65, tcell.ColorRed},
		{120, 65, tcell.ColorLime}, {200, 65, tcell.ColorAqua}, {260, 45, tcell.ColorNavy}, {330, 65, tcell.ColorFuchsia},
	} {
		if got := basicColour(test.angle, test.lightness); got != test.want {
			t.Errorf("hue %v at lightness %v is %v, want %v", test.angle, test.lightness, got, test.want)
		}
	}
}

func TestCheckColour(t *testing.T) {
	for _, test := range []struct {
		element, colour string
		ok              bool
	}{
		{"mention", "red", true}, {"text", "#a0b1c2", true}, {"bar", "Navy", true},
		{"mentions", "red", false}, {"mention", "reddish", false}, {"mention", "", false}, {"mention", "#zzz", false},
	} {
		if err := CheckColour(test.element, test.colour); (err == nil) != test.ok {
			t.Errorf("CheckColour(%q, %q) = %v", test.element, test.colour, err)
		}
	}
}

func TestThemeWithoutColourUsesNone(t *testing.T) {
	for _, theme := range []*Theme{
		Theme{Name: "mono"}.prepared(1 << 24),
		Theme{Name: "dark", Colours: map[string]string{"mention": "red"}}.prepared(0),
	} {
		for element := range looks("mono") {
			if fg, bg, _ := theme.style(element).Decompose(); fg != tcell.ColorDefault || bg != tcell.ColorDefault {
				t.Errorf("theme %q: %s has a colour", theme.Name, element)
			}
		}
		if fg, _, _ := theme.name("hubert").Decompose(); fg != tcell.ColorDefault {
			t.Errorf("theme %q: a name has a colour", theme.Name)
		}
	}
}

func TestThemeTakesTheUsersColours(t *testing.T) {
	theme := Theme{Name: "light", Colours: map[string]string{"mention": "#102030"}}.prepared(1 << 24)
	if fg, _, _ := theme.style(MentionMark).Decompose(); fg != tcell.NewRGBColor(0x10, 0x20, 0x30) {
		t.Errorf("mention is drawn in %v", fg)
	}
}
