package xmppclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"traboule/im"
	"traboule/internal/testca"
	"traboule/internal/xmpptest"
)

var owner = im.MustJID("ana@localhost")

// wires is a Network in memory: each place is a function that opens a connection.
type wires struct {
	known  []Candidate // without a look-up
	places []Candidate
	open   map[string]func() (net.Conn, error)
	via    im.Via // zero for direct

	mutex   sync.Mutex
	dialed  []string
	lookups int
}

func (w *wires) Known(string) []Candidate { return w.known }

func (w *wires) Candidates(context.Context, string) ([]Candidate, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.lookups++
	return w.places, nil
}

func (w *wires) Dial(_ context.Context, c Candidate) (net.Conn, im.Via, error) {
	w.mutex.Lock()
	w.dialed = append(w.dialed, c.Host)
	w.mutex.Unlock()
	open, found := w.open[c.Host]
	if !found {
		return nil, im.ViaNothing, &im.Failure{Code: im.CodeNameNotFound, Detail: c.Host}
	}
	conn, err := open()
	return conn, cmp.Or(w.via, im.ViaDirect), err
}

// bench is a client and the server it talks to.
type bench struct {
	t      *testing.T
	server *xmpptest.Server
	net    *wires
	client *Client
	events chan im.Event
	ca     *testca.CA
	id     im.RequestID
}

// newBench makes a server for localhost and a client of ana's that is not yet running.
func newBench(t *testing.T, adjust ...func(*xmpptest.Server, *Config)) *bench {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := ca.Issue("localhost")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, ca: ca, events: make(chan im.Event)}
	b.server = &xmpptest.Server{Domain: "localhost", Certificate: certificate, Password: "sésame", Bindings: []string{"tls-exporter"}}
	b.net = &wires{places: []Candidate{{Host: "localhost", Port: 5222}}, open: map[string]func() (net.Conn, error){
		"localhost": func() (net.Conn, error) { return b.server.Pipe(), nil },
	}}
	cfg := Config{
		Account: owner, Network: b.net, Roots: ca.Pool(),
		Password: func(context.Context) (string, error) { return "sésame", nil },
	}
	for _, f := range adjust {
		f(b.server, &cfg)
	}
	b.client = New(cfg, b.events)
	return b
}

// start runs the client until the end of the test and asks it to connect.
func (b *bench) start() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.client.Run(ctx) }()
	b.t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.t.Errorf("Run returned %v", err)
		}
	})
	b.send(im.Connect{For: b.number()})
}

func (b *bench) number() im.For {
	b.id++
	return im.For{Account: b.client.cfg.Account, ID: b.id}
}

func (b *bench) send(r im.Request) {
	b.t.Helper()
	if err := b.client.Send(r); err != nil {
		b.t.Fatal(err)
	}
}

// await returns the next event that f wants, and drops those before.
func await[E im.Event](b *bench, f func(E) bool) E {
	b.t.Helper()
	timeout := time.After(time.Hour) // of the bubble
	var seen []im.Event
	for {
		select {
		case e := <-b.events:
			if e, ok := e.(E); ok && f(e) {
				return e
			}
			seen = append(seen, e)
		case <-timeout:
			b.t.Fatalf("no such event among %d: %+v", len(seen), seen[max(0, len(seen)-5):])
		}
	}
}

// state waits for a state of the connection.
func (b *bench) state(s im.ConnState) im.ConnectionChanged {
	b.t.Helper()
	return await(b, func(e im.ConnectionChanged) bool { return e.State == s })
}

func (b *bench) done(id im.RequestID) im.Done {
	b.t.Helper()
	return await(b, func(e im.Done) bool { return e.Request == id })
}

func (b *bench) message(body string) im.RequestID {
	f := b.number()
	b.send(im.SendMessage{For: f, To: im.MustJID("bob@localhost"), Stanza: fmt.Sprint("m", f.ID), Body: body})
	return f.ID
}

// bubble runs a test with a clock of its own.
func bubble(t *testing.T, f func(t *testing.T)) { synctest.Test(t, f) }

