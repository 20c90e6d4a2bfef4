package dial

import "fmt"

// Kind is why a connection could not be opened.
type Kind uint8

// The reasons.
const (
	Unreachable       Kind = iota
	NoProxy                // a proxy is required and none is set
	ProxyUnreachable       // the proxy itself does not answer
	NotSOCKS               // what answers at the proxy's address does not speak SOCKS 5
	NotTor                 // it speaks SOCKS 5 but does not say that it is Tor
	OnionWithoutProxy      // an onion address can only be reached through Tor
	OnionUnreachable       // why is not said
	OnionNotFound          // no such onion service is announced: off line for long, or never there
	OnionDown              // announced, but it does not answer
	OnionAuth              // it lets in only those whose key Tor knows
	OnionAddress           // not an address of an onion service: mistyped
	OnionV2                // an onion address of the kind that ended in 2021
	NameNotFound
	NotOffered // the domain says that it has no such service (RFC 2782, target ".")
	Refused
	Timeout
	ExitRefused  // the proxy's far end, Tor's last relay, could not or would not connect
	ProxyRefused // the proxy does not do what was asked
	NoTor        // no Tor runs here, and no tor program is installed
	TorFailed    // our own tor does not run
	TorNotReady  // Tor has not got through to its network
	NoNetwork    // Tor reaches nobody: this machine is probably not online
	ClockWrong   // Tor does not work because the clock of this machine is wrong
)

// Error says why a connection could not be opened.
type Error struct {
	Kind   Kind
	Target string // host and port that was wanted, or the proxy's address for its own faults
	// Reply is the proxy's reply code (RFC 1928 §6; tor adds 0xF0 to 0xF7 for onion services); 0 if it gave none.
	Reply byte
	Cause error
}

// Error names the target and the cause.
func (e *Error) Error() string {
	switch {
	case e.Kind == NoProxy:
		return "no SOCKS port: one is required"
	case e.Kind == NoTor:
		return "no Tor runs here, and no tor program is installed"
	case e.Kind == NotTor:
		return e.Target + ": does not say that it is Tor"
	case e.Reply != 0:
		return fmt.Sprintf("%s: the SOCKS proxy answered %#02x", e.Target, e.Reply)
	case e.Cause != nil:
		return fmt.Sprintf("%s: %v", e.Target, e.Cause)
	default:
		return fmt.Sprintf("%s: fault %d", e.Target, e.Kind)
	}
}

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.Cause }
