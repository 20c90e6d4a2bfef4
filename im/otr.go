package im

// OTRState is where the OTR session with one resource stands.
type OTRState uint8

// The states of an OTR session.
const (
	OTRPlain     OTRState = iota // none: texts go as they are
	OTRStarting                  // the handshake is under way: texts are held
	OTREncrypted                 // texts are encrypted
	OTRFinished                  // it was ended, and not by us: nothing goes out until the user ends or starts it
)

// OTRPolicy is when OTR is used with somebody.
type OTRPolicy uint8

// The policies.
const (
	OTRManual        OTRPolicy = iota // when the user starts it, or agrees to a start
	OTRNever                          // not at all
	OTROpportunistic                  // offered and taken up without asking
	OTRRequired                       // for everything: what is not encrypted is not sent
)

// OTRReason is why an OTR session came to its state.
type OTRReason uint8

// The reasons.
const (
	OTRByUs         OTRReason = iota + 1
	OTRByThem                 // they started it, or ended it
	OTRRenewed                // the keys were exchanged anew within a session
	OTRPeerGone               // their resource went, or the nick changed hands
	OTRTimeout                // the handshake got no answer
	OTRStageFault             // the process that holds the keys ended
	OTRDisconnected           // we have a new login: the other side may have forgotten the session
)

// SMPStep is how far a verification by a shared secret is (Socialist Millionaires' Protocol, OTR v3 "Authentication").
type SMPStep uint8

// The steps.
const (
	SMPRequested SMPStep = iota + 1 // they ask, perhaps with a question
	SMPProgress
	SMPSucceeded
	SMPFailed  // the secrets differ
	SMPAborted // by either side, or out of order
)

// OTRNote is something about OTR that is neither a state nor a message.
type OTRNote uint8

// The notes.
const (
	OTRUnreadable  OTRNote = iota + 1 // a message came that could not be decrypted
	OTRPeerError                      // they say that something went wrong; Text is theirs
	OTRResent                         // the last message was sent once more, after new keys
	OTRNotResent                      // the last message did not arrive readable, and the user has to decide
	OTROversized                      // a message came that is too large for OTR
	OTRUnsupported                    // they know only a version that is not used any more
	OTRUnsafeSMP                      // they asked for a verification that would prove nothing, in a session of version 2
	OTRReflected                      // our own messages come back, instead of theirs
	OTRSameKey                        // they have our own key
)

// The events of OTR. Peer is the full JID of the other side.
type (
	// OTRChanged tells the state of a session, whenever that or the keys change.
	OTRChanged struct {
		On
		Peer  JID
		State OTRState
		// Version is 2 or 3, in state OTREncrypted.
		Version int
		// Theirs and Ours are the fingerprints of the two keys, 40 hexadecimal digits; empty if unknown.
		Theirs, Ours string
		// SessionID is the short value that both sides can compare by voice, in hexadecimal digits.
		SessionID string
		Reason    OTRReason
	}

	// OTROffered tells that somebody wants to start a session who may not without the user: nothing was answered.
	OTROffered struct {
		On
		Peer JID
	}

	// SMPChanged tells a step of a verification.
	SMPChanged struct {
		On
		Peer     JID
		Step     SMPStep
		Question string // of SMPRequested; empty for none
		Progress int    // per cent
	}

	// OTRNoted tells a note.
	OTRNoted struct {
		On
		Peer JID
		Note OTRNote
		// Text is what they wrote, in OTRPeerError.
		Text string
	}
)

// The requests of OTR. To is the full JID of the other side.
type (
	// StartOTR starts a session, agrees to one that was offered, or exchanges the keys of one anew.
	StartOTR struct {
		For
		To JID
	}

	// EndOTR ends a session: from then on texts go as they are, if the policy allows that.
	EndOTR struct {
		For
		To JID
	}

	// SetOTRPolicy says what is done with somebody: a bare JID, an occupant's full one, or the zero JID for all others.
	SetOTRPolicy struct {
		For
		Peer   JID
		Policy OTRPolicy
		// Known is set for those who may see our presence anyway: their offers need not be asked about.
		Known bool
		// Contact is set for those who may see our presence when we show it: their offers are told however many strangers
		// make some.
		Contact bool
	}

	// StartSMP asks the other side to prove that it knows the secret; Question may be empty.
	StartSMP struct {
		For
		To               JID
		Question, Secret string
	}

	// AnswerSMP answers such a request.
	AnswerSMP struct {
		For
		To     JID
		Secret string
	}

	// AbortSMP ends a verification.
	AbortSMP struct {
		For
		To JID
	}

	// FetchOTRKey asks for the fingerprint of the account's own key, which is made if there is none.
	FetchOTRKey struct{ For }
)

// The results of requests about encryption.
type (
	// SentResult is the answer to SendMessage: how the text went out.
	SentResult struct {
		Encryption Encryption
		// Theirs is the fingerprint of the key it was encrypted to.
		Theirs string
	}

	// OTRKeyResult is the answer to FetchOTRKey.
	OTRKeyResult struct{ Fingerprint string }
)

func (SentResult) result()   {}
func (OTRKeyResult) result() {}
