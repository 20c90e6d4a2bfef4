package xmppclient

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"

	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"

	"traboule/im"
)

// login turns one fresh connection into a session: TLS, authentication, and a resumed or a new session.
type login struct {
	cfg      Config
	least    string
	resource string
	previous *resumption // nil if there is nothing to resume
	server   *trust
	// learn hears of a key that is pinned on this first use, before anything of the account is sent.
	learn func(im.Pin)

	limit *limit
	frame *frame
	tls   tls.ConnectionState

	mechanism string
	full      im.JID
	resumed   bool
	// acknowledged is what the server had of the previous session, if it told.
	acknowledged *uint32
	management   management
	early        []*node
}

// limit closes a connection that needs too long, except while a person is asked.
type limit struct {
	timer   *time.Timer
	length  time.Duration
	expired atomic.Bool
}

func newLimit(conn net.Conn, length time.Duration) *limit {
	l := &limit{length: length}
	l.timer = time.AfterFunc(length, func() {
		l.expired.Store(true)
		conn.Close()
	})
	return l
}

func (l *login) pause()  { l.limit.timer.Stop() }
func (l *login) resume() { l.limit.timer.Reset(l.limit.length) }

// run logs in over conn, which it closes if it fails or ctx ends.
func (l *login) run(ctx context.Context, conn net.Conn, direct bool) (*xmpp.Session, error) {
	l.limit = newLimit(conn, l.cfg.Pace.Login)
	defer l.limit.timer.Stop()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	session, err := l.connect(ctx, conn, direct)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err == nil {
		return session, nil
	}
	conn.Close()
	if l.limit.expired.Load() {
		return nil, &im.Failure{Code: im.CodeTimeout, Detail: "login was not finished"}
	}
	return nil, err
}

func (l *login) connect(ctx context.Context, conn net.Conn, direct bool) (*xmpp.Session, error) {
	encrypt := startTLS
	if direct {
		encrypt = directTLS
	}
	t, err := encrypt(ctx, conn, l.cfg, l.server)
	if err != nil {
		return nil, err
	}
	if l.server.learned {
		l.learn(l.server.known)
	}
	l.tls = t.ConnectionState()
	l.frame = newFrame(t, l.cfg.Pace.Write, func(dropped) error { return errNotWellFormed })
	return l.negotiate(ctx)
}

// negotiate lets the library go through the stream features. What it reports as success is checked, because an empty list
// of features would satisfy it.
func (l *login) negotiate(ctx context.Context) (*xmpp.Session, error) {
	location, err := jid.New("", l.cfg.Account.Domain(), "")
	if err != nil {
		return nil, &im.Failure{Code: im.CodeNameNotFound, Detail: l.cfg.Account.Domain(), Lasting: true}
	}
	var origin jid.JID // an anonymous account does not know its address yet
	if !l.cfg.anonymous() {
		if origin, err = jid.New(l.cfg.Account.Local(), l.cfg.Account.Domain(), ""); err != nil {
			return nil, &im.Failure{Code: im.CodeLoginRefused, Detail: l.cfg.Account.String(), Lasting: true}
		}
	}
	features := []xmpp.StreamFeature{channelBindings(), l.authentication(), l.binding()}
	configure := func(*xmpp.Session, *xmpp.StreamConfig) xmpp.StreamConfig {
		return xmpp.StreamConfig{Features: features}
	}
	session, err := xmpp.NewSession(ctx, location, origin, l.frame, xmpp.Secure, xmpp.NewNegotiator(configure))
	if err != nil {
		return nil, l.frame.cause(err)
	}
	const all = xmpp.Secure | xmpp.Authn | xmpp.Ready
	if session.State()&all != all || l.mechanism == "" || l.full.IsBare() {
		return nil, &im.Failure{Code: im.CodeBadAnswer, Detail: "server skipped the login", Lasting: true}
	}
	return session, nil
}

func directTLS(ctx context.Context, conn net.Conn, _ Config, server *trust) (*tls.Conn, error) {
	return secure(ctx, conn, server, true)
}
