package main

import (
	"reflect"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

func TestParseAddress(t *testing.T) {
	room := "grenoble@conference.example.org"
	key := strings.Repeat("ab", 20)
	verify := address{commands: []core.Command{
		core.Query{To: "paulette@example.org"}, core.VerifyFingerprint{JID: im.MustJID("paulette@example.org"), Fingerprint: key},
	}}
	for text, want := range map[string]address{
		"ana@example.org":                                                                    {plain: im.MustJID("ana@example.org")},
		"xmpp:" + room + "?join":                                                             {commands: []core.Command{core.Join{Room: room}}},
		"XMPP:" + room + "?join;nick=Zo%C3%A9":                                               {commands: []core.Command{core.Join{Room: room, Nick: "Zoé"}}},
		"xmpp:" + room + "/hubert?join;password=a%20b":                                       {commands: []core.Command{core.Join{Room: room, Nick: "hubert", Password: "a b"}}},
		"xmpp:" + room + "?join#fragment":                                                    {commands: []core.Command{core.Join{Room: room}}},
		"xmpp://ana@example.org/" + room + "?join":                                           {account: im.MustJID("ana@example.org"), commands: []core.Command{core.Join{Room: room}}},
		"xmpp://ana@example.org":                                                             {account: im.MustJID("ana@example.org")},
		"xmpp:paulette@example.org?message;body=secret":                                      {commands: []core.Command{core.Query{To: "paulette@example.org"}}},
		im.FingerprintURI(im.MustJID("paulette@example.org/x"), key):                         verify,
		"xmpp:paulette@example.org/x?otr-fingerprint=" + strings.ToUpper(key) + ";unknown=1": verify,
		"xmpp:paulette@example.org":                                                          {commands: []core.Command{core.Query{To: "paulette@example.org"}}},
		"xmpp:paulette@example.org?subscribe": {commands: []core.Command{
			core.Add{JID: im.MustJID("paulette@example.org")}, core.Query{To: "paulette@example.org"}}},
	} {
		got, err := parseAddress(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "@", "xmpp:", "a b@c", "xmpp:a%zz@b?join", "xmpp:a@b?join;nick=%", "xmpp:a@b?otr-fingerprint=abc", "xmpp:a@b?otr-fingerprint=%", "xmpp://@/x"} {
		if got, err := parseAddress(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}
