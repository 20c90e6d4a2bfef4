package core

// About OTR. Nick is what to call the other side, JID the contact or occupant, Text the device that it is about, if they have
// several. Those of the first part are told to scripts as "otr".
const (
	// NoticeOTRStarting: they exchange keys with us; what is typed waits.
	NoticeOTRStarting NoticeCode = "otr-starting"
	// NoticeOTROffered: they offer to encrypt, and nothing was answered. The same is a Question.
	NoticeOTROffered NoticeCode = "otr-offered"
	// NoticeOTRUnverified: encrypted, but nobody has checked that it is them; OTR Theirs, Version.
	NoticeOTRUnverified NoticeCode = "otr-unverified"
	// NoticeOTRVerified: encrypted, with a key that was verified; OTR Theirs, Version.
	NoticeOTRVerified NoticeCode = "otr-verified"
	// NoticeOTRRenewed: the session goes on with new keys for it.
	NoticeOTRRenewed NoticeCode = "otr-renewed"
	// NoticeOTRNewKey: they use another key than before; OTR Theirs, Former.
	NoticeOTRNewKey NoticeCode = "otr-new-key"
	// NoticeOTREnded: the session has ended, and texts go as they are.
	NoticeOTREnded NoticeCode = "otr-ended"
	// NoticeOTREndedRequired: the session has ended, and texts wait for another one.
	NoticeOTREndedRequired NoticeCode = "otr-ended-required"
	// NoticeOTREndedThere: the session with device Text has ended, and texts go to another one.
	NoticeOTREndedThere NoticeCode = "otr-ended-there"
	// NoticeOTREndedByThem: they have ended the session, and nothing is sent before the user has decided; so with the next three.
	NoticeOTREndedByThem NoticeCode = "otr-ended-by-them"
	// NoticeOTRPeerGone: their device, or whoever had the nick, has gone, and the session with it.
	NoticeOTRPeerGone NoticeCode = "otr-peer-gone"
	// NoticeOTRFault: the process that holds the keys has ended, and the session with it.
	NoticeOTRFault NoticeCode = "otr-fault"
	// NoticeOTRLost: we have logged in anew, and they have perhaps forgotten the session.
	NoticeOTRLost NoticeCode = "otr-lost"
	// NoticeOTRTimeout: they have not answered.
	NoticeOTRTimeout NoticeCode = "otr-timeout"
	// NoticeOTRDevice: texts go to device Text from now on; OTR Trust. As an answer it is a "notice".
	NoticeOTRDevice NoticeCode = "otr-device"
	// NoticeOTROtherDevice: there is a session with device Text too, the full JID; texts go to device NewNick.
	NoticeOTROtherDevice NoticeCode = "otr-other-device"
	// NoticeOTRUnreadable: a message came that could not be decrypted.
	NoticeOTRUnreadable NoticeCode = "otr-unreadable"
	// NoticeOTRPeerError: they say that something went wrong; Reason in their words.
	NoticeOTRPeerError NoticeCode = "otr-peer-error"
	// NoticeOTRResent: our last text was sent once more.
	NoticeOTRResent NoticeCode = "otr-resent"
	// NoticeOTRNotResent: our last text could not be read there, and was not sent again.
	NoticeOTRNotResent NoticeCode = "otr-not-resent"
	// NoticeOTROversized: a message came that was too large.
	NoticeOTROversized NoticeCode = "otr-oversized"
	// NoticeOTRUnsupported: they know only a version of OTR that is not used any more.
	NoticeOTRUnsupported NoticeCode = "otr-unsupported"
	// NoticeOTRReflected: our own messages come back instead of an answer.
	NoticeOTRReflected NoticeCode = "otr-reflected"
	// NoticeOTRSameKey: the key with which they have begun a session is our own.
	NoticeOTRSameKey NoticeCode = "otr-same-key"
	// NoticeSMPRequest: they ask for a secret; Text the question, empty for none. The same is a Question.
	NoticeSMPRequest NoticeCode = "smp-request"
	// NoticeSMPProgress: a verification goes on; Count in per cent.
	NoticeSMPProgress NoticeCode = "smp-progress"
	// NoticeSMPSuccess: both have the same secret, so it is them; OTR Theirs.
	NoticeSMPSuccess NoticeCode = "smp-success"
	// NoticeSMPProvedUs: our answer to their question was right, which proves nothing about them.
	NoticeSMPProvedUs NoticeCode = "smp-proved-us"
	// NoticeSMPFailure: the secrets differ.
	NoticeSMPFailure NoticeCode = "smp-failure"
	// NoticeSMPAbort: the other side, or OTR itself, has ended a verification.
	NoticeSMPAbort NoticeCode = "smp-abort"
	// NoticeSMPAborted: we have ended a verification.
	NoticeSMPAborted NoticeCode = "smp-aborted"
	// NoticeOTRTrusted: the user has verified a key; OTR Theirs.
	NoticeOTRTrusted NoticeCode = "otr-trusted"
	// NoticeOTRDistrusted: the user has taken that back; OTR Theirs.
	NoticeOTRDistrusted NoticeCode = "otr-distrusted"
	// NoticeOTRLinkTrusted: their key is the one that a link told; OTR Theirs.
	NoticeOTRLinkTrusted NoticeCode = "otr-link-trusted"

	// NoticeOTRLinkWrong (a "notice", as all that follow): their key, OTR Theirs, is not the one that a link told, Former.
	NoticeOTRLinkWrong NoticeCode = "otr-link-wrong"
	// NoticeOTRLinkConflict: a link tells another key, OTR Theirs, than the one that was verified before, Former.
	NoticeOTRLinkConflict NoticeCode = "otr-link-conflict"
	// NoticeOTRLinkWaits: a link tells their key, OTR Theirs, and the next session will show whether it is so.
	NoticeOTRLinkWaits NoticeCode = "otr-link-waits"
	// NoticeOTRAsked answers /otr start: they are asked to encrypt.
	NoticeOTRAsked NoticeCode = "otr-asked"
	// NoticeOTRRenewing answers /otr start where there is a session: its keys are to be made anew.
	NoticeOTRRenewing NoticeCode = "otr-renewing"
	// NoticeOTRDeclined answers /refuse: their offer was refused, and they are not told.
	NoticeOTRDeclined NoticeCode = "otr-declined"
	// NoticeOTRStartFailed: Err.
	NoticeOTRStartFailed NoticeCode = "otr-start-failed"
	// NoticeOTREndFailed: Err.
	NoticeOTREndFailed NoticeCode = "otr-end-failed"
	// NoticeOTRNobody: no device of theirs is known to start with.
	NoticeOTRNobody NoticeCode = "otr-nobody"
	// NoticeOTRNotHere: OTR is for two, and this is a console or a room; Text, Count: the name and number of a window where it
	// can be used, if any is open.
	NoticeOTRNotHere NoticeCode = "otr-not-here"
	// NoticeOTRNotEncrypted: there is no session to end, or to verify.
	NoticeOTRNotEncrypted NoticeCode = "otr-not-encrypted"
	// NoticeOTRNever: the policy is that OTR is not used with them.
	NoticeOTRNever NoticeCode = "otr-never"
	// NoticeOTRNoCorrection: /correct, where texts are encrypted.
	NoticeOTRNoCorrection NoticeCode = "otr-no-correction"
	// NoticeOTRFingerprint answers /otr fingerprint: JID our account; OTR Ours, URI.
	NoticeOTRFingerprint NoticeCode = "otr-fingerprint"
	// NoticeOTRFingerprints answers it where theirs is known: OTR Theirs and Trust too.
	NoticeOTRFingerprints NoticeCode = "otr-fingerprints"
	// NoticeOTRKeyFailed: our key could not be had; JID our account; Err.
	NoticeOTRKeyFailed NoticeCode = "otr-key-failed"
	// NoticeOTRKeyUnkept: our new key could not be kept, and lasts as long as the client runs; JID our account; Err.
	NoticeOTRKeyUnkept NoticeCode = "otr-key-unkept"
	// NoticeOTRNoKey: no key of theirs was seen yet.
	NoticeOTRNoKey NoticeCode = "otr-no-key"
	// NoticeOTRPolicy answers /otr policy: OTR Policy is that for JID.
	NoticeOTRPolicy NoticeCode = "otr-policy"
	// NoticeOTRPolicyRoom: OTR Policy is that for private messages with those in Room, but for whom there is another.
	NoticeOTRPolicyRoom NoticeCode = "otr-policy-room"
	// NoticeOTRPolicyAll: OTR Policy is that for all others of Account.
	NoticeOTRPolicyAll NoticeCode = "otr-policy-all"
	// NoticeOTRPolicyNone: no policy was given for all of Account. Nothing set.
	NoticeOTRPolicyNone NoticeCode = "otr-policy-none"

	// Where a conversation stands and what to do next, as an answer to /otr. Where there are several devices, List has one row for
	// each with JID, Name and Protection.

	// NoticeOTRIsPlain: not encrypted.
	NoticeOTRIsPlain NoticeCode = "otr-is-plain"
	// NoticeOTRIsRequired: not encrypted, and what is typed waits until it is.
	NoticeOTRIsRequired NoticeCode = "otr-is-required"
	// NoticeOTRIsStarting: keys are exchanged.
	NoticeOTRIsStarting NoticeCode = "otr-is-starting"
	// NoticeOTRIsUnverified: encrypted, not verified; OTR Theirs, Version.
	NoticeOTRIsUnverified NoticeCode = "otr-is-unverified"
	// NoticeOTRIsVerified: encrypted and verified; OTR Theirs, Version.
	NoticeOTRIsVerified NoticeCode = "otr-is-verified"
	// NoticeOTRIsFinished: they have ended it.
	NoticeOTRIsFinished NoticeCode = "otr-is-finished"

	// NoticeSMPHowTo answers /accept where a secret is asked for; Text the question, empty for none.
	NoticeSMPHowTo NoticeCode = "smp-how-to"
	// NoticeSMPNothing: there is no verification to answer or to end.
	NoticeSMPNothing NoticeCode = "smp-nothing"
	// NoticeSMPBusy: a verification runs already.
	NoticeSMPBusy NoticeCode = "smp-busy"
	// NoticeSMPUnsafe: the session is of version 2, where a secret proves nothing.
	NoticeSMPUnsafe NoticeCode = "smp-unsafe"
	// NoticeSMPFailed: it could not be begun, or answered; Err.
	NoticeSMPFailed NoticeCode = "smp-failed"
)

