package ui

import (
	"fmt"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// sampleNow is when the samples are looked at: a Saturday.
func sampleNow() time.Time { return time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC) }

func at(hour, minute int) time.Time { return time.Date(2026, 11, 21, hour, minute, 0, 0, time.UTC) }

func sampleAccount() core.AccountView {
	return core.AccountView{
		Account: im.MustJID("ana@example.org"), JID: im.MustJID("ana@example.org/x7"), State: im.Connected, Via: im.ViaOnion,
		Show: im.Online,
	}
}

func roomID() core.ConversationID {
	return core.ConversationID{Account: im.MustJID("ana@example.org"), Peer: im.MustJID("grenoble@conference.example.org")}
}

func personID(name string) core.ConversationID {
	return core.ConversationID{Account: im.MustJID("ana@example.org"), Peer: im.MustJID(name + "@example.org")}
}

func occupantID(nick string) core.ConversationID {
	peer, _ := roomID().Peer.WithResource(nick)
	return core.ConversationID{Account: roomID().Account, Peer: peer}
}

func sampleConversations() []core.ConversationView {
	other := roomID()
	other.Peer = im.MustJID("ravitaillement@conference.example.org")
	gone := roomID()
	gone.Peer = im.MustJID("archives@conference.example.org")
	rows := []core.ConversationView{
		{ID: core.ConversationID{Account: im.MustJID("ana@example.org")}, Kind: core.Console, Name: "ana@example.org"},
		{ID: roomID(), Kind: core.Room, Name: "grenoble", Joined: true},
		{ID: other, Kind: core.Room, Name: "ravitaillement", Unread: 12, Mentions: 3, Joined: true},
		{ID: gone, Kind: core.Room, Name: "archives"},
		{ID: personID("paulette"), Kind: core.Person, Name: "paulette", Show: im.Online, Protection: core.EncryptedVerified},
		{ID: personID("tigrou"), Kind: core.Person, Name: "tigrou", Show: im.Online},
		{ID: personID("max"), Kind: core.Person, Name: "max", Show: im.Away, Unread: 2},
		{ID: personID("irene"), Kind: core.Person, Name: "irene@example.org", Show: im.Offline},
		{ID: occupantID("paulette"), Kind: core.Occupant, Name: "paulette", Show: im.Online},
		{ID: personID("lupin"), Kind: core.Person, Name: "lupin", Asking: true},
	}
	for i := range rows {
		rows[i].Window = uint64(i + 1)
	}
	return rows
}

func say(from, text string, when time.Time) core.Line {
	return core.Line{From: from, Body: text, Time: when}
}

func comes(nick string, code core.NoticeCode, when time.Time) core.Line {
	return core.Line{Time: when, Notice: &core.Notice{Code: code, Nick: nick}}
}

func logLines(lines ...core.Line) core.Log {
	var log core.Log
	for _, l := range lines {
		log, _ = log.Append(l)
	}
	return log
}

// sampleRoom is a room with everything in it.
func sampleRoom() core.View {
	lines := []core.Line{
		say("hubert", "à demain", at(14, 2).AddDate(0, 0, -1)),
		say("hubert", "salut tout le monde", at(14, 2)),
		say("paulette", "bonjour !", at(14, 2)),
		comes("tigrou", core.NoticeOccupantJoined, at(14, 5)),
		{From: "hubert", Body: "prépare le thé", Action: true, Time: at(14, 6)},
		{From: "paulette", Body: "[red]pas de balises[-] ici, mais une adresse assez longue : https://example.org/des/chemins/longs?et=des&autres=choses", Time: at(14, 7), Edited: true},
		comes("max", core.NoticeOccupantJoined, at(14, 20)), comes("irene", core.NoticeOccupantLeft, at(14, 21)), comes("zoé", core.NoticeOccupantJoined, at(14, 22)),
		say("hubert", "qui a du pain ?", at(14, 31)),
		{From: "paulette", Body: "ana : moi, chez toi dans dix minutes", Mention: true, Time: at(14, 31)},
		{From: "hubеrt", Body: "donne-moi l’adresse", Warning: core.WarnLookalike, Time: at(14, 31)},
		say("龍之介", "日本語のテキストは折り返しが必要です。👩‍👩‍👧 e\u0301te\u0301", at(14, 31)),
		say("noa", "שלום עולם", at(14, 31)),
		{Notice: &core.Notice{Code: core.NoticeMessageTooLong, Level: core.Error, Count: 70000, Of: 65536}, Time: at(14, 32)},
		{From: "ana", Out: true, Body: "oui", Time: at(14, 32), State: core.StateSent},
		{From: "ana", Out: true, Body: "j’arrive", Time: at(14, 32), State: core.StateFailed, Err: &im.Failure{Code: im.CodeConnectionLost}},
		{From: "ana", Out: true, Body: "merci", Time: at(14, 32), State: core.StatePending},
	}
	v := core.View{Accounts: []core.AccountView{sampleAccount()}, Conversations: sampleConversations()}
	v.Current = core.Window{
		ConversationView: v.Conversations[1], Account: v.Accounts[0].Account, Log: logLines(lines...), ReadUpTo: 9,
		Subject: "On se retrouve jeudi, 18 h, en ligne", Flags: []im.RoomFlag{im.FlagPublic, im.FlagLogged}, Nick: "ana",
		Typing: []string{"hubert"},
	}
	v.Current.Occupants = []core.OccupantView{
		{Nick: "irene", Affiliation: im.Owner, Role: im.Moderator, Show: im.Online},
		{Nick: "hubert", Role: im.Moderator, Show: im.Online},
		{Nick: "ana", Role: im.Participant, Show: im.Online, Self: true},
		{Nick: "hubеrt", Role: im.Participant, Show: im.Online, Lookalike: true},
		{Nick: "noa", Role: im.Visitor, Show: im.Online},
		{Nick: "paulette", Role: im.Participant, Show: im.Away},
		{Nick: "un pseudo vraiment très long", Role: im.Participant, Show: im.DoNotDisturb},
		{Nick: "龍之介", Role: im.Participant, Show: im.Online},
	}
	return v
}

