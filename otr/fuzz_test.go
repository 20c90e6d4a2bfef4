package otr

import (
	"encoding/base64"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"traboule/im"
)

// insideAccount is an account of a child, without the process and without an engine.
func insideAccount(t testing.TB, name string, as KeyName) *account {
	t.Helper()
	a := newAccount(name, new(atomic.Int64))
	file, err := os.Open("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if fault := a.loadKey(file, as); fault != "" {
		t.Fatal(fault)
	}
	return a
}

// insideSession makes a session between two accounts.
func insideSession(t testing.TB) (*talk, *talk) {
	t.Helper()
	one := &talk{account: insideAccount(t, "hubert@example.org", KeyName{}), flags: allFlags()}
	other := &talk{account: insideAccount(t, "paulette@example.org", KeyName{}), flags: allFlags()}
	insideExchange(one, other, []string{QueryText(allFlags())})
	if one.session == nil || other.session == nil {
		t.Fatal("no session")
	}
	return one, other
}

// insideExchange has two receive what the other sends.
func insideExchange(from, to *talk, texts []string) {
	for ; len(texts) > 0; from, to = to, from {
		var answers []string
		for _, text := range texts {
			to.events, to.send = nil, nil
			to.receive(text)
			answers = append(answers, to.send...)
		}
		texts = answers
	}
}

// FuzzReceive: whatever comes, in a session, in a handshake and without, nothing of ours panics, nothing passes for encrypted that
// is not, and the answer is one that the parent takes.
func FuzzReceive(f *testing.F) {
	one, other := insideSession(f)
	if fault := other.encrypt("salut"); fault != "" {
		f.Fatal(fault)
	}
	sealed := other.send[0]
	raw, err := base64.StdEncoding.DecodeString(sealed[len(encodedPrefix) : len(sealed)-1])
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		"salut", "?OTRv23?", AddTag("salut", allFlags()), "?OTR Error: no", "?OTR:===.", "?OTR|00000100|00000100,1,2,x,", "?OTR,1,1,?OTR:AAMD.,", sealed[:len(sealed)-9] + ".",
	} {
		f.Add([]byte(text))
	}
	f.Add(raw[:40])
	shaking := &talk{account: one.account, flags: allFlags()}
	f.Fuzz(func(t *testing.T, content []byte) {
		// Base64 is hard to guess: what is no text is tried as what is inside it.
		texts := []string{strings.ToValidUTF8(string(content), "\uFFFD"), encodedPrefix + base64.StdEncoding.EncodeToString(content) + "."}
		if shaking.next == nil {
			shaking.receive("?OTRv23?")
		}
		for _, text := range texts {
			for _, state := range []*talk{one, shaking, {account: one.account, flags: allFlags()}} {
				state.events, state.send = nil, nil
				got := state.receive(text)
				if got.encrypted && text != sealed || got.there && got.encrypted && state != one {
					t.Errorf("%q passes for encrypted", text)
				}
				o := outcome{Plain: got.text, HasPlain: got.there, Encrypted: got.encrypted, Send: state.send, State: state.state()}
				for _, e := range state.events {
					o.Events = append(o.Events, happened(e))
				}
				packet, err := encode(reply{Result: o})
				if err != nil {
					t.Errorf("%q: %v", text, err)
				}
				if again, err := decode[reply](packet); err != nil || again.check() != nil {
					t.Errorf("%q: the parent would not take %q", text, packet)
				}
			}
		}
		if one.session == nil || one.state().Phase != im.OTREncrypted {
			t.Fatalf("%q ended the session", texts)
		}
	})
}
