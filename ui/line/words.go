package line

import (
	"traboule/core"
	"traboule/im"
)

// The words of the contract for values, each list in the order of its constants. They are the same in every language. Those
// that can be typed as well are core's.

func connectionWords() []string {
	return []string{"disconnected", "tor", "connecting", "connected", "resumed", "failed"}
}
func viaWords() []string          { return []string{"", "tor", "tor", "socks", "direct"} }
func showWords() []string         { return []string{"offline", "xa", "away", "dnd", "online", "chat"} }
func subscriptionWords() []string { return []string{"none", "to", "from", "both"} }
func subscriptionKindWords() []string {
	return []string{"request", "granted", "ended", "left"}
}
func roomWords() []string { return []string{"left", "joining", "joined", "failed"} }
func occupantWords() []string {
	return []string{"joined", "left", "renamed", "kicked", "banned", "changed"}
}
func kindWords() []string       { return []string{"chat", "groupchat", "private"} }
func encryptionWords() []string { return []string{"none", "otr"} }
func trustWords() []string      { return []string{"none", "unverified", "verified"} }
func levelWords() []string      { return []string{"info", "warning", "error"} }

// stateWords has one word for received and read: the contract knows no "read", which message-state tells beside it.
func stateWords() []string {
	return []string{"", "pending", "sent", "received", "received", "failed"}
}
func warningWords() []string {
	return []string{"", "lookalike", "foreign-correction", "undecryptable", "not-encrypted"}
}
func otrWords() []string { return []string{"plain", "starting", "encrypted", "finished"} }
func otrReasonWords() []string {
	return []string{"", "by-us", "by-them", "renewed", "peer-gone", "timeout", "fault", "disconnected"}
}
func otrEventWords() []string {
	return []string{"", "offered", "new-fingerprint", "trusted", "distrusted", "smp-request", "smp-progress", "smp-success",
		"smp-failure", "smp-abort", "unreadable", "error", "resent", "not-resent", "oversized", "unsupported", "unsafe-smp", "reflected", "same-key"}
}
func protectionWords() []string {
	return []string{"", "starting", "unverified", "verified", "finished", "required"}
}
func refusalWords() []string {
	return []string{"files", "tcp", "udp", "unix-sockets", "programs"}
}
func lackWords() []string {
	return []string{"", "no-landlock", "old-landlock", "no-seccomp", "unknown-processor"}
}

// value is an enumeration of im or core.
type value interface {
	im.ConnState | im.Via | im.Show | im.Subscription | im.SubscriptionKind | im.Affiliation | im.Role | im.Kind |
		im.Encryption | im.Trust | im.OTRState | im.OTRReason | im.OTRPolicy | im.HistoryMode | im.ConfinementLack | core.Refusal | core.Audience | core.RoomState | core.OccupantEvent | core.MessageState | core.Warning | core.OTREvent | core.Protection | core.Level
}

// word returns the word of a value.
func word[V value](words []string, v V) string { return words[v] }

// wordsOf returns the words of several values.
func wordsOf[V value](words []string, values []V) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = word(words, v)
	}
	return list
}

// wordUnlessZero returns the word of a value, and nothing for the first of its kind, which stands for none.
func wordUnlessZero[V value](words []string, v V) string {
	if v == 0 {
		return ""
	}
	return words[v]
}

// historyWords are how long something is kept.
func historyWords() []string { return []string{"", "off", "on", "days"} }