// samplePerson is a one-to-one conversation that is encrypted but for one message.
func samplePerson() core.View {
	v := core.View{Accounts: []core.AccountView{sampleAccount()}, Conversations: sampleConversations()}
	v.Accounts[0].Via = im.ViaSOCKS
	v.Current = core.Window{
		ConversationView: v.Conversations[4], Account: v.Accounts[0].Account, Status: "au jardin\njusqu’à midi",
		Log: logLines(
			core.Line{From: "paulette", Body: "tu es là ?", Time: at(14, 10), Warning: core.WarnNotEncrypted},
			core.Line{From: "ana", Out: true, Body: "oui\net maintenant c’est chiffré", Time: at(14, 12), State: core.StateReceived, Encryption: im.OTR, Trust: im.Verified},
			core.Line{From: "paulette", Body: "à tout de suite", Time: at(14, 13), Encryption: im.OTR, Trust: im.Verified},
		),
		Resources: []core.ResourceView{
			{JID: im.MustJID("paulette@example.org/a81"), Show: im.Online}, {JID: im.MustJID("paulette@example.org/k3f"), Show: im.Away},
		},
	}
	return v
}

// sampleStart is the first View: one account on its way in.
func sampleStart() core.View {
	a := sampleAccount()
	a.State, a.Via, a.Progress = im.WaitingForTor, im.ViaNothing, 35
	v := core.View{Accounts: []core.AccountView{a}, Conversations: sampleConversations()[:1]}
	v.Tor = im.Tor{Phase: im.TorBootstrapping, Progress: 35, Summary: "Loading relay descriptors", Own: true, Proved: true}
	v.Current = core.Window{ConversationView: v.Conversations[0], Account: a.Account, Log: logLines(
		core.Line{Time: at(14, 30), Notice: &core.Notice{Code: core.NoticeTorStarting}},
		core.Line{Time: at(14, 30), Notice: &core.Notice{
			Code: core.NoticeWaitingForTor, Count: 35, Reason: v.Tor.Summary, Account: a.Account}},
	)}
	return v
}

// sampleLong is a room with many numbered lines.
func sampleLong(n int) core.View {
	v := sampleRoom()
	var log core.Log
	for i := range n {
		log, _ = log.Append(say("hubert", fmt.Sprintf("ligne %d", i), at(8, 0).Add(time.Duration(i)*time.Second)))
	}
	v.Current.Log, v.Current.ReadUpTo, v.Current.Typing = log, 0, nil
	return v
}

func printer(lang string) *i18n.Printer { return i18n.NewIn(lang, time.UTC) }

// samplePrivacy is sampleRoom with what is disclosed there.
func samplePrivacy() core.View {
	v := sampleRoom()
	v.Privacy = disclosed()
	return v
}

// disclosed gives the rows of a session with one account, after some commands.
func disclosed(commands ...core.Command) []*core.Notice {
	c := core.New(core.Options{
		Accounts: []core.AccountOptions{{JID: im.MustJID("ana@example.org")}},
		Standing: core.Standing{Resolver: "tls://9.9.9.9#dns.quad9.net"},
	})
	for _, command := range append(commands, core.WatchPrivacy{Shown: true}) {
		c.Handle(sampleNow(), core.Typed{Command: command})
	}
	return c.View().Privacy
}
