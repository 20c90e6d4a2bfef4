package main

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"traboule/dial"
	"traboule/im"
	"traboule/ui/i18n"
	"traboule/xmppclient"
)

const (
	rightOnion = "jukrlvyhgguiedqswc5lehrag2fjunfktouuhi4wozxhb6heyzvshuyd.onion"
	wrongOnion = "jukrlvyhgguiedqswc5lehrag2fjunfktouuhi4wozxhb6heyzvshuyx.onion"
	oldOnion   = "4cjw6cwpeaeppfqz.onion"
)

// refusing is a SOCKS port that answers every request with a code of RFC 1928 §6, or of Tor.
func refusing(t *testing.T, reply byte) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go refuse(conn, reply)
		}
	}()
	return listener.Addr().String()
}

func refuse(conn net.Conn, reply byte) {
	defer conn.Close()
	head := make([]byte, 2)
	for _, answer := range [][]byte{{5, 0}, {5, reply, 0, 1, 0, 0, 0, 0, 0, 0}} {
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		rest := int(head[1])
		if answer[1] != 0 || len(answer) > 2 {
			more := make([]byte, 3)
			if _, err := io.ReadFull(conn, more); err != nil {
				return
			}
			rest = int(more[2]) + 2
		}
		if _, err := io.CopyN(io.Discard, conn, int64(rest)); err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// TestRepliesHaveSentences shows that each way in which a connection through Tor fails has a sentence of its own, in both
// languages.
func TestRepliesHaveSentences(t *testing.T) {
	const clear = "example.org"
	rows := []struct {
		name, host string
		reply      byte
		code       im.Code
	}{
		{"no descriptor", rightOnion, 0xF0, im.CodeOnionNotFound},
		{"service down", rightOnion, 0xF2, im.CodeOnionDown},
		{"authorization missing", rightOnion, 0xF4, im.CodeOnionAuth},
		{"address malformed", rightOnion, 0xF6, im.CodeOnionAddress},
		{"onion, not said why", rightOnion, 0x04, im.CodeOnionUnreachable},
		{"port not served", rightOnion, 0x05, im.CodeConnectionRefused},
		{"name does not exist", clear, 0x04, im.CodeNameNotFound},
		{"exit refuses", clear, 0x01, im.CodeExitRefused},
		{"not bootstrapped", clear, 0x06, im.CodeTorBootstrap},
		{"command not known", clear, 0x07, im.CodeProxyRefused},
		{"old address", oldOnion, 0, im.CodeOnionV2},
	}
	for _, language := range []string{i18n.English, i18n.French} {
		printer := i18n.New(language)
		seen := map[string]string{}
		for _, row := range rows {
			n := &network{dialer: dial.New(dial.Config{SOCKS: refusing(t, row.reply), Required: true}), account: im.MustJID("ana@example.org")}
			_, _, err := n.Dial(context.Background(), xmppclient.Candidate{Host: row.host, Port: 5222})
			var f *im.Failure
			if !errors.As(err, &f) || f.Code != row.code {
				t.Errorf("%s: %v, want %s", row.name, err, row.code)
				continue
			}
			sentence := printer.Failure(&im.Failure{Code: f.Code})
			if before := seen[sentence]; before != "" || sentence == f.Error() {
				t.Errorf("%s has no sentence of its own but that of %q: %s", row.name, before, sentence)
			}
			seen[sentence] = row.name
		}
	}
}

// TestEveryKindHasACode shows that no reason that dial knows is told as one that it does not know.
func TestEveryKindHasACode(t *testing.T) {
	for kind := dial.Unreachable + 1; kind <= dial.ClockWrong; kind++ {
		if failureCode(kind) == im.CodeUnreachable {
			t.Errorf("kind %d is told as %q", kind, im.CodeUnreachable)
		}
	}
	if got := failureCode(dial.NotTor); got != im.CodeNotTor {
		t.Errorf("a proxy that is not Tor is told as %q", got)
	}
}

// TestSameSentence: what Tor says with two codes means the same to people.
func TestSameSentence(t *testing.T) {
	for reply, code := range map[byte]im.Code{
		0xF1: im.CodeOnionDown, 0xF3: im.CodeOnionDown, 0xF5: im.CodeOnionAuth, 0xF7: im.CodeOnionDown, 0x01: im.CodeOnionUnreachable,
	} {
		n := &network{dialer: dial.New(dial.Config{SOCKS: refusing(t, reply), Required: true}), account: im.MustJID("ana@example.org")}
		_, _, err := n.Dial(context.Background(), xmppclient.Candidate{Host: rightOnion, Port: 5222})
		var f *im.Failure
		if !errors.As(err, &f) || f.Code != code {
			t.Errorf("reply %#x: %v, want %s", reply, err, code)
		}
	}
}

// TestMistypedOnionIsTriedOnce shows that the user's own mistake ends the attempts, and that nobody else can.
func TestMistypedOnionIsTriedOnce(t *testing.T) {
	dialer := dial.New(dial.Config{SOCKS: refusing(t, 5), Required: true})
	for name, c := range map[string]struct {
		account, server, host string
		lasting               bool
	}{
		"the account's domain": {"ana@" + wrongOnion, "", wrongOnion, true},
		"the server named":     {"ana@example.org", wrongOnion + ":5222", wrongOnion, true},
		"a record":             {"ana@example.org", "", wrongOnion, false},
	} {
		n := &network{dialer: dialer, account: im.MustJID(c.account), server: c.server}
		_, _, err := n.Dial(context.Background(), xmppclient.Candidate{Host: c.host, Port: 5222})
		var f *im.Failure
		if !errors.As(err, &f) || f.Code != im.CodeOnionAddress || f.Lasting != c.lasting {
			t.Errorf("%s: %+v, want that it lasts: %v", name, err, c.lasting)
		}
	}
}
