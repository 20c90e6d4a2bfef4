package main

import (
	"reflect"
	"testing"

	"traboule/core"
	"traboule/im"
)

func TestParseAddress(t *testing.T) {
	room := "grenoble@conference.example.org"
	for text, want := range map[string]address{
		"ana@example.org":                               {plain: im.MustJID("ana@example.org")},
		"xmpp:" + room + "?join":                        {commands: []core.Command{core.Join{Room: room}}},
		"XMPP:" + room + "?join;nick=Zo%C3%A9":          {commands: []core.Command{core.Join{Room: room, Nick: "Zoé"}}},
		"xmpp:" + room + "/hubert?join;password=a%20b":  {commands: []core.Command{core.Join{Room: room, Nick: "hubert", Password: "a b"}}},
		"xmpp:" + room + "?join#fragment":               {commands: []core.Command{core.Join{Room: room}}},
		"xmpp://ana@example.org/" + room + "?join":      {account: im.MustJID("ana@example.org"), commands: []core.Command{core.Join{Room: room}}},
		"xmpp://ana@example.org":                        {account: im.MustJID("ana@example.org")},
		"xmpp:paulette@example.org?message;body=secret": {commands: []core.Command{core.Query{To: "paulette@example.org"}}},
		"xmpp:paulette@example.org":                     {commands: []core.Command{core.Query{To: "paulette@example.org"}}},
		"xmpp:paulette@example.org?subscribe": {commands: []core.Command{
			core.Add{JID: im.MustJID("paulette@example.org")}, core.Query{To: "paulette@example.org"}}},
	} {
		got, err := parseAddress(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "@", "xmpp:", "a b@c", "xmpp:a%zz@b?join", "xmpp:a@b?join;nick=%", "xmpp://@/x"} {
		if got, err := parseAddress(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}
