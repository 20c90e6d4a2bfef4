package line

import (
	"strings"

	"traboule/core"
	"traboule/im"
)

func otrHappenings(ana im.JID, one maker) []happening {
	phone, key, other := im.MustJID("paulette@localhost/phone"), strings.Repeat("b", 40), strings.Repeat("c", 40)
	person := core.ConversationID{Account: ana, Peer: phone.Bare()}
	told := func(name string, f core.OTRFact, n *core.Notice) happening {
		f.Account, f.Peer = ana, phone
		n.Account, n.JID, n.Nick = ana, phone.Bare(), "Paulette"
		return one(name, f, core.LineAdded{Conversation: person, Line: &core.Line{Time: noon(), Notice: n}})
	}
	session := core.OTRFact{State: im.OTREncrypted, Trust: im.Unverified, Fingerprint: key, Version: 3}
	event := func(e core.OTREvent) core.OTRFact {
		f := session
		f.Event = e
		return f
	}
	began, renewed, asked, progress, success := session, event(core.OTRNewFingerprint), event(core.OTRSMPRequest), event(core.OTRSMPProgress), event(core.OTRSMPSuccess)
	began.Reason, renewed.Reason, renewed.Former = im.OTRByThem, im.OTRRenewed, other
	asked.Question, progress.Progress, success.Trust = "où ?", 60, im.Verified
	theirs := &core.OTRNotice{Theirs: key, Version: 3, Trust: im.Unverified}
	fingerprints := &core.Notice{Code: core.NoticeOTRFingerprints, Account: ana, JID: ana, Nick: "Paulette", OTR: &core.OTRNotice{
		Ours: other, Theirs: key, Trust: im.Verified, URI: im.FingerprintURI(ana, other)}}
	policy := &core.Notice{Code: core.NoticeOTRPolicy, Account: ana, JID: phone.Bare(), OTR: &core.OTRNotice{Policy: im.OTRRequired}}
	stands := &core.Notice{Code: core.NoticeOTRIsUnverified, Account: ana, JID: phone.Bare(), Nick: "Paulette", Text: "phone", OTR: theirs,
		List: []core.Row{{JID: phone, Name: "phone", Protection: core.EncryptedUnverified}}}
	return []happening{
		told("otr offered", core.OTRFact{Event: core.OTROfferMade}, &core.Notice{Code: core.NoticeOTROffered, Level: core.Warn}),
		told("otr starting", core.OTRFact{State: im.OTRStarting, Reason: im.OTRByThem}, &core.Notice{Code: core.NoticeOTRStarting, Text: "phone"}),
		told("otr encrypted", began, &core.Notice{Code: core.NoticeOTRUnverified, Level: core.Warn, OTR: theirs, Text: "phone"}),
		told("otr new key", renewed, &core.Notice{Code: core.NoticeOTRNewKey, Level: core.Error, OTR: &core.OTRNotice{Theirs: key, Former: other}}),
		told("smp request", asked, &core.Notice{Code: core.NoticeSMPRequest, Level: core.Warn, Text: "où ?"}),
		told("smp progress", progress, &core.Notice{Code: core.NoticeSMPProgress, Count: 60}),
		told("smp success", success, &core.Notice{Code: core.NoticeSMPSuccess, OTR: theirs}),
		told("otr error", core.OTRFact{Event: core.OTRError, Text: "oups"}, &core.Notice{Code: core.NoticeOTRPeerError, Level: core.Warn, Reason: "oups"}),
		told("otr finished", core.OTRFact{State: im.OTRFinished, Fingerprint: key, Reason: im.OTRByThem}, &core.Notice{Code: core.NoticeOTREndedByThem, Level: core.Warn}),
		one("sent encrypted", core.MessageStateFact{Conversation: person, ID: "a3", State: core.StateSent, Encryption: im.OTR, Trust: im.Verified}),
		one("fingerprints", core.NoticeFact{Conversation: person, Notice: fingerprints}, core.LineAdded{Conversation: person, Line: &core.Line{Time: noon(), Notice: fingerprints}}),
		one("policy", core.NoticeFact{Conversation: person, Notice: policy}),
		one("otr state", core.NoticeFact{Conversation: person, Notice: stands}, core.LineAdded{Conversation: person, Line: &core.Line{Time: noon(), Notice: stands}}),
	}
}
