package otr

import (
	"strings"
	"testing"
)

func TestKindOf(t *testing.T) {
	for _, row := range []struct {
		text string
		want Kind
	}{
		{"", KindText},
		{"salut", KindText},
		{"what is ?OTRv3? good for", KindText},
		{"?OTR is good", KindText},
		{"?OTRvious", KindText},
		{"?OTRvious?", KindText},
		{"?OTRv3", KindText},
		{"?OTRv3333333333?", KindText},
		{"?otrv3?", KindText},
		{" ?OTRv3?", KindText},
		{"?OTRv3?", KindQuery},
		{"?OTRv23? somebody wants to speak in private", KindQuery},
		{"?OTR?", KindQuery},
		{"?OTR?v2?", KindQuery},
		{"?OTRv?", KindQuery},
		{"hello" + tagBase + tagV3, KindTagged},
		{tagBase, KindTagged},
		{"hello" + tagBase[1:] + tagV3, KindText},
		{"?OTR:AAMC" + "xyz.", KindHandshake},
		{"?OTR:AAIKxyz.", KindHandshake},
		{"?OTR:AAMRxyz.", KindHandshake},
		{"?OTR:AAISxyz.", KindHandshake},
		{"?OTR:AAMDxyz.", KindData},
		{"?OTR:AAIDxyz.", KindData},
		{"?OTR:AAEDxyz.", KindUnknown}, // version 1
		{"?OTR:AAQDxyz.", KindUnknown}, // version 4
		{"?OTR:===.", KindUnknown},
		{"?OTR:", KindUnknown},
		{"?OTR:AA", KindUnknown},
		{"?OTR Error:", KindError},
		{"?OTR Error: you did it", KindError},
		{"?OTR Erroneous", KindText},
		{"?OTR|00000100|00000100,1,2,x,", KindFragment},
		{"?OTR,1,2,x,", KindFragment},
	} {
		if got := KindOf(row.text); got != row.want {
			t.Errorf("%q: kind %d, want %d", row.text, got, row.want)
		}
	}
}

func TestTags(t *testing.T) {
	both := Flags{V2: true, V3: true}
	for _, row := range []struct {
		text, want string
		for2, for3 bool
	}{
		{"salut", "salut", false, false},
		{AddTag("salut", both), "salut", true, true},
		{AddTag("salut", Flags{V3: true}), "salut", false, true},
		{AddTag("salut", Flags{V2: true}), "salut", true, false},
		{AddTag("salut", Flags{}), "salut", false, false},
		{"a" + tagBase + tagV3 + "b", "ab", false, true},
		{"a" + tagBase + " \t \t  \t " + tagV3 + "b", "ab", false, true}, // version 1 before
		{"a" + tagBase + "b", "ab", false, false},
		{AddTag("a", both) + AddTag("b", both), "ab", true, true},
		{"a \t b", "a \t b", false, false},
	} {
		got, found := takeTags(row.text)
		if got != row.want || found.v2 != row.for2 || found.v3 != row.for3 {
			t.Errorf("%q: %q, %+v", row.text, got, found)
		}
	}
}

// TestTagsInTags nests tags so that taking one out makes another.
func TestTagsInTags(t *testing.T) {
	text := "x"
	for range 100 {
		text = tagBase[:1] + text + tagBase[1:]
	}
	text = strings.Repeat(tagBase[:3], 50) + tagBase + strings.Repeat(tagBase[3:], 50) + text
	if got := StripTags(text); strings.Contains(got, tagBase) {
		t.Errorf("a tag is left in %q", got)
	}
}

func TestQueries(t *testing.T) {
	for _, row := range []struct {
		text       string
		for2, for3 bool
	}{
		{QueryText(Flags{V2: true, V3: true}), true, true},
		{QueryText(Flags{V3: true}), false, true},
		{QueryText(Flags{V2: true}), true, false},
		{"?OTR?", false, false},
		{"?OTR?v2?", true, false},
		{"?OTR? v3? is what we speak", false, false},
		{"?OTRv4? version 3 is old", false, false},
	} {
		if got := queried(row.text); got.v2 != row.for2 || got.v3 != row.for3 {
			t.Errorf("%q: %+v", row.text, got)
		}
	}
	if got := QueryText(Flags{}); got != "" {
		t.Errorf("with no version: %q", got)
	}
}
