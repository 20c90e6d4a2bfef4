package im

// Code names a failure for scripts. Codes are kebab-case, stable, and listed in docs/json.md.
type Code string

// The codes of failures. The words for people are in ui/i18n.
const (
	CodeTorUnavailable    Code = "tor-unavailable"
	CodeTorBootstrap      Code = "tor-bootstrap"
	CodeNameNotFound      Code = "name-not-found"
	CodeConnectionRefused Code = "connection-refused"
	CodeOnionUnreachable  Code = "onion-unreachable"
	CodeTorMissing        Code = "tor-missing"
	CodeTorFailed         Code = "tor-failed"
	CodeNoNetwork         Code = "no-network"
	CodeClockWrong        Code = "clock-wrong"
	CodeOnionNotFound     Code = "onion-not-found"
	CodeOnionDown         Code = "onion-down"
	CodeOnionAuth         Code = "onion-auth"
	CodeOnionAddress      Code = "onion-address"
	CodeOnionV2           Code = "onion-v2"
	CodeExitRefused       Code = "exit-refused"
	CodeProxyRefused      Code = "proxy-refused"
	CodeNotTor            Code = "not-tor"
	CodeCircuitsRenewed   Code = "circuits-renewed" // the connection makes place for one over other circuits
	CodeUnreachable       Code = "unreachable"
	CodeTLSRequired       Code = "tls-required"
	CodeTLS               Code = "tls"
	CodeCertificate       Code = "certificate"
	CodePinMismatch       Code = "pin-mismatch" // the server's key is none of those pinned
	CodeDowngrade         Code = "downgrade"
	CodeNoMechanism       Code = "no-mechanism"
	CodeNoAnonymous       Code = "no-anonymous" // the server gives no throw-away addresses
	CodeLoginRefused      Code = "login-refused"
	CodeNoPassword        Code = "no-password" // nobody gave one
	CodeConflict          Code = "conflict"
	CodeStream            Code = "stream-error"
	CodeConnectionLost    Code = "connection-lost"
	CodeTimeout           Code = "timeout"
	CodeQueueFull         Code = "queue-full"
	CodeNotConnected      Code = "not-connected"
	CodeNoSuchAccount     Code = "no-such-account"
	CodeUnconfirmed       Code = "unconfirmed" // it may have arrived all the same

	CodeRoomNotFound     Code = "room-not-found"
	CodeNickTaken        Code = "nick-taken"
	CodeBanned           Code = "banned"
	CodeMembersOnly      Code = "members-only"
	CodePasswordRequired Code = "password-required"
	CodeRoomFull         Code = "room-full"
	CodeServiceGone      Code = "service-gone"
	CodeNotAllowed       Code = "not-allowed"
	CodeNotEncrypted     Code = "not-encrypted" // it would have gone out unencrypted
	CodeUnanswered       Code = "unanswered"    // it was to be encrypted, and the other side has not answered
	CodeOTRFault         Code = "otr-fault"     // what encrypts failed, or ended
	CodeKeyChanged       Code = "key-changed"   // it would have been encrypted to a key that it was not written for

	CodeItemNotFound  Code = "item-not-found"
	CodeNotAcceptable Code = "not-acceptable"
	CodeUnavailable   Code = "service-unavailable"
	CodeRefused       Code = "refused"
	CodeTooLarge      Code = "too-large"
	CodeBadAnswer     Code = "bad-answer"
	CodeInternalFault Code = "internal-fault"

	CodeStoreFull    Code = "store-full"    // no room on the disk for what is to be kept
	CodeStoreDamaged Code = "store-damaged" // what is on the disk is not what was written
	CodeStoreFailed  Code = "store-failed"  // it could not be read or written for another reason
)

// Codes returns every code, for catalogues and their tests.
func Codes() []Code {
	return []Code{
		CodeTorUnavailable, CodeTorBootstrap, CodeNameNotFound, CodeConnectionRefused, CodeOnionUnreachable, CodeUnreachable,
		CodeTorMissing, CodeTorFailed, CodeNoNetwork, CodeClockWrong, CodeOnionNotFound, CodeOnionDown, CodeOnionAuth,
		CodeOnionAddress, CodeOnionV2, CodeExitRefused, CodeProxyRefused, CodeNotTor, CodeCircuitsRenewed,
		CodeTLSRequired, CodeTLS, CodeCertificate, CodePinMismatch, CodeDowngrade, CodeNoMechanism, CodeNoAnonymous, CodeLoginRefused, CodeNoPassword, CodeConflict, CodeStream,
		CodeConnectionLost, CodeTimeout, CodeQueueFull, CodeNotConnected, CodeNoSuchAccount, CodeUnconfirmed,
		CodeRoomNotFound, CodeNickTaken, CodeBanned, CodeMembersOnly, CodePasswordRequired, CodeRoomFull, CodeServiceGone,
		CodeNotAllowed, CodeNotEncrypted, CodeUnanswered, CodeOTRFault, CodeKeyChanged,
		CodeItemNotFound, CodeNotAcceptable, CodeUnavailable, CodeRefused, CodeTooLarge, CodeBadAnswer,
		CodeInternalFault,
		CodeStoreFull, CodeStoreDamaged, CodeStoreFailed,
	}
}

// Failure says why something did not happen. It never holds a secret.
type Failure struct {
	Code Code
	// Condition is the defined condition of RFC 6120 §8.3.3 or §4.9.3 or the SASL condition of §6.5, if the server named one.
	Condition string
	// Text is what the other side wrote about it. It comes from outside: clean it before it is shown.
	Text string
	// Detail names the thing at our end: a host and port, a fingerprint, a mechanism.
	Detail string
	// Fingerprint is that of the key which a server showed and which was not believed, Pinned those of the keys that would
	// have been; see Pin.Groups.
	Fingerprint, Pinned string
	// Lasting means that trying again will not help until the user changes something.
	Lasting bool
}

// Error gives the failure for logs, in English, without the foreign text.
func (f *Failure) Error() string {
	s := string(f.Code)
	if f.Condition != "" {
		s += " (" + f.Condition + ")"
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}
