package xmppclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

const (
	onion      = "bztoavotvspxwehf52gw7xrljvj7rjucpwdoixoaoxgpwqkoex27jnid.onion"
	otherOnion = "jukrlvyhgguiedqswc5lehrag2fjunfktouuhi4wozxhb6heyzvshuyd.onion"
)

// forged is a certificate that no authority vouches for, of another name, and long expired.
func forged(t *testing.T) tls.Certificate {
	certificate, _ := selfSigned(t, x509.Certificate{
		DNSNames: []string{"elsewhere.example"}, NotBefore: time.Now().AddDate(-2, 0, 0), NotAfter: time.Now().AddDate(-1, 0, 0),
	})
	return certificate
}

func keyIn(t *testing.T, c tls.Certificate) im.Pin { return keyOf(leaf(t, c)) }

// pins sets the pins of the account.
func pins(pin ...im.Pin) func(*xmpptest.Server, *Config) {
	return func(_ *xmpptest.Server, c *Config) { c.Pins = pin }
}

func TestPins(t *testing.T) {
	own, other := forged(t), forged(t)
	renewed, _ := selfSigned(t, x509.Certificate{DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)})
	chained := tls.Certificate{Certificate: append(slices.Clone(other.Certificate), own.Certificate...), PrivateKey: other.PrivateKey}
	stolen := tls.Certificate{Certificate: own.Certificate, PrivateKey: other.PrivateKey}
	pin := keyIn(t, own)
	tests := map[string]struct {
		shown tls.Certificate
		pins  []im.Pin
		code  im.Code
	}{
		"the pinned key, whatever the certificate says": {own, []im.Pin{pin}, ""},
		"one of several": {own, []im.Pin{keyIn(t, other), pin}, ""},
		"another key":    {other, []im.Pin{pin}, im.CodePinMismatch},
		"another key, with a certificate for the name":     {renewed, []im.Pin{pin}, im.CodePinMismatch},
		"the pinned certificate behind another":            {chained, []im.Pin{pin}, im.CodePinMismatch},
		"the pinned certificate without its key":           {stolen, []im.Pin{pin}, im.CodeTLS},
		"no pin":                                           {own, nil, im.CodeCertificate},
		"the pin of nothing, which no certificate matches": {own, []im.Pin{{}}, im.CodePinMismatch},
	}
	for name, test := range tests {
		for _, direct := range []bool{false, true} {
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				t.Run(name, func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						b := newBench(t, pins(test.pins...))
						b.server.Certificate, b.server.Direct, b.server.MaxTLS = test.shown, direct, version
						b.net.places[0].DirectTLS = direct
						b.start()
						e := await(b, func(e im.ConnectionChanged) bool { return e.State != im.Connecting })
						if test.code == "" {
							if e.State != im.Connected {
								t.Errorf("%v", e.Err)
							}
							return
						}
						if e.Err == nil || e.Err.Code != test.code {
							t.Fatalf("%+v", e.Err)
						}
						if test.code != im.CodeTLS && (e.State != im.Failed || !e.Err.Lasting || e.Err.Fingerprint != keyIn(t, test.shown).Groups()) {
							t.Errorf("%d, %+v", e.State, e.Err)
						}
						if test.code == im.CodePinMismatch && !strings.HasPrefix(e.Err.Pinned, test.pins[0].Groups()) {
							t.Errorf("pinned %q", e.Err.Pinned)
						}
					})
				})
			}
		}
	}
}

// TestPinGoesBeforeAuthorities: a certificate that is right in all else is not enough where a key is pinned.
func TestPinGoesBeforeAuthorities(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, pins(im.Pin{1}))
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodePinMismatch {
			t.Errorf("%+v", e.Err)
		}
	})
}

// newOnionBench is a bench whose account is at an onion address.
func newOnionBench(t *testing.T, adjust ...func(*xmpptest.Server, *Config)) *bench {
	account := im.MustJID("ana@" + onion)
	b := newBench(t, append([]func(*xmpptest.Server, *Config){func(s *xmpptest.Server, c *Config) {
		s.Domain, s.Certificate, c.Account = onion, forged(t), account
	}}, adjust...)...)
	b.net.places = []Candidate{{Host: onion, Port: 5222}}
	b.net.via = im.ViaOnion
	b.net.open[onion] = b.net.open["localhost"]
	return b
}

