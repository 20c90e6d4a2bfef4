package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"traboule/core"
	"traboule/im"
)

// address is what ADDRESS on the command line means.
type address struct {
	// account is the account named by the address itself, or zero.
	account im.JID
	// commands open what the address points to.
	commands []core.Command
	// plain is set for a JID that is not an xmpp: URI; it is an account or a conversation, depending on the settings.
	plain im.JID
}

// parseAddress reads a JID or an xmpp: URI (RFC 5122) with the actions of XEP-0147 that open something: join, message,
// roster and subscribe, and of XEP-0364 §4.4 that tells the fingerprint of a key. A text in the URI is never sent: a link may
// come from anybody.
func parseAddress(text string) (address, error) {
	rest, isURI := cutScheme(text)
	if !isURI {
		j, err := im.ParseJID(text)
		if err != nil {
			return address{}, err
		}
		return address{plain: j}, nil
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	a, path, err := cutAuthority(rest)
	if err != nil {
		return address{}, fmt.Errorf("%q: %w", text, err)
	}
	if path == "" && !a.account.IsZero() {
		return a, nil
	}
	target, err := unescapeJID(path)
	if err != nil {
		return address{}, fmt.Errorf("%q: %w", text, err)
	}
	a.commands, err = actions(target, query)
	if err != nil {
		return address{}, fmt.Errorf("%q: %w", text, err)
	}
	return a, nil
}

func cutScheme(text string) (string, bool) {
	const scheme = "xmpp:"
	if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
		return text, false
	}
	return text[len(scheme):], true
}

// cutAuthority splits off "//account@host/" (RFC 5122 §2.3), which names the account to use.
func cutAuthority(rest string) (address, string, error) {
	after, found := strings.CutPrefix(rest, "//")
	if !found {
		return address{}, rest, nil
	}
	authority, path, _ := strings.Cut(after, "/")
	account, err := unescapeJID(authority)
	if err != nil {
		return address{}, "", err
	}
	return address{account: account.Bare()}, path, nil
}

func unescapeJID(text string) (im.JID, error) {
	decoded, err := url.PathUnescape(text)
	if err != nil {
		return im.JID{}, fmt.Errorf("broken %%-escape: %w", im.ErrBadJID)
	}
	return im.ParseJID(decoded)
}

// fingerprintActions opens the conversation with somebody, whose key a link tells.
func fingerprintActions(target im.JID, text string) ([]core.Command, error) {
	decoded, err := url.PathUnescape(text)
	if err != nil {
		return nil, errors.New(`broken %-escape in "otr-fingerprint"`)
	}
	fingerprint, err := im.ParseFingerprint(decoded)
	if err != nil {
		return nil, err
	}
	return []core.Command{
		core.Query{To: target.Bare().String()}, core.VerifyFingerprint{JID: target.Bare(), Fingerprint: fingerprint},
	}, nil
}

// actions turns the query part of a URI into commands.
func actions(target im.JID, query string) ([]core.Command, error) {
	action, pairs, _ := strings.Cut(query, ";")
	if text, found := strings.CutPrefix(action, "otr-fingerprint="); found {
		return fingerprintActions(target, text)
	}
	values := map[string]string{}
	for _, pair := range strings.Split(pairs, ";") {
		key, value, _ := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("broken %%-escape in %q", key)
		}
		values[key] = decoded
	}
	switch action {
	case "join":
		nick := values["nick"]
		if nick == "" {
			nick = target.Resource()
		}
		return []core.Command{core.Join{Room: target.Bare().String(), Nick: nick, Password: values["password"]}}, nil
	case "roster", "subscribe":
		return []core.Command{core.Add{JID: target.Bare(), Name: values["name"]}, core.Query{To: target.Bare().String()}}, nil
	default:
		return []core.Command{core.Query{To: target.String()}}, nil
	}
}
