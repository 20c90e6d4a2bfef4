package ui

import (
	"testing"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// TestDevicesAreShownClean: the name of a device is a part of an address, which nobody has cleaned.
func TestDevicesAreShownClean(t *testing.T) {
	theme := Theme{Name: "mono"}.prepared(0)
	o := newOccupants(i18n.New(i18n.English), theme, defaultKeys(t))
	for wire, want := range map[string]string{
		"c@example.org/phone":                        "phone",
		"c@example.org":                              "",
		"c@example.org/a\u009b2J\u202eb\u200b\u3164": "a\ufffd2J\ufffdb\ufffd\ufffd",
		"c@example.org/ x ":                          "␣x␣",
	} {
		jid, err := im.WireJID(wire)
		if err != nil {
			t.Fatal(err)
		}
		o.window = &core.Window{Resources: []core.ResourceView{{JID: jid, Show: im.Online}}}
		if got := o.resource(0).left; got != want {
			t.Errorf("%q is shown as %q, want %q", wire, got, want)
		}
	}
}
