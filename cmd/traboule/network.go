package main

import (
	"context"
	"errors"
	"net"
	"strconv"

	"traboule/dial"
	"traboule/im"
	"traboule/xmppclient"
)

// network is one account's way out: dial, in the words of xmppclient.
type network struct {
	dialer *dial.Dialer
	// server is the "host:port" that the user named; empty to look the server up.
	server string
	// account keeps this account's connections apart from those of others.
	account im.JID
}

// Known is the server that the user named, or else the onion service of the domain.
func (n *network) Known(domain string) []xmppclient.Candidate {
	if n.server == "" {
		return candidates(n.dialer.Known(domain))
	}
	host, port, err := splitHostPort(n.server)
	if err != nil { // it was checked where it was read
		return nil
	}
	return candidates(dial.Fixed(host, port))
}

// Candidates looks up where the account's server may answer, unless the user named it.
func (n *network) Candidates(ctx context.Context, domain string) ([]xmppclient.Candidate, error) {
	if n.server != "" {
		return nil, nil
	}
	targets, err := n.dialer.Targets(ctx, domain)
	if err != nil {
		return nil, failure(err)
	}
	return candidates(targets), nil
}

func candidates(targets []dial.Target) []xmppclient.Candidate {
	found := make([]xmppclient.Candidate, len(targets))
	for i, t := range targets {
		found[i] = xmppclient.Candidate{Host: t.Host, Port: t.Port, DirectTLS: t.TLS}
	}
	return found
}

func splitHostPort(s string) (string, uint16, error) {
	host, text, err := net.SplitHostPort(s)
	if err != nil {
		return "", 0, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	return host, uint16(port), err
}

// Dial opens a stream to a candidate.
func (n *network) Dial(ctx context.Context, c xmppclient.Candidate) (net.Conn, im.Via, error) {
	conn, way, err := n.dialer.Dial(ctx, c.Host, c.Port, n.account.String())
	if err != nil {
		return nil, im.ViaNothing, n.dialFailure(c, err)
	}
	return conn, via(way), nil
}

// dialFailure ends the attempts if the user mistyped the onion address: it will not become right. One that somebody else
// named does not, or a look-up could end them.
func (n *network) dialFailure(c xmppclient.Candidate, err error) error {
	err = failure(err)
	var f *im.Failure
	if errors.As(err, &f) && (f.Code == im.CodeOnionAddress || f.Code == im.CodeOnionV2) {
		f.Lasting = n.server != "" || c.Host == n.account.Domain()
	}
	return err
}

// via names a way as far as it is known.
func via(way dial.Way) im.Via {
	switch way {
	case dial.Onion:
		return im.ViaOnion
	case dial.ThroughTor:
		return im.ViaTor
	case dial.SOCKS:
		return im.ViaSOCKS
	default:
		return im.ViaDirect
	}
}

// failure turns a fault of dial into one with a code that the user's language has words for.
func failure(err error) error {
	var fault *dial.Error
	if !errors.As(err, &fault) {
		return err
	}
	f := &im.Failure{Code: failureCode(fault.Kind), Detail: fault.Target}
	switch fault.Kind {
	case dial.NoProxy, dial.OnionWithoutProxy, dial.NoTor:
		f.Lasting = true
	case dial.TorFailed:
		f.Lasting, f.Detail = true, fault.Error()
	}
	return f
}

func failureCode(kind dial.Kind) im.Code {
	switch kind {
	case dial.NoProxy, dial.OnionWithoutProxy, dial.ProxyUnreachable, dial.NotSOCKS:
		return im.CodeTorUnavailable
	case dial.NotTor:
		return im.CodeNotTor
	case dial.NoTor:
		return im.CodeTorMissing
	case dial.TorFailed:
		return im.CodeTorFailed
	case dial.TorNotReady:
		return im.CodeTorBootstrap
	case dial.NoNetwork:
		return im.CodeNoNetwork
	case dial.ClockWrong:
		return im.CodeClockWrong
	case dial.OnionUnreachable:
		return im.CodeOnionUnreachable
	case dial.OnionNotFound:
		return im.CodeOnionNotFound
	case dial.OnionDown:
		return im.CodeOnionDown
	case dial.OnionAuth:
		return im.CodeOnionAuth
	case dial.OnionAddress:
		return im.CodeOnionAddress
	case dial.OnionV2:
		return im.CodeOnionV2
	case dial.ExitRefused:
		return im.CodeExitRefused
	case dial.ProxyRefused:
		return im.CodeProxyRefused
	case dial.NameNotFound, dial.NotOffered:
		return im.CodeNameNotFound
	case dial.Refused:
		return im.CodeConnectionRefused
	case dial.Timeout:
		return im.CodeTimeout
	default:
		return im.CodeUnreachable
	}
}
