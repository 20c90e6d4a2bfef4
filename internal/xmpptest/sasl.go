package xmpptest

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
)

const (
	iterations = 4096
	salt       = "salt of the test"
)

var errRefused = errors.New("login refused")

func (s *Server) mechanisms() []string {
	if s.Mechanisms == nil {
		return []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}
	}
	return s.Mechanisms
}

// authenticate offers the mechanisms and serves the one that is chosen. It returns the local part of the account.
func (s *Server) authenticate(c *connection) (mechanism, local string, err error) {
	if _, err := c.header(); err != nil {
		return "", "", err
	}
	if err := c.write(s.header() + s.forge(AuthFeatures, s.offer())); err != nil {
		return "", "", err
	}
	e, err := c.expect("auth")
	if err != nil {
		return "", "", err
	}
	mechanism = e.attr("mechanism")
	first, err := decode(e)
	if err != nil {
		return "", "", err
	}
	switch mechanism {
	case "ANONYMOUS":
		return mechanism, "guest", c.write(s.forge(Success, `<success xmlns='`+nsSASL+`'/>`))
	case "PLAIN":
		parts := strings.Split(first, "\x00")
		if len(parts) != 3 || parts[2] != s.Password {
			return "", "", s.refuse(c)
		}
		return mechanism, parts[1], c.write(s.forge(Success, `<success xmlns='`+nsSASL+`'/>`))
	}
	local, err = s.scram(c, mechanism, first)
	return mechanism, local, err
}

func (s *Server) offer() string {
	var b strings.Builder
	b.WriteString(`<stream:features><mechanisms xmlns='` + nsSASL + `'>`)
	for _, m := range s.mechanisms() {
		b.WriteString(`<mechanism>` + m + `</mechanism>`)
	}
	b.WriteString(`</mechanisms>`)
	if s.Bindings != nil {
		b.WriteString(`<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>`)
		for _, name := range s.Bindings {
			b.WriteString(`<channel-binding type='` + name + `'/>`)
		}
		b.WriteString(`</sasl-channel-binding>`)
	}
	return b.String() + `</stream:features>`
}

// scram is the server's side of RFC 5802.
func (s *Server) scram(c *connection, mechanism, first string) (string, error) {
	gs2, bare, ok := cutHeader(first)
	if !ok || !s.headerAllowed(mechanism, gs2) {
		return "", s.refuse(c)
	}
	user := strings.NewReplacer("=2C", ",", "=3D", "=").Replace(field(bare, "n="))
	nonce := field(bare, "r=") + "server"
	challenge := s.forge(Challenge, fmt.Sprintf("r=%s,s=%s,i=%d", nonce, base64.StdEncoding.EncodeToString([]byte(salt)), iterations))
	if err := c.write(wrap("challenge", challenge)); err != nil {
		return "", err
	}
	e, err := c.expect("response")
	if err != nil {
		return "", err
	}
	final, err := decode(e)
	if err != nil {
		return "", err
	}
	signature, ok := s.check(mechanism, bare, challenge, final, append([]byte(gs2), bindingData(c, gs2)...))
	if !ok {
		return "", s.refuse(c)
	}
	return user, c.write(s.forge(Success, wrap("success", "v="+base64.StdEncoding.EncodeToString(signature))))
}

// headerAllowed notices if a client that can bind to the channel was not offered to (RFC 5802 §6).
func (s *Server) headerAllowed(mechanism, gs2 string) bool {
	plus := strings.HasSuffix(mechanism, "-PLUS")
	offered := strings.Contains(strings.Join(s.mechanisms(), " ")+" ", "-PLUS ")
	return plus == strings.HasPrefix(gs2, "p=") && !(gs2[0] == 'y' && offered)
}

func (s *Server) check(mechanism, bare, challenge, final string, binding []byte) (signature []byte, ok bool) {
	withoutProof, proofText, _ := strings.Cut(final, ",p=")
	proof, err := base64.StdEncoding.DecodeString(proofText)
	h := hashOf(mechanism)
	salted, keyErr := pbkdf2.Key(h, s.Password, []byte(salt), iterations, h().Size())
	if err != nil || keyErr != nil || len(proof) != h().Size() || field(final, "c=") != base64.StdEncoding.EncodeToString(binding) {
		return nil, false
	}
	auth := bare + "," + challenge + "," + withoutProof
	clientKey := mac(h, salted, "Client Key")
	want := mac(h, digest(h, clientKey), auth)
	for i := range want {
		want[i] ^= clientKey[i]
	}
	return mac(h, mac(h, salted, "Server Key"), auth), bytes.Equal(want, proof)
}

func (s *Server) refuse(c *connection) error {
	if err := c.write(`<failure xmlns='` + nsSASL + `'><not-authorized/><text>no such luck</text></failure></stream:stream>`); err != nil {
		return err
	}
	return errRefused
}

func hashOf(mechanism string) func() hash.Hash {
	switch {
	case strings.Contains(mechanism, "512"):
		return sha512.New
	case strings.Contains(mechanism, "256"):
		return sha256.New
	}
	return sha1.New
}

// bindingData is the channel binding that the header names, as this end of the connection sees it.
func bindingData(c *connection, gs2 string) []byte {
	t, ok := c.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	state := t.ConnectionState()
	if strings.HasPrefix(gs2, "p=tls-exporter,") {
		data, _ := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		return data
	}
	return nil
}

func cutHeader(first string) (gs2, bare string, ok bool) {
	parts := strings.SplitN(first, ",", 3)
	if len(parts) != 3 || parts[0] == "" {
		return "", "", false
	}
	return parts[0] + "," + parts[1] + ",", parts[2], true
}

// field returns the value of one field of a message.
func field(message, name string) string {
	for part := range strings.SplitSeq(message, ",") {
		if value, found := strings.CutPrefix(part, name); found {
			return value
		}
	}
	return ""
}

func wrap(name, data string) string {
	return `<` + name + ` xmlns='` + nsSASL + `'>` + base64.StdEncoding.EncodeToString([]byte(data)) + `</` + name + `>`
}

func decode(e element) (string, error) {
	text := between(e.raw, ">", "<")
	if text == "=" {
		return "", nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	return string(data), err
}

func mac(h func() hash.Hash, key []byte, text string) []byte {
	m := hmac.New(h, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func digest(h func() hash.Hash, b []byte) []byte {
	d := h()
	d.Write(b)
	return d.Sum(nil)
}
