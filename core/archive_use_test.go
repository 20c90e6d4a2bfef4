package core

import (
	"slices"
	"testing"

	"traboule/im"
)

// TestArchiveOfOneAccount: what is said of one account counts more than what holds everywhere, and what the user has switched more
// than what the settings say of the same.
func TestArchiveOfOneAccount(t *testing.T) {
	on, off := true, false
	for name, test := range map[string]struct {
		everywhere, kept map[string]bool
		setting          *bool
		own              map[string]bool
		want             bool
	}{
		"nothing said":              {nil, nil, nil, nil, true},
		"settings":                  {map[string]bool{"archive": false}, nil, nil, nil, false},
		"settings of it":            {nil, nil, &off, nil, false},
		"settings of it alone":      {map[string]bool{"archive": false}, nil, &on, nil, true},
		"switched everywhere":       {nil, map[string]bool{"archive": false}, nil, nil, false},
		"it, switched everywhere":   {nil, map[string]bool{"archive": true}, &off, nil, false},
		"switched, against setting": {nil, nil, &off, map[string]bool{"archive": true}, true},
		"switched off":              {nil, map[string]bool{"archive": true}, nil, map[string]bool{"archive": false}, false},
	} {
		o := Options{Switches: test.kept, Disclose: map[Disclosure]bool{}, Accounts: []AccountOptions{{JID: ana, Archive: test.setting, Switches: test.own}}}
		for _, says := range test.everywhere {
			o.Disclose[DiscloseArchive] = says
		}
		if c := New(o); c.usesArchive(c.byJID[ana]) != test.want {
			t.Errorf("%s: %v", name, !test.want)
		}
	}
}

// TestSwitchArchiveOfOneAccount: a switch for one account is kept as such, and shown in a row of its own as long as the accounts differ.
func TestSwitchArchiveOfOneAccount(t *testing.T) {
	hubert := im.MustJID("hubert@example.org")
	c := New(Options{Accounts: []AccountOptions{{JID: ana}, {JID: hubert}}})
	type row struct {
		of      im.JID
		on      bool
		command string
	}
	for _, test := range []struct {
		line string
		kept []im.Record
		want []row
	}{
		{"/privacy archive off ana@example.org", []im.Record{im.SwitchRecord{Kept: im.Kept{Account: ana}, Name: "archive"}},
			[]row{{ana, false, "/privacy archive on ana@example.org"}, {hubert, true, "/privacy archive off hubert@example.org"}}},
		{"/privacy archive off ghost@example.org", nil,
			[]row{{ana, false, "/privacy archive on ana@example.org"}, {hubert, true, "/privacy archive off hubert@example.org"}}},
		{"/privacy archive on", []im.Record{
			im.SwitchRecord{Kept: im.Kept{Account: ana}, Name: "archive", On: true}, im.SwitchRecord{Name: "archive", On: true},
		}, []row{{im.JID{}, true, "/privacy archive off"}}},
	} {
		command, err := Parse(test.line)
		if err != nil {
			t.Fatal(err)
		}
		e := c.Handle(noon, Typed{command})
		if !slices.Equal(e.Keep, test.kept) {
			t.Errorf("%s: kept %v", test.line, e.Keep)
		}
		for _, f := range e.Show {
			if n, is := f.(NoticeFact); is && n.Notice.Privacy != nil && n.Notice.Privacy.Command != test.want[0].command {
				t.Errorf("%s: answered with %q", test.line, n.Notice.Privacy.Command)
			}
		}
		var rows []row
		for _, n := range c.disclosed() {
			if d := n.Privacy; d.Topic == "archive" {
				rows = append(rows, row{d.Of, d.On, d.Command})
			}
		}
		if !slices.Equal(rows, test.want) {
			t.Errorf("%s: rows %v", test.line, rows)
		}
	}
}
