package config

import (
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"traboule/im"
)

// The value types below check themselves while the file is read, so that an error knows its line.
type (
	// Language is "en" or "fr"; empty to ask the environment.
	Language struct{ Value string }
	// TorMode is "required" or "off".
	TorMode struct{ Value string }
	// Theme names a set of colours: "dark", "light" or "mono".
	Theme struct{ Value string }
	// Occasion is when to ring: "never", "mention" or "message".
	Occasion struct{ Value string }
	// Desktop is how to notify the desktop: "none", "osc9" or "osc777".
	Desktop struct{ Value string }
	// Showing is what a notification may show: "nothing", "who" or "text".
	Showing struct{ Value string }
	// Mechanism is a SASL mechanism.
	Mechanism struct{ Value string }
	// Resource is the last part of a full address.
	Resource struct{ Value string }
	// BareJID is an address without resource.
	BareJID struct{ im.JID }
	// Server is HOST:PORT.
	Server struct{ Value string }
	// SOCKS is HOST:PORT or unix:PATH.
	SOCKS struct{ Value string }
	// Resolver is a name server as IsResolver has it, or "none".
	Resolver struct{ Value string }
	// File is an absolute path.
	File struct{ Value string }
	// Pins are pins of a server's keys.
	Pins struct{ Values []im.Pin }
)

// Themes, mechanisms and the other choices, in the order in which an error lists them.
func languages() []string { return []string{"en", "fr"} }
func torModes() []string  { return []string{"required", "off"} }
func themes() []string    { return []string{"dark", "light", "mono"} }
func occasions() []string { return []string{"never", "mention", "message"} }
func desktops() []string  { return []string{"none", "osc9", "osc777"} }
func showings() []string  { return []string{"nothing", "who", "text"} }
func mechanisms() []string {
	return []string{
		"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
		"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN",
	}
}

func (v *Language) UnmarshalText(text []byte) error  { return choose(&v.Value, text, languages()) }
func (v *TorMode) UnmarshalText(text []byte) error   { return choose(&v.Value, text, torModes()) }
func (v *Theme) UnmarshalText(text []byte) error     { return choose(&v.Value, text, themes()) }
func (v *Occasion) UnmarshalText(text []byte) error  { return choose(&v.Value, text, occasions()) }
func (v *Desktop) UnmarshalText(text []byte) error   { return choose(&v.Value, text, desktops()) }
func (v *Showing) UnmarshalText(text []byte) error   { return choose(&v.Value, text, showings()) }
func (v *Mechanism) UnmarshalText(text []byte) error { return choose(&v.Value, text, mechanisms()) }

func choose(into *string, text []byte, allowed []string) error {
	if !slices.Contains(allowed, string(text)) {
		return &valueError{want: WantChoice, value: string(text), choices: allowed}
	}
	*into = string(text)
	return nil
}

// UnmarshalText reads an address without resource.
func (v *BareJID) UnmarshalText(text []byte) error {
	parsed, err := im.ParseJID(string(text))
	if err != nil || !parsed.IsBare() {
		return &valueError{want: WantAddress, value: string(text)}
	}
	v.JID = parsed
	return nil
}

// UnmarshalText reads the last part of a full address.
func (v *Resource) UnmarshalText(text []byte) error {
	if parsed, err := im.ParseJID("a@b/" + string(text)); err != nil || parsed.IsBare() {
		return &valueError{want: WantResource, value: string(text)}
	}
	v.Value = string(text)
	return nil
}

// UnmarshalText reads HOST:PORT.
func (v *Server) UnmarshalText(text []byte) error {
	if !IsHostPort(string(text)) {
		return &valueError{want: WantHostPort, value: string(text)}
	}
	v.Value = string(text)
	return nil
}

// UnmarshalText reads HOST:PORT or unix:PATH.
func (v *SOCKS) UnmarshalText(text []byte) error {
	if !IsSOCKS(string(text)) {
		return &valueError{want: WantSOCKS, value: string(text)}
	}
	v.Value = string(text)
	return nil
}

// UnmarshalText reads a name server, or "none".
func (v *Resolver) UnmarshalText(text []byte) error {
	if string(text) != NoResolver && !IsResolver(string(text)) {
		return &valueError{want: WantResolver, value: string(text)}
	}
	v.Value = string(text)
	return nil
}

// UnmarshalText reads one pin, or several with commas between them.
func (v *Pins) UnmarshalText(text []byte) error {
	v.Values = nil
	for part := range strings.SplitSeq(string(text), ",") {
		pin, err := im.ParsePin(part)
		if err != nil {
			return &valueError{want: WantPin, value: string(text)}
		}
		v.Values = append(v.Values, pin)
	}
	return nil
}

// UnmarshalText takes an absolute path.
func (v *File) UnmarshalText(text []byte) error {
	if !filepath.IsAbs(string(text)) {
		return &valueError{want: WantPath, value: string(text)}
	}
	v.Value = filepath.Clean(string(text))
	return nil
}

// NoResolver is the Resolver of those who ask nobody.
const NoResolver = "none"

// IsResolver reports whether s is tls:// or tcp:// with a host, perhaps a port, and for TLS perhaps # and the name that is
// in the certificate.
func IsResolver(s string) bool {
	address, overTLS := strings.CutPrefix(s, "tls://")
	address, overTCP := strings.CutPrefix(address, "tcp://")
	address, name, named := strings.Cut(address, "#")
	if overTLS == overTCP || named && (overTCP || !isName(name)) {
		return false
	}
	if host, _, err := net.SplitHostPort(address); err == nil {
		return IsHostPort(address) && (net.ParseIP(host) != nil || isName(host))
	}
	return net.ParseIP(address) != nil || isName(address)
}

// isName reports whether s can be a name in the DNS, as it is spelled there.
func isName(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	dots := strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..")
	return s != "" && len(s) <= 253 && strings.Trim(s, letters) == "" && !dots
}

// IsHostPort reports whether s is a host, a colon and a port from 1 to 65535.
func IsHostPort(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" || strings.ContainsAny(host, " \t/@") {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// IsSOCKS reports whether s is ADDRESS:PORT, or unix: and an absolute path. The address is an IP address or localhost: any
// other name would have to be looked up, and that look-up could not go through the proxy.
func IsSOCKS(s string) bool {
	if path, found := strings.CutPrefix(s, "unix:"); found {
		return filepath.IsAbs(path)
	}
	host, _, err := net.SplitHostPort(s)
	return err == nil && IsHostPort(s) && (host == "localhost" || net.ParseIP(host) != nil)
}