// otrNoticeCodes lists the notices about OTR.
func otrNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticeOTRStarting, NoticeOTROffered, NoticeOTRUnverified, NoticeOTRVerified, NoticeOTRRenewed, NoticeOTRNewKey,
		NoticeOTREnded, NoticeOTREndedRequired, NoticeOTREndedThere, NoticeOTREndedByThem, NoticeOTRPeerGone, NoticeOTRFault,
		NoticeOTRLost, NoticeOTRTimeout, NoticeOTRDevice, NoticeOTROtherDevice, NoticeOTRUnreadable, NoticeOTRPeerError,
		NoticeOTRResent, NoticeOTRNotResent, NoticeOTROversized, NoticeOTRUnsupported, NoticeOTRReflected, NoticeOTRSameKey, NoticeSMPRequest, NoticeSMPProgress,
		NoticeSMPSuccess, NoticeSMPProvedUs, NoticeSMPFailure, NoticeSMPAbort, NoticeSMPAborted, NoticeOTRTrusted,
		NoticeOTRDistrusted, NoticeOTRLinkTrusted, NoticeOTRLinkWrong, NoticeOTRLinkConflict, NoticeOTRLinkWaits, NoticeOTRAsked, NoticeOTRRenewing,
		NoticeOTRDeclined, NoticeOTRStartFailed, NoticeOTREndFailed, NoticeOTRNobody, NoticeOTRNotHere, NoticeOTRNotEncrypted, NoticeOTRNever,
		NoticeOTRNoCorrection, NoticeOTRFingerprint, NoticeOTRFingerprints, NoticeOTRKeyFailed, NoticeOTRKeyUnkept, NoticeOTRNoKey, NoticeOTRPolicy, NoticeOTRPolicyRoom,
		NoticeOTRPolicyAll, NoticeOTRPolicyNone, NoticeOTRIsPlain, NoticeOTRIsRequired, NoticeOTRIsStarting, NoticeOTRIsUnverified,
		NoticeOTRIsVerified, NoticeOTRIsFinished, NoticeSMPHowTo, NoticeSMPNothing, NoticeSMPBusy, NoticeSMPUnsafe, NoticeSMPFailed,
	}
}