func TestLogin(t *testing.T) {
	tests := map[string]struct {
		adjust func(*xmpptest.Server, *Config)
		sasl   string
		tls    string
	}{
		"default":            {func(*xmpptest.Server, *Config) {}, "SCRAM-SHA-256-PLUS", "TLS 1.3"},
		"SHA-512":            {func(s *xmpptest.Server, _ *Config) { s.Mechanisms = []string{"SCRAM-SHA-1", "SCRAM-SHA-512"} }, "SCRAM-SHA-512", "TLS 1.3"},
		"SHA-1 with binding": {func(s *xmpptest.Server, _ *Config) { s.Mechanisms = []string{"SCRAM-SHA-512", "SCRAM-SHA-1-PLUS"} }, "SCRAM-SHA-1-PLUS", "TLS 1.3"},
		"TLS 1.2": {func(s *xmpptest.Server, _ *Config) {
			s.MaxTLS, s.Bindings = tls.VersionTLS12, []string{"tls-exporter"}
		}, "SCRAM-SHA-256-PLUS", "TLS 1.2"},
		"no binding in common": {func(s *xmpptest.Server, _ *Config) {
			s.Mechanisms, s.Bindings = []string{"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}, []string{"tls-unique"}
		}, "SCRAM-SHA-256", "TLS 1.3"},
		"bindings not listed":       {func(s *xmpptest.Server, _ *Config) { s.Bindings = nil }, "SCRAM-SHA-256", "TLS 1.3"},
		"PLAIN":                     {func(s *xmpptest.Server, c *Config) { s.Mechanisms, c.AllowPlain = []string{"PLAIN"}, true }, "PLAIN", "TLS 1.3"},
		"without stream management": {func(s *xmpptest.Server, _ *Config) { s.Unmanaged = true }, "SCRAM-SHA-256-PLUS", "TLS 1.3"},
		"direct TLS":                {func(s *xmpptest.Server, _ *Config) { s.Direct = true }, "SCRAM-SHA-256-PLUS", "TLS 1.3"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, test.adjust)
				b.net.places[0].DirectTLS = b.server.Direct
				b.start()
				e := b.state(im.Connected)
				if e.SASL != test.sasl || e.TLS != test.tls || e.Via != im.ViaDirect || e.Server != "localhost:5222" {
					t.Errorf("connected by %q, %q, %d, %q", e.SASL, e.TLS, e.Via, e.Server)
				}
				if e.JID.Bare() != owner || len(e.JID.Resource()) != 16 || e.JID.String() != b.server.Session().JID {
					t.Errorf("bound %q", e.JID)
				}
			})
		})
	}
}

func TestAnonymousLogin(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(s *xmpptest.Server, c *Config) {
			s.Mechanisms, c.Account = []string{"ANONYMOUS"}, im.MustJID("localhost")
			c.Password = func(context.Context) (string, error) { panic("an anonymous account has no password") }
		})
		b.start()
		if e := b.state(im.Connected); e.JID.Bare() != im.MustJID("guest@localhost") || e.SASL != "ANONYMOUS" {
			t.Errorf("bound %q by %q", e.JID, e.SASL)
		}
	})
}

// forge replaces what the server says at one stage.
func forge(at xmpptest.Stage, text string) func(*xmpptest.Server, *Config) {
	return func(s *xmpptest.Server, _ *Config) {
		s.Forge = func(stage xmpptest.Stage, honest string) string {
			if stage == at {
				return text
			}
			return honest
		}
	}
}

// alter changes a text in what the server says at one stage.
func alter(at xmpptest.Stage, from, to string) func(*xmpptest.Server, *Config) {
	return func(s *xmpptest.Server, _ *Config) {
		s.Forge = func(stage xmpptest.Stage, honest string) string {
			if stage == at {
				return strings.Replace(honest, from, to, 1)
			}
			return honest
		}
	}
}

