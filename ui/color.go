package ui

import (
	"crypto/sha1"
	"encoding/binary"
	"math"

	"github.com/gdamore/tcell/v2"
	"github.com/lucasb-eyer/go-colorful"
)

// hueAngle returns the hue of a name in degrees (XEP-0392 §5.1). SHA-1 only scatters the names here.
func hueAngle(name string) float64 {
	digest := sha1.Sum([]byte(name))
	return float64(binary.LittleEndian.Uint16(digest[:2])) / 65536 * 360
}

// nameColour returns the colour of a name on a terminal with that many colours: the same name has the same colour in
// every client that follows XEP-0392. lightness is that of HSLuv, 0 to 100.
func nameColour(name string, lightness float64, colours int) tcell.Color {
	angle := hueAngle(name)
	if colours < 256 {
		return basicColour(angle, lightness)
	}
	r, g, b := colorful.HSLuv(angle, 1, lightness/100).Clamped().RGB255()
	return tcell.NewRGBColor(int32(r), int32(g), int32(b))
}

// hue is one of the colours that every colour terminal has, and its place on the HSLuv circle.
type hue struct {
	angle        float64
	light, plain tcell.Color
}

// basicColour returns the nearest of the six hues: the bright ones for a dark background, the others for a light one.
func basicColour(angle, lightness float64) tcell.Color {
	hues := [...]hue{
		{12.2, tcell.ColorRed, tcell.ColorMaroon},
		{85.9, tcell.ColorYellow, tcell.ColorOlive},
		{127.7, tcell.ColorLime, tcell.ColorGreen},
		{192.2, tcell.ColorAqua, tcell.ColorTeal},
		{265.9, tcell.ColorBlue, tcell.ColorNavy},
		{307.7, tcell.ColorFuchsia, tcell.ColorPurple},
	}
	best, least := hues[0], 360.0
	for _, h := range hues {
		away := math.Abs(h.angle - angle)
		if away = min(away, 360-away); away < least {
			best, least = h, away
		}
	}
	if lightness > 50 {
		return best.light
	}
	return best.plain
}
