package xmppclient

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"

	"mellium.im/xmpp"
	"mellium.im/xmpp/stream"

	"traboule/im"
)

// maxRedirects: how often one attempt follows a server that sends us elsewhere (RFC 6120 §4.9.3.19).
const maxRedirects = 3

// attempt goes through the places where a server may answer until one login succeeds.
type attempt struct {
	cfg      Config
	least    string
	resource string
	known    im.Pin // of the server's key, from its first use
	previous *resumption
	// redirect is where an earlier session was sent.
	redirect *Candidate
	// tell hears of each place that is tried, wait how far the network is that is not usable yet.
	tell func(way)
	wait func(progress int)
	// learn hears of a key that is pinned on first use.
	learn func(im.Pin)
}

// way is which way a connection goes and what protects it.
type way struct {
	via               im.Via
	server, tls, sasl string
}

// established is a session that is ready for stanzas.
type established struct {
	stream *xmpp.Session
	login  *login
	way    way
	direct bool // TLS from the first byte
}

// run returns a session or the failure that tells most.
func (a *attempt) run(ctx context.Context) (*established, *im.Failure) {
	if err := a.begin(ctx); err != nil {
		return nil, networkFailure(err)
	}
	places := a.first()
	var worst *im.Failure
	for redirects, lookedUp := 0, false; ; {
		if len(places) == 0 && !lookedUp {
			lookedUp = true
			places, worst = a.lookUp(ctx, worst)
		}
		if len(places) == 0 {
			break
		}
		place := places[0]
		places = places[1:]
		e, err := a.try(ctx, place)
		if err == nil {
			return e, nil
		}
		if ctx.Err() != nil {
			return nil, networkFailure(ctx.Err())
		}
		if next := redirection(err, place.DirectTLS); next != nil && redirects < maxRedirects {
			redirects++
			places = append([]Candidate{*next}, places...)
		}
		failure := asFailure(err)
		a.cfg.Log.Debug("attempt failed", "server", place.address(), "code", failure.Code, "condition", failure.Condition)
		if decisive(failure) {
			return nil, failure
		}
		worst = graver(worst, failure)
	}
	if worst == nil {
		worst = &im.Failure{Code: im.CodeNameNotFound, Detail: a.cfg.Account.Domain()}
	}
	return nil, worst
}

// begin waits until the network can be used, and tells that the attempt goes on.
func (a *attempt) begin(ctx context.Context) error {
	if a.cfg.Ready == nil {
		return nil
	}
	if err := a.cfg.Ready(ctx, a.wait); err != nil {
		return err
	}
	a.tell(way{})
	return nil
}

// first is where to try first: where an earlier session was sent, and what needs no look-up.
func (a *attempt) first() []Candidate {
	known := a.cfg.Network.Known(a.cfg.Account.Domain())
	if a.redirect != nil {
		known = append([]Candidate{*a.redirect}, known...)
	}
	return known
}

// ready waits for the network in the middle of an attempt. It may have gone just now: that is why the connection before
// broke, and often known only when the first place did not answer.
func (a *attempt) ready(ctx context.Context) error {
	if a.cfg.Ready == nil {
		return nil
	}
	waited := false
	err := a.cfg.Ready(ctx, func(progress int) {
		waited = true
		a.wait(progress)
	})
	if err == nil && waited {
		a.tell(way{})
	}
	return err
}

// lookUp finds where else to try, or adds why it can not to what went wrong before.
func (a *attempt) lookUp(ctx context.Context, worst *im.Failure) ([]Candidate, *im.Failure) {
	if err := a.ready(ctx); err != nil {
		return nil, graver(worst, networkFailure(err))
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Pace.Dial)
	defer cancel()
	found, err := a.cfg.Network.Candidates(ctx, a.cfg.Account.Domain())
	if err != nil {
		return nil, graver(worst, networkFailure(err))
	}
	return found, worst
}

func (a *attempt) try(ctx context.Context, place Candidate) (*established, error) {
	conn, via, err := a.dial(ctx, place)
	if err != nil {
		return nil, err
	}
	w := way{via: via, server: place.address()}
	a.tell(w)
	l := &login{
		cfg: a.cfg, least: a.least, resource: a.resource, previous: a.previous,
		server: a.trust(place, via), learn: a.learnKey,
	}
	session, err := l.run(ctx, conn, place.DirectTLS)
	if err != nil {
		return nil, err
	}
	w.tls, w.sasl = tls.VersionName(l.tls.Version), l.mechanism
	return &established{stream: session, login: l, way: w, direct: place.DirectTLS}, nil
}

// learnKey keeps the key for the other places of this attempt, and passes it on.
func (a *attempt) learnKey(key im.Pin) {
	a.known = key
	a.learn(key)
}

func (a *attempt) dial(ctx context.Context, place Candidate) (net.Conn, im.Via, error) {
	if err := a.ready(ctx); err != nil {
		return nil, im.ViaNothing, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Pace.Dial)
	defer cancel()
	return a.cfg.Network.Dial(ctx, place)
}

func (c Candidate) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) }

// decisive reports whether another place of the same server would say the same.
func decisive(f *im.Failure) bool {
	switch f.Code {
	case im.CodeLoginRefused, im.CodeNoPassword, im.CodeDowngrade, im.CodeNoMechanism, im.CodeNoAnonymous, im.CodeConflict, im.CodeBadAnswer:
		return true
	}
	return false
}

// graver keeps the failure that the user must hear of: what smells of an attack before what smells of a cable.
func graver(a, b *im.Failure) *im.Failure {
	rank := func(f *im.Failure) int {
		switch {
		case f == nil:
			return 0
		case f.Code == im.CodeCertificate, f.Code == im.CodePinMismatch:
			return 4
		case f.Code == im.CodeTLSRequired:
			return 3
		case f.Code == im.CodeTLS, f.Code == im.CodeStream:
			return 2
		}
		return 1
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// redirection reads where a server sends us. It is followed only from inside TLS, and the certificate must be for the
// account's domain there too, so a redirection can make a login fail but not go astray.
func redirection(err error, direct bool) *Candidate {
	var s stream.Error
	if !errors.As(err, &s) || s.Err != "see-other-host" {
		return nil
	}
	host, port, err := net.SplitHostPort(strings.TrimSpace(s.Content))
	if err != nil {
		host, port = strings.Trim(strings.TrimSpace(s.Content), "[]"), "5222"
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || !isHost(host) {
		return nil
	}
	return &Candidate{Host: host, Port: uint16(number), DirectTLS: direct}
}

// isHost lets pass what can be a name or an address and nothing that could mean something to a resolver or a terminal.
func isHost(s string) bool {
	for _, r := range s {
		ok := r == '.' || r == '-' || r == ':' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !ok {
			return false
		}
	}
	return s != "" && len(s) <= 253
}
