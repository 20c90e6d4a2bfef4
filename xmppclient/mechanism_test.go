package xmppclient

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"

	"traboule/im"
	"traboule/internal/testca"
)

// handshake returns the client's view of a TLS connection of that version.
func handshake(t *testing.T, version uint16) tls.ConnectionState {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := ca.Issue("localhost")
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	go tls.Server(far, &tls.Config{Certificates: []tls.Certificate{certificate}, MaxVersion: version, SessionTicketsDisabled: true}).Handshake()
	conn := tls.Client(near, &tls.Config{ServerName: "localhost", RootCAs: ca.Pool()})
	if err := conn.HandshakeContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	return conn.ConnectionState()
}

func TestChoose(t *testing.T) {
	state := handshake(t, tls.VersionTLS13)
	ana := Config{Account: im.MustJID("ana@localhost")}
	plain := Config{Account: im.MustJID("ana@localhost"), AllowPlain: true}
	guest := Config{Account: im.MustJID("localhost")}
	all := strings.Fields("PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS SCRAM-SHA-512 SCRAM-SHA-512-PLUS")
	tests := map[string]struct {
		cfg        Config
		offered    []string
		bindings   []string
		least      string
		mechanism  string
		gs2        string
		failure    im.Code
		bindLength int
	}{
		"best of all":                     {ana, all, []string{"tls-exporter"}, "", "SCRAM-SHA-512-PLUS", "p=tls-exporter,,", "", 32},
		"end point only":                  {ana, all, []string{"tls-unique", "tls-server-end-point"}, "", "SCRAM-SHA-512-PLUS", "p=tls-server-end-point,,", "", 32},
		"exporter first":                  {ana, all, []string{"tls-server-end-point", "tls-exporter"}, "", "SCRAM-SHA-512-PLUS", "p=tls-exporter,,", "", 32},
		"no binding in common":            {ana, all, []string{"tls-unique"}, "", "SCRAM-SHA-512", "n,,", "", 0},
		"bindings not listed":             {ana, all, nil, "", "SCRAM-SHA-512", "n,,", "", 0},
		"binding beats hash":              {ana, []string{"SCRAM-SHA-512", "SCRAM-SHA-1-PLUS"}, []string{"tls-exporter"}, "", "SCRAM-SHA-1-PLUS", "p=tls-exporter,,", "", 32},
		"no PLUS offered":                 {ana, []string{"SCRAM-SHA-1", "SCRAM-SHA-256"}, nil, "", "SCRAM-SHA-256", "y,,", "", 0},
		"PLUS was offered once":           {ana, []string{"SCRAM-SHA-1", "SCRAM-SHA-256"}, nil, "SCRAM-SHA-1-PLUS", "", "", im.CodeDowngrade, 0},
		"same as once":                    {ana, []string{"SCRAM-SHA-256"}, nil, "SCRAM-SHA-256", "SCRAM-SHA-256", "y,,", "", 0},
		"better than once":                {ana, []string{"SCRAM-SHA-512"}, nil, "SCRAM-SHA-256", "SCRAM-SHA-512", "y,,", "", 0},
		"nothing left of what was":        {ana, []string{"X-ODD"}, nil, "SCRAM-SHA-256", "", "", im.CodeDowngrade, 0},
		"plain not allowed":               {ana, []string{"PLAIN"}, nil, "", "", "", im.CodeNoMechanism, 0},
		"plain allowed":                   {plain, []string{"PLAIN"}, nil, "", "PLAIN", "y,,", "", 0},
		"plain allowed but scram offered": {plain, []string{"PLAIN", "SCRAM-SHA-1"}, nil, "", "SCRAM-SHA-1", "y,,", "", 0},
		"plain after scram":               {plain, []string{"PLAIN"}, nil, "SCRAM-SHA-1", "", "", im.CodeDowngrade, 0},
		"nothing known":                   {ana, []string{"GSSAPI"}, nil, "", "", "", im.CodeNoMechanism, 0},
		"anonymous":                       {guest, []string{"ANONYMOUS", "PLAIN"}, nil, "", "ANONYMOUS", "", "", 0},
		"anonymous not offered":           {guest, []string{"PLAIN"}, nil, "", "", "", im.CodeNoAnonymous, 0},
		"anonymous for a named account":   {ana, []string{"ANONYMOUS"}, nil, "", "", "", im.CodeNoMechanism, 0},
	}
	for name, test := range tests {
		got, failure := choose(offer{test.offered, test.bindings}, state, test.cfg, test.least)
		switch {
		case test.failure != "":
			if failure == nil || failure.Code != test.failure || !failure.Lasting {
				t.Errorf("%s: %v, want a lasting %q", name, failure, test.failure)
			}
		case failure != nil:
			t.Errorf("%s: %v", name, failure)
		case got.mechanism != test.mechanism || got.gs2 != test.gs2 || len(got.binding) != test.bindLength:
			t.Errorf("%s: %q %q with %d bytes", name, got.mechanism, got.gs2, len(got.binding))
		}
	}
}

func TestChannelBindingOfTLS12(t *testing.T) {
	state := handshake(t, tls.VersionTLS12)
	if name, data := channelBinding(state, nil); name != "" || data != nil {
		t.Errorf("unlisted: %q", name)
	}
	if name, data := channelBinding(state, []string{"tls-exporter"}); name != "tls-exporter" || len(data) != 32 {
		t.Errorf("listed: %q, %d bytes", name, len(data))
	}
	if name, _ := channelBinding(tls.ConnectionState{}, []string{"tls-exporter", "tls-server-end-point"}); name != "" {
		t.Errorf("without TLS: %q", name)
	}
}

func TestExchangeOfServersLastWord(t *testing.T) {
	tests := map[string]struct {
		challenges []string
		final      string
		ok         bool
	}{
		"with success":         {nil, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", true},
		"as a challenge":       {[]string{"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="}, "", true},
		"never":                {nil, "", false},
		"wrong as a challenge": {[]string{"v=AAAA"}, "", false},
		"a third challenge":    {[]string{"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "v="}, "", false},
	}
	for name, test := range tests {
		x := &scramExchange{scram: scram{
			hash: scramHash("SCRAM-SHA-256"), user: "user", password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO", gs2: "n,,",
		}}
		x.first()
		_, err := x.answer([]byte("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
		for _, c := range test.challenges {
			if err == nil {
				_, err = x.answer([]byte(c))
			}
		}
		if err == nil {
			err = x.accept([]byte(test.final))
		}
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExchangeOfOtherMechanisms(t *testing.T) {
	x, err := choice{mechanism: "PLAIN"}.exchange("ana", "sésame", offer{})
	if err != nil || string(x.first()) != "\x00ana\x00sésame" {
		t.Errorf("plain: %q, %v", x.first(), err)
	}
	if _, err := x.answer(nil); err == nil {
		t.Error("plain answered a challenge")
	}
	if x, err = (choice{mechanism: "ANONYMOUS"}).exchange("", "", offer{}); err != nil || len(x.first()) != 0 || x.accept(nil) != nil {
		t.Errorf("anonymous: %q, %v", x.first(), err)
	}
	if _, err = (choice{mechanism: "SCRAM-SHA-1"}).exchange("ana", "\x00", offer{}); err == nil {
		t.Error("a password that cannot be prepared was used")
	}
}

func TestNoncesDiffer(t *testing.T) {
	if a, b := nonce(), nonce(); a == b || len(a) < 24 || strings.ContainsAny(a, ",=") {
		t.Errorf("%q, %q", a, b)
	}
}
