package tornet

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"

	"traboule/dial"
)

// OnionKey opens an onion service that lets in only those who have it.
type OnionKey struct{ private *ecdh.PrivateKey }

// NewOnionKey makes a key.
func NewOnionKey() (*OnionKey, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return &OnionKey{private}, nil
}

// public is the form in which a service wants it (control-spec, ADD_ONION).
func (k *OnionKey) public() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.private.PublicKey().Bytes())
}

// Onion offers a local address, "host:port", as an onion service at a port, and waits until it is announced. It returns the
// service's name, "….onion". With keys only a client that has one of them is let in.
func (n *Network) Onion(ctx context.Context, port uint16, target string, keys ...*OnionKey) (string, error) {
	control, err := n.services.control(ctx)
	if err != nil {
		return "", err
	}
	defer control.Close()
	if _, err := control.Ask("SETEVENTS HS_DESC"); err != nil {
		return "", err
	}
	command, flags := "", "Detach,DiscardPK"
	for _, key := range keys {
		flags = "Detach,DiscardPK,V3Auth"
		command += " ClientAuthV3=" + key.public()
	}
	lines, err := control.Ask(fmt.Sprintf("ADD_ONION NEW:ED25519-V3 Flags=%s Port=%d,%s%s", flags, port, target, command))
	if err != nil {
		return "", err
	}
	id := strings.TrimPrefix(lines[0], "ServiceID=")
	if err := announced(ctx, control, id); err != nil {
		return "", fmt.Errorf("onion service for %q: %w", target, err)
	}
	return id + ".onion", nil
}

// announced waits until the descriptor of a service has come to all relays that it was sent to, and so to one at least.
func announced(ctx context.Context, control *dial.Control, id string) error {
	pending, done := 0, 0
	for done == 0 || pending > 0 {
		lines, err := control.Next(ctx)
		if err != nil {
			return err
		}
		// "HS_DESC" action address authentication relay … (control-spec §4.1.25)
		words := strings.Fields(lines[0])
		if len(words) < 3 || words[0] != "HS_DESC" || words[2] != id {
			continue
		}
		switch words[1] {
		case "UPLOAD":
			pending++
		case "UPLOADED":
			pending--
			done++
		case "FAILED":
			pending--
		}
	}
	return nil
}