func TestRefusedLogins(t *testing.T) {
	const sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
	stranger, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		adjust    func(*xmpptest.Server, *Config)
		code      im.Code
		condition string
		lasting   bool
	}{
		"wrong password": {func(s *xmpptest.Server, _ *Config) { s.Password = "other" }, im.CodeLoginRefused, "not-authorized", true},
		"no password": {func(_ *xmpptest.Server, c *Config) {
			c.Password = func(context.Context) (string, error) { return "", errors.New("secret") }
		}, im.CodeNoPassword, "", true},
		"server is only busy":          {forge(xmpptest.Challenge, ""), im.CodeLoginRefused, "", true},
		"server does not know it":      {forge(xmpptest.Success, `<success xmlns='`+sasl+`'>dj1BQUFB</success>`), im.CodeLoginRefused, "", true},
		"server skips the proof":       {forge(xmpptest.Success, `<success xmlns='`+sasl+`'/>`), im.CodeLoginRefused, "", true},
		"temporary":                    {forge(xmpptest.Success, `<failure xmlns='`+sasl+`'><temporary-auth-failure/></failure>`), im.CodeLoginRefused, "temporary-auth-failure", false},
		"bad base64":                   {forge(xmpptest.Success, `<success xmlns='`+sasl+`'>!</success>`), im.CodeLoginRefused, "", true},
		"unknown element":              {forge(xmpptest.Success, `<what xmlns='`+sasl+`'/>`), im.CodeLoginRefused, "", true},
		"no features, no login":        {forge(xmpptest.AuthFeatures, `<stream:features/>`), im.CodeBadAnswer, "", true},
		"bind without a login":         {forge(xmpptest.AuthFeatures, `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`), im.CodeStream, "", false},
		"no binding after the login":   {forge(xmpptest.BindFeatures, `<stream:features/>`), im.CodeBadAnswer, "", true},
		"another's address":            {alter(xmpptest.Bound, "ana@", "eve@"), im.CodeBadAnswer, "", true},
		"no resource":                  {alter(xmpptest.Bound, "localhost/", "localhost<!-- -->"), im.CodeStream, "", false},
		"bare address":                 {alter(xmpptest.Bound, "@localhost/", "@localhost"), im.CodeBadAnswer, "", true},
		"binding refused":              {alter(xmpptest.Bound, "type='result'", "type='error'"), im.CodeRefused, "", false},
		"only PLAIN":                   {func(s *xmpptest.Server, _ *Config) { s.Mechanisms = []string{"PLAIN"} }, im.CodeNoMechanism, "", true},
		"weaker than before":           {func(_ *xmpptest.Server, c *Config) { c.Least = "SCRAM-SHA-512-PLUS" }, im.CodeDowngrade, "", true},
		"no STARTTLS":                  {forge(xmpptest.PlainFeatures, `<stream:features><mechanisms xmlns='`+sasl+`'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`), im.CodeTLSRequired, "", true},
		"STARTTLS refused":             {forge(xmpptest.Proceed, `<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`), im.CodeTLSRequired, "failure", true},
		"plain text after proceed":     {forge(xmpptest.Proceed, `<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>`), im.CodeTLS, "", false},
		"plain stream error":           {forge(xmpptest.PlainFeatures, `<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`), im.CodeStream, "host-unknown", false},
		"stream error in TLS":          {forge(xmpptest.AuthFeatures, `<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`), im.CodeStream, "host-unknown", true},
		"hostile features":             {forge(xmpptest.AuthFeatures, `<stream:features><x><y xmlns='http://etherx.jabber.org/streams'/></x></stream:features>`), im.CodeStream, "", false},
		"document type":                {forge(xmpptest.PlainFeatures, `<!DOCTYPE x>`), im.CodeStream, "", false},
		"unknown authority":            {func(_ *xmpptest.Server, c *Config) { c.Roots = stranger.Pool() }, im.CodeCertificate, "unknown-authority", true},
		"no authority at all":          {func(_ *xmpptest.Server, c *Config) { c.Roots = x509.NewCertPool() }, im.CodeCertificate, "unknown-authority", true},
		"certificate of another":       {func(_ *xmpptest.Server, c *Config) { c.Account = im.MustJID("ana@example.org") }, im.CodeCertificate, "wrong-name", true},
		"silence after the resumption": {forge(xmpptest.Bound, ` `), im.CodeTimeout, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, test.adjust)
				b.start()
				e := await(b, func(e im.ConnectionChanged) bool { return e.State == im.Failed || e.State == im.Disconnected })
				if e.Err == nil || e.Err.Code != test.code || e.Err.Condition != test.condition || e.Err.Lasting != test.lasting {
					t.Fatalf("%+v", e.Err)
				}
				if (e.State == im.Failed) != test.lasting || (e.RetryIn == 0) != test.lasting {
					t.Errorf("state %d, retry in %v", e.State, e.RetryIn)
				}
			})
		})
	}
}

// TestResource shows that the resource is the one that was asked for, and else the same random one.
func TestResource(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		random := b.state(im.Connected).JID.Resource()
		if len(random) != 16 {
			t.Errorf("resource %q", random)
		}
		for _, c := range []struct{ asked, want string }{{"phone", "phone"}, {"", random}} {
			b.send(im.Disconnect{For: b.number()})
			b.state(im.Disconnected)
			b.send(im.Connect{For: b.number(), Resource: c.asked})
			if got := b.state(im.Connected).JID.Resource(); got != c.want {
				t.Errorf("asked for %q, got %q, want %q", c.asked, got, c.want)
			}
		}
	})
}
