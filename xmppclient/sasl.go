package xmppclient

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"mellium.im/xmpp"

	"traboule/im"
)

const (
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl" // RFC 6120 §6
	nsBinding = "urn:xmpp:sasl-cb:0"               // XEP-0440
	// maxOffers: mechanisms or bindings of a server that are read.
	maxOffers = 64
)

// authentication is the stream feature of RFC 6120 §6. It replaces the library's own, which hangs on some answers, takes
// any number of iterations, and does not notice that channel binding was removed from the offer.
func (l *login) authentication() xmpp.StreamFeature {
	return xmpp.StreamFeature{
		Name:       xml.Name{Space: nsSASL, Local: "mechanisms"},
		Necessary:  xmpp.Secure,
		Prohibited: xmpp.Authn,
		Parse:      parseFeature,
		Negotiate: func(ctx context.Context, s *xmpp.Session, data any) (xmpp.SessionState, io.ReadWriter, error) {
			if err := l.authenticate(ctx, s, readOffer(s, data)); err != nil {
				return 0, nil, err
			}
			l.frame.restart()
			return xmpp.Authn, s.Conn(), nil
		},
	}
}

// channelBindings is the informational feature of XEP-0440.
func channelBindings() xmpp.StreamFeature {
	return xmpp.StreamFeature{Name: xml.Name{Space: nsBinding, Local: "sasl-channel-binding"}, Parse: parseInformation}
}

func parseFeature(_ context.Context, d *xml.Decoder, start *xml.StartElement) (bool, any, error) {
	n, err := readTree(d, *start)
	return true, n, err
}

func parseInformation(_ context.Context, d *xml.Decoder, start *xml.StartElement) (bool, any, error) {
	n, err := readTree(d, *start)
	return false, n, err
}

// readOffer collects the lists of mechanisms and bindings out of the features.
func readOffer(s *xmpp.Session, mechanisms any) offer {
	var o offer
	if n, ok := mechanisms.(*node); ok {
		for _, k := range n.kidsOf(nsSASL, "mechanism") {
			if len(o.mechanisms) < maxOffers {
				o.mechanisms = append(o.mechanisms, strings.TrimSpace(k.text))
			}
		}
	}
	data, _ := s.Feature(nsBinding)
	if n, ok := data.(*node); ok {
		o.bindings = []string{}
		for _, k := range n.kidsOf(nsBinding, "channel-binding") {
			if len(o.bindings) < maxOffers {
				o.bindings = append(o.bindings, k.attr("type"))
			}
		}
	}
	return o
}

func (l *login) authenticate(ctx context.Context, s *xmpp.Session, o offer) error {
	chosen, failure := choose(o, l.tls, l.cfg, l.least)
	if failure != nil {
		return failure
	}
	password, err := l.password(ctx)
	if err != nil {
		return err
	}
	x, err := chosen.exchange(l.cfg.Account.Local(), password, o)
	if err != nil {
		l.refused(err)
		return saslFailure(err)
	}
	if err := writeSASL(s.Conn(), "auth", ` mechanism="`+chosen.mechanism+`"`, x.first()); err != nil {
		return err
	}
	if err := converse(s, x); err != nil {
		l.refused(err)
		return err
	}
	l.mechanism = chosen.mechanism
	if l.cfg.Accepted != nil && !l.cfg.anonymous() {
		l.cfg.Accepted()
	}
	return nil
}

// password asks for the password, for which a person may need longer than a server for a login.
func (l *login) password(ctx context.Context) (string, error) {
	if l.cfg.anonymous() {
		return "", nil
	}
	l.pause()
	defer l.resume()
	password, err := l.cfg.Password(ctx)
	if err != nil {
		if f := (*im.Failure)(nil); errors.As(err, &f) {
			return "", f
		}
		return "", &im.Failure{Code: im.CodeNoPassword, Lasting: true}
	}
	return password, nil
}

// refused tells who keeps the password that it is not right: that the server said so, or that no server accepts it.
func (l *login) refused(err error) {
	f := (*im.Failure)(nil)
	byServer := errors.As(err, &f) && f.Code == im.CodeLoginRefused && f.Lasting && f.Condition != ""
	if l.cfg.Refused != nil && !l.cfg.anonymous() && (byServer || errors.Is(err, errPassword)) {
		l.cfg.Refused()
	}
}

// converse answers the server's challenges until it accepts or refuses.
func converse(s *xmpp.Session, x exchange) error {
	for {
		n, err := readElement(s)
		if err != nil {
			return err
		}
		data, err := decodeSASL(n.text)
		switch {
		case err != nil:
			return saslFailure(err)
		case n.is(nsSASL, "failure"):
			return refusal(n)
		case n.is(nsSASL, "success"):
			if err := x.accept(data); err != nil {
				return saslFailure(err)
			}
			return nil
		case !n.is(nsSASL, "challenge"):
			return saslFailure(errExchange)
		}
		reply, err := x.answer(data)
		if err != nil {
			return saslFailure(err)
		}
		if err := writeSASL(s.Conn(), "response", "", reply); err != nil {
			return err
		}
	}
}

// writeSASL sends one step; an initial response of no bytes is written "=" (RFC 6120 §6.4.2).
func writeSASL(w io.Writer, name, attrs string, data []byte) error {
	var b bytes.Buffer
	b.WriteString("<" + name + ` xmlns="` + nsSASL + `"` + attrs + ">")
	if len(data) == 0 && name == "auth" {
		b.WriteByte('=')
	}
	b.WriteString(base64.StdEncoding.EncodeToString(data))
	b.WriteString("</" + name + ">")
	_, err := w.Write(b.Bytes())
	return err
}

func decodeSASL(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if text == "=" {
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(text)
}

// saslFailure words an exchange that we broke off. All but a changed offer look the same to the user: this server must not
// be trusted with this account, and trying again would only give it another exchange to attack.
func saslFailure(err error) *im.Failure {
	f := &im.Failure{Code: im.CodeLoginRefused, Detail: err.Error(), Lasting: true}
	if errors.Is(err, errDowngrade) {
		f.Code = im.CodeDowngrade
	}
	return f
}

// refusal words the server's <failure/> (RFC 6120 §6.5).
func refusal(n *node) *im.Failure {
	f := &im.Failure{Code: im.CodeLoginRefused, Lasting: true, Text: n.kidText(nsSASL, "text", maxText)}
	for _, k := range n.kids {
		if k.name.Space == nsSASL && k.name.Local != "text" {
			f.Condition = clip(k.name.Local, maxID)
			break
		}
	}
	f.Lasting = f.Condition != "temporary-auth-failure" && f.Condition != "aborted"
	return f
}
