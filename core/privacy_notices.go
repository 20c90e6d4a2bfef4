package core

// About what is disclosed: the rows of /privacy, each with Privacy set. Their order is that of Topics.
const (
	// NoticePrivacyTor: the network sees Tor, the servers see Tor. Nothing set.
	NoticePrivacyTor NoticeCode = "privacy-tor"
	// NoticePrivacySOCKS: the proxy at Text, which may not be Tor, sees our address and the servers.
	NoticePrivacySOCKS NoticeCode = "privacy-socks"
	// NoticePrivacyDirect: the servers see our address, the network sees the servers. Nothing set.
	NoticePrivacyDirect NoticeCode = "privacy-direct"
	// NoticePrivacyNames: the resolver Text is asked where the servers of domains are.
	NoticePrivacyNames NoticeCode = "privacy-names"
	// NoticePrivacyNamesSystem: whoever this machine asks for names is asked. Nothing set.
	NoticePrivacyNamesSystem NoticeCode = "privacy-names-system"
	// NoticePrivacySigns: whoever watches sees from when to when we are connected. Nothing set.
	NoticePrivacySigns NoticeCode = "privacy-signs"

	// NoticePrivacyServer: the server knows account JID and what it does; State; Via which way it sees us come; Text the server.
	NoticePrivacyServer NoticeCode = "privacy-server"
	// NoticePrivacyRandom: the end of our address means nothing. Nothing set.
	NoticePrivacyRandom NoticeCode = "privacy-random"
	// NoticePrivacyRoster: the server keeps a list of Count contacts.
	NoticePrivacyRoster NoticeCode = "privacy-roster"

	// NoticePrivacyPresence: Count contacts see that we are on line, our Show and our status Text; List of JID and Name.
	NoticePrivacyPresence NoticeCode = "privacy-presence"
	// NoticePrivacyAnswers: what is answered to those who may know that we are here, and what to nobody. Nothing set.
	NoticePrivacyAnswers NoticeCode = "privacy-answers"
	// NoticePrivacyMessages: what goes with each message. Nothing set.
	NoticePrivacyMessages NoticeCode = "privacy-messages"
	// NoticePrivacyHeartbeats: keys of OTR are renewed without a word. Nothing set.
	NoticePrivacyHeartbeats NoticeCode = "privacy-heartbeats"
	// NoticePrivacyNoHeartbeats: they are not. Nothing set.
	NoticePrivacyNoHeartbeats NoticeCode = "privacy-no-heartbeats"

	// NoticePrivacyVisits: what every room learns that we enter. Nothing set.
	NoticePrivacyVisits NoticeCode = "privacy-visits"
	// NoticePrivacyRoom: the occupants of Room see us as Nick; Flags tell who else may see what.
	NoticePrivacyRoom NoticeCode = "privacy-room"

	// NoticePrivacyAmnesic: nothing is kept. Nothing set.
	NoticePrivacyAmnesic NoticeCode = "privacy-amnesic"
	// NoticePrivacyEncrypted: what is kept is encrypted under a passphrase. Nothing set.
	NoticePrivacyEncrypted NoticeCode = "privacy-encrypted"
	// NoticePrivacyPlainKey: what is kept can be read by whoever has the disk. Nothing set.
	NoticePrivacyPlainKey NoticeCode = "privacy-plain-key"
	// NoticePrivacyPassword: the account's password is kept in the profile. Nothing set.
	NoticePrivacyPassword NoticeCode = "privacy-password"
	// NoticePrivacyNoPassword: it is kept in memory alone. Nothing set.
	NoticePrivacyNoPassword NoticeCode = "privacy-no-password"
	// NoticePrivacyGuards: the relays by which our own Tor enters are kept. Nothing set.
	NoticePrivacyGuards NoticeCode = "privacy-guards"
	// NoticePrivacyNoGuards: they are not. Nothing set.
	NoticePrivacyNoGuards NoticeCode = "privacy-no-guards"
	// NoticePrivacyNotifies: new messages are told of outside of the screen. Nothing set.
	NoticePrivacyNotifies NoticeCode = "privacy-notifies"
	// NoticePrivacyNotifiesNot: they are not. Nothing set.
	NoticePrivacyNotifiesNot NoticeCode = "privacy-notifies-not"

	// NoticePrivacyOn: Text (one of SwitchWords) is switched on, for account JID or with the zero JID for all; a row, and the answer to
	// the switch.
	NoticePrivacyOn NoticeCode = "privacy-on"
	// NoticePrivacyOff: Text (one of SwitchWords) is switched off; JID as above; a row, and the answer to the switch.
	NoticePrivacyOff NoticeCode = "privacy-off"
)

// privacyNoticeCodes lists the rows of /privacy.
func privacyNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticePrivacyTor, NoticePrivacySOCKS, NoticePrivacyDirect, NoticePrivacyNames, NoticePrivacyNamesSystem, NoticePrivacySigns,
		NoticePrivacyServer, NoticePrivacyRandom, NoticePrivacyRoster,
		NoticePrivacyPresence, NoticePrivacyAnswers, NoticePrivacyMessages, NoticePrivacyHeartbeats, NoticePrivacyNoHeartbeats,
		NoticePrivacyVisits, NoticePrivacyRoom,
		NoticePrivacyAmnesic, NoticePrivacyEncrypted, NoticePrivacyPlainKey, NoticePrivacyPassword, NoticePrivacyNoPassword,
		NoticePrivacyGuards, NoticePrivacyNoGuards, NoticePrivacyNotifies, NoticePrivacyNotifiesNot,
		NoticePrivacyOn, NoticePrivacyOff,
	}
}
