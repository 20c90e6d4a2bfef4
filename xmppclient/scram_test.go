package xmppclient

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func TestSCRAMVectors(t *testing.T) {
	tests := map[string]struct{ mechanism, nonce, challenge, response, success string }{
		"RFC 5802 §5": {
			"SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL",
			"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
			"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
		},
		"RFC 7677 §3": {
			"SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO",
			"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
			"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
			"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
		},
	}
	for name, test := range tests {
		s := scram{hash: scramHash(test.mechanism), user: "user", password: "pencil", nonce: test.nonce, gs2: "n,,"}
		if got, want := string(s.first()), "n,,n=user,r="+test.nonce; got != want {
			t.Errorf("%s: first %q, want %q", name, got, want)
		}
		got, err := s.final([]byte(test.challenge))
		if err != nil || string(got) != test.response {
			t.Errorf("%s: final %q, %v; want %q", name, got, err, test.response)
		}
		if err := s.verify([]byte(test.success)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.verify([]byte("v=" + base64.StdEncoding.EncodeToString([]byte("somebody else")))); err == nil {
			t.Errorf("%s: a wrong signature was believed", name)
		}
	}
}

func TestSCRAMEscapesNames(t *testing.T) {
	s := scram{user: "a=b,c", nonce: "n", gs2: "y,,"}
	if got := string(s.first()); got != "y,,n=a=3Db=2Cc,r=n" {
		t.Errorf("first message %q", got)
	}
}

func TestSCRAMBindsTheChannel(t *testing.T) {
	s := scram{hash: sha256.New, user: "u", password: "p", nonce: "abc", gs2: "p=tls-exporter,,", binding: []byte{1, 2, 3}}
	s.first()
	got, err := s.final([]byte("r=abcd,s=c2FsdA==,i=4096"))
	if err != nil {
		t.Fatal(err)
	}
	want := base64.StdEncoding.EncodeToString(append([]byte("p=tls-exporter,,"), 1, 2, 3))
	if !bytes.HasPrefix(got, []byte("c="+want+",r=abcd,p=")) {
		t.Errorf("final message %q does not carry the binding", got)
	}
}

func TestSCRAMRefusesBadChallenges(t *testing.T) {
	tests := map[string]string{
		"empty":                 "",
		"trailing short field":  "r=abcd,s=c2FsdA==,i=4096,x",
		"trailing comma":        "r=abcd,s=c2FsdA==,i=4096,",
		"out of order":          "s=c2FsdA==,r=abcd,i=4096",
		"mandatory extension":   "m=x,r=abcd,s=c2FsdA==,i=4096",
		"late mandatory":        "r=abcd,s=c2FsdA==,i=4096,m=x",
		"nonce not ours":        "r=xyzw,s=c2FsdA==,i=4096",
		"nonce not longer":      "r=abc,s=c2FsdA==,i=4096",
		"salt not base64":       "r=abcd,s=!,i=4096",
		"no salt":               "r=abcd,s=,i=4096",
		"too few iterations":    "r=abcd,s=c2FsdA==,i=4095",
		"too many iterations":   "r=abcd,s=c2FsdA==,i=1000001",
		"overflow":              "r=abcd,s=c2FsdA==,i=99999999999999999999",
		"iterations no number":  "r=abcd,s=c2FsdA==,i=lots",
		"error":                 "e=unknown-user",
		"far too long":          "r=abcd" + strings.Repeat("d", maxSCRAM) + ",s=c2FsdA==,i=4096",
		"field without a value": "r",
	}
	for name, challenge := range tests {
		s := scram{hash: sha256.New, user: "u", password: "p", nonce: "abc", gs2: "n,,"}
		s.first()
		if got, err := s.final([]byte(challenge)); err == nil || got != nil {
			t.Errorf("%s: answered %q", name, got)
		}
	}
}

func TestSCRAMTakesUnknownExtensions(t *testing.T) {
	s := scram{hash: sha256.New, user: "u", password: "p", nonce: "abc", gs2: "n,,"}
	s.first()
	if _, err := s.final([]byte("r=abcd,s=c2FsdA==,i=4096,z=future")); err != nil {
		t.Error(err)
	}
}

func TestSCRAMChecksTheVouchedOffer(t *testing.T) {
	// The example of XEP-0474.
	o := offer{mechanisms: []string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, bindings: []string{"tls-server-end-point", "tls-exporter"}}
	challenge := []byte("r=abcd,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=")
	s := scram{hash: scramHash("SCRAM-SHA-1"), user: "user", password: "pencil", nonce: "abc", gs2: "n,,", offer: o}
	s.first()
	if _, err := s.final(challenge); err != nil {
		t.Errorf("true offer: %v", err)
	}
	s.offer.mechanisms = []string{"SCRAM-SHA-1"}
	if _, err := s.final(challenge); !errors.Is(err, errDowngrade) {
		t.Errorf("offer with a mechanism removed: %v", err)
	}
	s.offer = offer{mechanisms: o.mechanisms, bindings: []string{"tls-server-end-point"}}
	if _, err := s.final(challenge); !errors.Is(err, errDowngrade) {
		t.Errorf("offer with a binding removed: %v", err)
	}
}

func TestSCRAMServerMustProveItself(t *testing.T) {
	s := scram{hash: sha256.New, nonce: "abc"}
	for name, final := range map[string]string{"before the proof": "v=", "nothing": "", "error": "e=other-error", "other": "x=1"} {
		if s.verify([]byte(final)) == nil {
			t.Errorf("%s: believed", name)
		}
	}
}

func FuzzSCRAM(f *testing.F) {
	f.Add([]byte("r=abcd,s=c2FsdA==,i=4096,x"), []byte("v=AA=="))
	f.Fuzz(func(t *testing.T, challenge, final []byte) {
		if bytes.Contains(challenge, []byte("i=")) && len(challenge) > 40 {
			return // a large count is only slow
		}
		s := scram{hash: sha256.New, user: "u", password: "p", nonce: "abc", gs2: "n,,"}
		s.first()
		s.final(challenge)
		if s.verify(final) == nil {
			t.Errorf("a guess was believed: %q", final)
		}
	})
}
