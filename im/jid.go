package im

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"mellium.im/xmpp/jid"
)

// maxPart is the longest localpart, domainpart or resourcepart, in bytes (RFC 7622 §3.1).
const maxPart = 1023

// JID is an XMPP address (RFC 7622). It is a value: two JIDs are the same address exactly when they compare equal.
// The zero JID stands for "no address".
type JID struct {
	local, domain, resource string
}

// ErrBadJID is wrapped by every error of ParseJID and WireJID.
var ErrBadJID = errors.New("not an address of the form name@example.org")

// ParseJID reads an address that a person typed. Local and domain part are prepared as RFC 7622 §3.2 and §3.3 ask;
// the resource, where nicknames live, is only checked for length and encoding, because real rooms hold nicknames
// (emoji among them) that the strict profile refuses.
func ParseJID(text string) (JID, error) {
	bare, resource, found := strings.Cut(text, "/")
	if found && !validPart(resource) {
		return JID{}, fmt.Errorf("%q: resource is empty, too long or not UTF-8: %w", text, ErrBadJID)
	}
	parsed, err := jid.Parse(bare)
	if err != nil {
		return JID{}, fmt.Errorf("%q: %w", text, ErrBadJID)
	}
	return JID{parsed.Localpart(), parsed.Domainpart(), resource}, nil
}

// WireJID splits an address that a server delivered. Nothing is normalised: an address that differs in one byte is
// another address, so a look-alike never passes for the real one.
func WireJID(text string) (JID, error) {
	bare, resource, found := strings.Cut(text, "/")
	if found && !validPart(resource) {
		return JID{}, fmt.Errorf("resource of %d bytes: %w", len(resource), ErrBadJID)
	}
	local, domain, found := strings.Cut(bare, "@")
	if !found {
		local, domain = "", bare
	} else if !validPart(local) {
		return JID{}, fmt.Errorf("localpart of %d bytes: %w", len(local), ErrBadJID)
	}
	if !validPart(domain) {
		return JID{}, fmt.Errorf("domain of %d bytes: %w", len(domain), ErrBadJID)
	}
	return JID{local, domain, resource}, nil
}

// MustJID is ParseJID for constants and tests; it panics on an address that does not parse.
func MustJID(text string) JID {
	j, err := ParseJID(text)
	if err != nil {
		panic(err)
	}
	return j
}

func validPart(s string) bool {
	return s != "" && len(s) <= maxPart && utf8.ValidString(s)
}

// Local returns the part before the @, empty for servers, services and anonymous accounts.
func (j JID) Local() string { return j.local }

// Domain returns the domain part.
func (j JID) Domain() string { return j.domain }

// Resource returns the part after the slash; for an occupant of a room this is the nickname.
func (j JID) Resource() string { return j.resource }

// IsZero reports whether j is no address at all.
func (j JID) IsZero() bool { return j == JID{} }

// IsBare reports whether j has no resource.
func (j JID) IsBare() bool { return j.resource == "" }

// Bare returns j without its resource.
func (j JID) Bare() JID { return JID{j.local, j.domain, ""} }

// DomainJID returns the address of the server or service itself.
func (j JID) DomainJID() JID { return JID{"", j.domain, ""} }

// WithResource returns j with another resource, which must be valid UTF-8 of 1 to 1023 bytes.
func (j JID) WithResource(resource string) (JID, error) {
	if !validPart(resource) {
		return JID{}, fmt.Errorf("resource of %d bytes: %w", len(resource), ErrBadJID)
	}
	return JID{j.local, j.domain, resource}, nil
}

// String returns the address as it goes on the wire.
func (j JID) String() string {
	s := j.domain
	if j.local != "" {
		s = j.local + "@" + s
	}
	if j.resource != "" {
		s += "/" + j.resource
	}
	return s
}