func TestOnionIsPinnedOnFirstUse(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newOnionBench(t)
		b.start()
		pinned := await(b, func(im.KeyPinned) bool { return true })
		if pinned.Pin != keyIn(t, b.server.Certificate) || pinned.Of() != b.client.cfg.Account {
			t.Errorf("%+v", pinned)
		}
		b.state(im.Connected)
		b.server.Session().Cut()
		again := await(b, func(e im.Event) bool {
			c, is := e.(im.ConnectionChanged)
			_, twice := e.(im.KeyPinned)
			return twice || is && c.State == im.Resumed
		})
		if _, twice := again.(im.KeyPinned); twice {
			t.Error("pinned a second time")
		}
	})
}

// TestOnionIsPinnedAcrossSessions: a key that was pinned in an earlier session is not pinned anew, and no other is.
func TestOnionIsPinnedAcrossSessions(t *testing.T) {
	for known, want := range map[bool]im.ConnState{true: im.Connected, false: im.Failed} {
		bubble(t, func(t *testing.T) {
			b := newOnionBench(t, func(s *xmpptest.Server, c *Config) {
				c.Known = im.Pin{1}
				if known {
					c.Known = keyIn(t, s.Certificate)
				}
			})
			b.start()
			settled := await(b, func(e im.Event) bool {
				c, is := e.(im.ConnectionChanged)
				_, pinned := e.(im.KeyPinned)
				return pinned || is && (c.State == im.Connected || c.State == im.Failed)
			})
			e, is := settled.(im.ConnectionChanged)
			if !is || e.State != want || want == im.Failed && e.Err.Code != im.CodePinMismatch {
				t.Errorf("%+v", settled)
			}
		})
	}
}

func TestChangedKeyOfOnionIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newOnionBench(t)
		b.start()
		b.state(im.Connected)
		first := keyIn(t, b.server.Certificate)
		second := &xmpptest.Server{Domain: onion, Certificate: forged(t), Password: "sésame"}
		b.net.open[onion] = func() (net.Conn, error) { return second.Pipe(), nil }
		b.server.Session().Cut()
		e := b.state(im.Failed)
		if e.Err.Code != im.CodePinMismatch || e.Err.Pinned != first.Groups() || e.Err.Fingerprint != keyIn(t, second.Certificate).Groups() {
			t.Errorf("%+v", e.Err)
		}
		b.send(im.Connect{For: im.For{Account: b.client.cfg.Account, ID: 99}})
		if e := b.state(im.Failed); e.Err.Code != im.CodePinMismatch {
			t.Errorf("asked again: %+v", e.Err)
		}
	})
}

// TestKeyOfOnionIsTheSameAtAllItsPorts: what is pinned at the first place counts at the next one of the same attempt.
func TestKeyOfOnionIsTheSameAtAllItsPorts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newOnionBench(t, forge(xmpptest.AuthFeatures, `<stream:features`))
		second := &xmpptest.Server{Domain: onion, Certificate: forged(t), Password: "sésame"}
		b.net.places = append(b.net.places, Candidate{Host: "xmpp." + onion, Port: 5223})
		b.net.open["xmpp."+onion] = func() (net.Conn, error) { return second.Pipe(), nil }
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodePinMismatch {
			t.Errorf("%+v", e.Err)
		}
	})
}

