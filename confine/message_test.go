package confine

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAllowedArguments(t *testing.T) {
	allowed := Allowed{Programs: []Program{
		{Argv: []string{"pass", "show", "xmpp"}},
		{Argv: []string{"browser", "--new"}, Argument: LinkArgument},
		{Argv: []string{"editor"}, Argument: FileArgument, Folder: "/home/a/profile"},
	}}
	for _, row := range []struct {
		argv string // parted by |
		want bool
	}{
		{"pass|show|xmpp", true},
		{"pass|show|xmpp|", false},
		{"pass|show|bank", false},
		{"pass|show", false},
		{"browser|--new|https://example.org/a?b#c", true},
		{"browser|--new|http://example.onion", true},
		{"browser|--new", false},
		{"browser|https://example.org", false},
		{"browser|--new|HTTPS://example.org", true},
		{"browser|--new|file:///etc/passwd", false},
		{"browser|--new|javascript:alert(1)", false},
		{"browser|--new|--profile=https://example.org", false},
		{"browser|--new|https:example.org", false},
		{"browser|--new|https:///path", false},
		{"browser|--new| https://example.org", false},
		{"browser|--new|https://example.org/a b", false},
		{"browser|--new|https://example.org/\u202e", false},
		{"browser|--new|https://example.org/\n", false},
		{"editor|/home/a/profile/config.toml", true},
		{"editor|/home/a/profile/deep/draft", true},
		{"editor|/home/a/profile", false},
		{"editor|/home/a/profile/../.bashrc", false},
		{"editor|/home/a/profiles", false},
		{"editor|config.toml", false},
		{"editor|+!sh", false},
		{"editor", false},
		{"", false},
	} {
		if got := allowed.find(strings.Split(row.argv, "|")) >= 0; got != row.want {
			t.Errorf("%q: allowed %v, want %v", row.argv, got, row.want)
		}
	}
}

func TestAllowedIsChecked(t *testing.T) {
	ok := Program{Argv: []string{"a"}}
	for name, row := range map[string]struct {
		allowed Allowed
		good    bool
	}{
		"nothing":         {Allowed{}, true},
		"a program":       {Allowed{Programs: []Program{ok}, Addresses: []string{"tcp [::1]:9050", "unix /run/tor/socks"}}, true},
		"no program":      {Allowed{Programs: []Program{{}}}, false},
		"NUL":             {Allowed{Programs: []Program{{Argv: []string{"a", "b\x00"}}}}, false},
		"no text":         {Allowed{Programs: []Program{{Argv: []string{"a", "\xff"}}}}, false},
		"too long":        {Allowed{Programs: []Program{{Argv: []string{"a", strings.Repeat("x", maxText+1)}}}}, false},
		"many arguments":  {Allowed{Programs: []Program{{Argv: make([]string, maxArguments+1)}}}, false},
		"many programs":   {Allowed{Programs: bytesOf(ok, maxAllowed+1)}, false},
		"folder missing":  {Allowed{Programs: []Program{{Argv: ok.Argv, Argument: FileArgument}}}, false},
		"folder relative": {Allowed{Programs: []Program{{Argv: ok.Argv, Argument: FileArgument, Folder: "a"}}}, false},
		"folder for none": {Allowed{Programs: []Program{{Argv: ok.Argv, Folder: "/a"}}}, false},
		"unknown kind":    {Allowed{Programs: []Program{{Argv: ok.Argv, Argument: FileArgument + 1, Folder: "/a"}}}, false},
		"a name":          {Allowed{Addresses: []string{"tcp localhost:9050"}}, false},
		"no port":         {Allowed{Addresses: []string{"tcp 127.0.0.1"}}, false},
		"UDP":             {Allowed{Addresses: []string{"udp 127.0.0.1:53"}}, false},
		"relative path":   {Allowed{Addresses: []string{"unix socks"}}, false},
		"abstract":        {Allowed{Addresses: []string{"unix @dbus"}}, false},
	} {
		if err := row.allowed.check(); (err == nil) != row.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func bytesOf(p Program, n int) []Program {
	var many []Program
	for range n {
		many = append(many, p)
	}
	return many
}

// FuzzRequest: whatever comes through the socket, a request is taken only if it is written as the client writes it.
func FuzzRequest(f *testing.F) {
	for _, r := range []request{
		{Task: allowTask, Allowed: &Allowed{Programs: []Program{{Argv: []string{"a"}, Argument: LinkArgument}}, Addresses: []string{"tcp 127.0.0.1:9050"}}},
		{Task: runTask, Argv: []string{"pass", "<&>\u2028"}, Limit: 10},
		{Task: dialTask, Address: "unix /run/tor/socks"},
	} {
		packet, err := encode(r, maxRequest)
		if err != nil || !r.valid() {
			f.Fatal(r, err)
		}
		f.Add(packet)
	}
	f.Add([]byte(`{"Task":"run","Argv":["a"],"argv":["b"]}`))
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := decode[request](packet)
		if err != nil {
			if !reflect.DeepEqual(r, request{}) {
				t.Errorf("%q: %+v with an error", packet, r)
			}
			return
		}
		again, err := encode(r, len(packet))
		if err != nil || !bytes.Equal(again, packet) {
			t.Errorf("%q became %q, %v", packet, again, err)
		}
		if r.valid() && (r.Limit < 0 || r.Limit > maxOutput || len(r.Argv) > maxArguments) {
			t.Errorf("%q is beyond the limits", packet)
		}
	})
}

func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"Outcome":"done","Output":"AAEC"}`))
	f.Add([]byte(`{"Outcome":"failed","TooLong":true,"Error":"x"}`))
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := decode[reply](packet)
		if err != nil {
			return
		}
		if again, err := encode(r, len(packet)); err != nil || !bytes.Equal(again, packet) {
			t.Errorf("%q became %q, %v", packet, again, err)
		}
	})
}

// TestDoorkeeperTakesGarbage sends what no client sends: nothing may be done, and the next request is answered.
func TestDoorkeeperTakesGarbage(t *testing.T) {
	d := openDoor(t, Allowed{Programs: []Program{{Argv: []string{"echo", "a"}}}})
	good, err := encode(request{Task: runTask, Argv: []string{"echo", "a"}, Limit: 9}, maxRequest)
	must(t, err)
	null, err := os.Open("/dev/null")
	must(t, err)
	defer null.Close()
	must(t, send(d.control, good, nil))  // nowhere to answer
	must(t, send(d.control, good, null)) // no socket
	for _, packet := range [][]byte{{0}, []byte("null"), []byte(`{"Task":"run"}`), append(good, ' '), make([]byte, maxRequest+1)} {
		ours, theirs, err := pair(unix.SOCK_STREAM)
		must(t, err)
		must(t, send(d.control, packet, theirs))
		must(t, theirs.Close())
		if answer, _, err := receiveReply(ours); err == nil && answer.Outcome != refusal {
			t.Errorf("%.20q: %+v", packet, answer)
		}
		must(t, ours.Close())
	}
	two := unix.UnixRights(int(null.Fd()), int(null.Fd()))
	must(t, failure2(d.control.WriteMsgUnix(good, two, nil)))
	if out, err := d.Run(t.Context(), []string{"echo", "a"}, 9); err != nil || string(out) != "a\n" {
		t.Errorf("afterwards: %q, %v", out, err)
	}
}

func failure2[A, B any](_ A, _ B, err error) error { return err }
