package xmppclient

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"traboule/im"
)

// The mechanisms that are not of the SCRAM family.
const (
	mechanismPlain     = "PLAIN"     // RFC 4616
	mechanismAnonymous = "ANONYMOUS" // RFC 4505, XEP-0175
)

var (
	errDowngrade = errors.New("weaker than the server really offers")
	errExchange  = errors.New("server asked for what the mechanism does not have")
)

// strength lists the mechanisms from best to worst: what is bound to the channel beats what is not, because it alone
// notices a machine in the middle that holds a valid certificate.
func strength() []string {
	return []string{
		"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
		"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", mechanismPlain,
	}
}

// weaker reports whether mechanism a is worse than b; an unknown one is worse than all known.
func weaker(a, b string) bool {
	order := strength()
	rank := func(m string) int {
		if i := slices.Index(order, m); i >= 0 {
			return i
		}
		return len(order)
	}
	return rank(a) > rank(b)
}

// anonymous reports whether the account is a throw-away one of its server (XEP-0175): its address has no local part.
func (c Config) anonymous() bool { return c.Account.Local() == "" }

// choice is how to log in.
type choice struct {
	mechanism string
	gs2       string // RFC 5801 §4
	binding   []byte
}

// choose picks the best mechanism that both ends have and the account allows. One that is weaker than least is refused.
func choose(o offer, t tls.ConnectionState, cfg Config, least string) (choice, *im.Failure) {
	if cfg.anonymous() {
		if slices.Contains(o.mechanisms, mechanismAnonymous) {
			return choice{mechanism: mechanismAnonymous}, nil
		}
		return choice{}, &im.Failure{Code: im.CodeNoAnonymous, Lasting: true}
	}
	name, data := channelBinding(t, o.bindings)
	for _, m := range strength() {
		plus := strings.HasSuffix(m, "-PLUS")
		if !slices.Contains(o.mechanisms, m) || plus && name == "" || m == mechanismPlain && !cfg.AllowPlain {
			continue
		}
		if least != "" && weaker(m, least) {
			return choice{}, &im.Failure{Code: im.CodeDowngrade, Detail: fmt.Sprintf("%s instead of %s", m, least), Lasting: true}
		}
		if plus {
			return choice{m, "p=" + name + ",,", data}, nil
		}
		return choice{m, unboundHeader(o, t), nil}, nil
	}
	if least != "" {
		return choice{}, &im.Failure{Code: im.CodeDowngrade, Detail: "nothing usable instead of " + least, Lasting: true}
	}
	if slices.Contains(o.mechanisms, mechanismPlain) {
		return choice{}, noMechanism(mechanismPlain)
	}
	return choice{}, noMechanism("SCRAM")
}

// unboundHeader tells the server that we could have bound to the channel had it offered to, so that it notices if
// somebody removed its offer (RFC 5802 §6).
func unboundHeader(o offer, t tls.ConnectionState) string {
	plus := slices.ContainsFunc(o.mechanisms, func(m string) bool { return strings.HasSuffix(m, "-PLUS") })
	if !plus && canBind(t) {
		return "y,,"
	}
	return "n,,"
}

func noMechanism(wanted string) *im.Failure {
	return &im.Failure{Code: im.CodeNoMechanism, Detail: wanted, Lasting: true}
}

// exchange is the client's side of a login in progress.
type exchange interface {
	// first is the initial response.
	first() []byte
	// answer replies to a challenge.
	answer(challenge []byte) ([]byte, error)
	// accept judges the data that came with the server's success.
	accept(final []byte) error
}

// exchange starts the chosen mechanism.
func (c choice) exchange(user, password string, o offer) (exchange, error) {
	switch c.mechanism {
	case mechanismAnonymous:
		return oneStep(nil), nil
	case mechanismPlain:
		return oneStep("\x00" + user + "\x00" + password), nil
	}
	prepared, err := saslPrep(password)
	if err != nil {
		return nil, err
	}
	return &scramExchange{scram: scram{
		hash: scramHash(c.mechanism), user: user, password: prepared, nonce: nonce(), gs2: c.gs2, binding: c.binding, offer: o,
	}}, nil
}

// nonce is 144 random bits in characters that SCRAM allows.
func nonce() string {
	b := make([]byte, 18)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// oneStep is a mechanism that says everything at once.
type oneStep []byte

func (o oneStep) first() []byte                 { return o }
func (o oneStep) answer([]byte) ([]byte, error) { return nil, errExchange }
func (o oneStep) accept([]byte) error           { return nil }

// scramExchange takes the server's last word with its success or, as some send it, as a second challenge.
type scramExchange struct {
	scram
	challenges int
	verified   bool
}

func (s *scramExchange) answer(challenge []byte) ([]byte, error) {
	switch s.challenges++; s.challenges {
	case 1:
		return s.final(challenge)
	case 2:
		return nil, s.check(challenge)
	}
	return nil, errExchange
}

func (s *scramExchange) accept(final []byte) error {
	if s.verified && len(final) == 0 {
		return nil
	}
	return s.check(final)
}

func (s *scramExchange) check(final []byte) error {
	if err := s.verify(final); err != nil {
		return err
	}
	s.verified = true
	return nil
}
