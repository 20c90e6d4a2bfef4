package core

import (
	"slices"

	"traboule/im"
)

// Commands about OTR. To is a conversation as it was typed, empty for the current one.
type (
	// OTRState explains where the current conversation stands and what to do next.
	OTRState struct{}
	// StartOTR starts a session, agrees to one that was offered, or turns to one with another device.
	StartOTR struct{ To string }
	// EndOTR ends a session.
	EndOTR struct{ To string }
	// OTRPolicy shows when OTR is used with somebody, or with Set changes it. With a zero JID it is about who the current
	// conversation is with, and where nobody is, about all.
	OTRPolicy struct {
		Policy im.OTRPolicy
		Set    bool
		JID    im.JID
	}
	// Fingerprint shows our key and theirs.
	Fingerprint struct{ To string }
	// Trust marks the key of the other side as verified, or not.
	Trust struct {
		To       string
		Verified bool
	}
	// Verify asks the other side to prove that it knows a secret; Question may be empty.
	Verify struct{ Question, Secret string }
	// VerifyAnswer answers who asks for a secret.
	VerifyAnswer struct{ Secret string }
	// VerifyAbort ends a verification.
	VerifyAbort struct{}
	// VerifyFingerprint takes a key for somebody's because a link says so. Only the command line gives it. Fingerprint is
	// as of im.ParseFingerprint.
	VerifyFingerprint struct {
		JID         im.JID
		Fingerprint string
	}
)

func (OTRState) command()          {}
func (StartOTR) command()          {}
func (EndOTR) command()            {}
func (OTRPolicy) command()         {}
func (Fingerprint) command()       {}
func (Trust) command()             {}
func (Verify) command()            {}
func (VerifyAnswer) command()      {}
func (VerifyAbort) command()       {}
func (VerifyFingerprint) command() {}

// CarriesSecret reports whether a command holds a secret, which must not be kept, shown again or offered.
func CarriesSecret(c Command) bool {
	switch d := c.(type) {
	case Verify, VerifyAnswer:
		return true
	case Join:
		return d.Password != ""
	}
	return false
}

// PolicyWords are the words for a policy, by value.
func PolicyWords() []string { return []string{"manual", "never", "opportunistic", "required"} }

func otrCommands() []commandRow {
	to := may("CONVERSATION", ArgConversation)
	return []commandRow{
		row("otr", nil, parseOTR),
		row("otr start", nil, func(a *arguments) Command { return StartOTR{a.maybeWord()} }, to),
		row("otr end", nil, func(a *arguments) Command { return EndOTR{a.maybeWord()} }, to),
		row("otr policy", nil, parsePolicy, may("POLICY", ArgPolicy), may("JID", ArgJID)),
		row("otr fingerprint", nil, func(a *arguments) Command { return Fingerprint{a.maybeWord()} }, to),
		row("otr trust", nil, func(a *arguments) Command { return Trust{a.maybeWord(), true} }, to),
		row("otr distrust", nil, func(a *arguments) Command { return Trust{a.maybeWord(), false} }, to),
		row("otr ask", nil, parseAsk, need("QUESTION", ArgPassword), need("ANSWER", ArgPassword)),
		row("otr secret", nil, func(a *arguments) Command { return Verify{Secret: a.needText("SECRET")} }, need("SECRET", ArgPassword)),
		row("otr answer", nil, func(a *arguments) Command { return VerifyAnswer{a.needText("ANSWER")} }, need("ANSWER", ArgPassword)),
		row("otr abort", nil, func(*arguments) Command { return VerifyAbort{} }),
	}
}

// parseOTR takes what follows for a command that does not exist.
func parseOTR(a *arguments) Command {
	if word, _, _ := cutWord(a.rest); word != "" {
		a.fail(NoticeBadChoice, word)
	}
	return OTRState{}
}

func parsePolicy(a *arguments) Command {
	if a.rest == "" {
		return OTRPolicy{}
	}
	if word, _, _ := cutWord(a.rest); !slices.Contains(PolicyWords(), word) {
		if jid, err := im.ParseJID(word); err == nil && jid.Local() != "" {
			return OTRPolicy{JID: a.jid("JID")}
		}
	}
	policy := im.OTRPolicy(a.choice("POLICY", PolicyWords()))
	return OTRPolicy{Policy: policy, Set: true, JID: a.maybeJID("JID")}
}

// parseAsk never gives a part of the line in an error: it may be the answer.
func parseAsk(a *arguments) Command {
	question, rest, closed := cutWord(a.rest)
	if !closed {
		a.fail(NoticeOpenQuote, "QUESTION")
	}
	a.rest = rest
	if question == "" {
		a.fail(NoticeMissingArgument, "QUESTION")
	}
	return Verify{Question: question, Secret: a.needText("ANSWER")}
}