// TestFirstUseNeedsTheAddress: only the onion service of the account's own address can vouch for itself.
func TestFirstUseNeedsTheAddress(t *testing.T) {
	tests := map[string]struct {
		host string
		via  im.Via
		code im.Code
	}{
		"its address":                     {onion, im.ViaOnion, ""},
		"its address in capitals":         {strings.ToUpper(onion) + ".", im.ViaOnion, ""},
		"a name in front of its address":  {"xmpp." + onion, im.ViaOnion, ""},
		"a host that the user named":      {"127.0.0.1", im.ViaDirect, im.CodeCertificate},
		"a host that was named, over Tor": {"server.example", im.ViaTor, im.CodeCertificate},
		"another onion service":           {otherOnion, im.ViaOnion, im.CodeCertificate},
		"one that has it in front":        {strings.TrimSuffix(onion, ".onion") + "." + otherOnion, im.ViaOnion, im.CodeCertificate},
		"its address, but not over Tor":   {onion, im.ViaDirect, im.CodeCertificate},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newOnionBench(t)
				b.net.places, b.net.via = []Candidate{{Host: test.host, Port: 5222}}, test.via
				b.net.open[test.host] = b.net.open[onion]
				b.start()
				e := await(b, func(e im.ConnectionChanged) bool { return e.State != im.Connecting })
				if test.code == "" && e.State != im.Connected || test.code != "" && (e.Err == nil || e.Err.Code != test.code) {
					t.Errorf("%d, %+v", e.State, e.Err)
				}
			})
		})
	}
}

// TestOrdinaryDomainHasNoFirstUse: a clear domain that is reached at an onion service still needs its certificate.
func TestOrdinaryDomainHasNoFirstUse(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.server.Certificate = forged(t)
		b.net.places, b.net.via = []Candidate{{Host: onion, Port: 5222}}, im.ViaOnion
		b.net.open[onion] = b.net.open["localhost"]
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodeCertificate {
			t.Errorf("%+v", e.Err)
		}
	})
}

// TestOnionMaySendElsewhere: a redirection is followed, and the key must be the same there.
func TestOnionMaySendElsewhere(t *testing.T) {
	redirect := forge(xmpptest.AuthFeatures, `<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>elsewhere.example</see-other-host></stream:error>`)
	for _, same := range []bool{true, false} {
		bubble(t, func(t *testing.T) {
			b := newOnionBench(t, redirect)
			there := &xmpptest.Server{Domain: onion, Certificate: b.server.Certificate, Password: "sésame"}
			if !same {
				there.Certificate = forged(t)
			}
			b.net.open["elsewhere.example"] = func() (net.Conn, error) { return there.Pipe(), nil }
			b.start()
			e := await(b, func(e im.ConnectionChanged) bool { return e.State != im.Connecting })
			if same && e.State != im.Connected || !same && (e.Err == nil || e.Err.Code != im.CodePinMismatch) {
				t.Errorf("same key %v: %d, %+v", same, e.State, e.Err)
			}
		})
	}
}

// TestOnionWithAnAuthority: a certificate for the onion address needs no pin, and may change.
func TestOnionWithAnAuthority(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newOnionBench(t)
		issue := func() tls.Certificate {
			certificate, err := b.ca.Issue(onion)
			if err != nil {
				t.Fatal(err)
			}
			return certificate
		}
		b.server.Certificate = issue()
		b.start()
		first := await(b, func(e im.Event) bool {
			c, is := e.(im.ConnectionChanged)
			_, pinned := e.(im.KeyPinned)
			return pinned || is && c.State == im.Connected
		})
		if _, pinned := first.(im.KeyPinned); pinned {
			t.Error("pinned what an authority vouches for")
		}
		renewed := &xmpptest.Server{Domain: onion, Certificate: issue(), Password: "sésame", Bindings: b.server.Bindings}
		b.net.open[onion] = func() (net.Conn, error) { return renewed.Pipe(), nil }
		b.server.Session().Cut()
		b.state(im.Connected)
	})
}

// TestPinnedKeyOutlivesAFault: a fault of ours does not open the door to a second first use.
func TestPinnedKeyOutlivesAFault(t *testing.T) {
	b := newBench(t)
	a := newAccount(b.client)
	a.known = im.Pin{1}
	if next := a.successor(b.client); next.known != a.known {
		t.Errorf("known %v", next.known)
	}
}

// TestNothingIsSentToARefusedServer: neither name nor password goes out where the certificate is refused.
func TestNothingIsSentToARefusedServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		asked := false
		b := newOnionBench(t, pins(im.Pin{1}), func(_ *xmpptest.Server, c *Config) {
			c.Password = func(context.Context) (string, error) { asked = true; return "sésame", nil }
		})
		b.start()
		b.state(im.Failed)
		if asked || b.server.Logins() != 0 {
			t.Errorf("password asked for: %v, %d logins", asked, b.server.Logins())
		}
	})
}
