package i18n

import (
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
)

// fullNotice has every field set.
func fullNotice() *core.Notice {
	return &core.Notice{
		Account: im.MustJID("ana@localhost"), JID: im.MustJID("hubert@localhost"), Room: im.MustJID("grenoble@conference.localhost"),
		Nick: "hubert", Actor: "paulette", Reason: "trop de bruit", Text: "typing", NewNick: "hub", Argument: "NICK", Suggestion: "join",
		Affiliation: im.Member, Role: im.Moderator, Show: im.Away, Flags: []im.RoomFlag{im.FlagPublic, im.FlagLogged},
		State: im.Connected, Via: im.ViaOnion, Count: 3, Of: 8, Wait: 90 * time.Second,
		Err: &im.Failure{Code: im.CodeBanned, Text: "dehors"},
		OTR: &core.OTRNotice{
			Theirs: strings.Repeat("a", 40), Ours: strings.Repeat("b", 40), Former: strings.Repeat("c", 40), Version: 2,
			Policy: im.OTRRequired, Trust: im.Verified, URI: "xmpp:ana@localhost?otr-fingerprint=" + strings.Repeat("b", 40),
		},
		Search:      &core.SearchQuery{Text: "pain", From: "hubert"},
		Confinement: &im.Confinement{Wanted: true, Files: true, Lacks: []im.ConfinementLack{im.OldLandlock}},
	}
}

// TestSearchFilters: what is offered to begin a filter is understood as that filter.
func TestSearchFilters(t *testing.T) {
	for _, lang := range []string{English, French} {
		for i, word := range New(lang).SearchFilters() {
			command, err := core.Parse("/search " + word + "2026-11-22")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := command.(core.Search).Query.String(), core.SearchFilters()[i]+"2026-11-22"; got != want {
				t.Errorf("%s: %s gives %s, want %s", lang, word, got, want)
			}
		}
	}
}

func TestNotice(t *testing.T) {
	hostile := &core.Notice{Code: "occupant-left", Nick: "hubert left. ana", Reason: "{nick} [x]"}
	for _, test := range []struct {
		notice *core.Notice
		en, fr string
	}{
		{&core.Notice{Code: "occupant-joined", Nick: "tigrou"}, "tigrou joined", "tigrou a rejoint le salon"},
		{hostile, "“hubert left. ana” left: “{nick} [x]”", "« hubert left. ana » a quitté le salon : « {nick} [x] »"},
		{&core.Notice{Code: "subject"}, "there is no subject", "il n’y a pas de sujet"},
		{&core.Notice{Code: "subject", Text: "jeudi, 18 h", Nick: "hubert"}, "subject: “jeudi, 18 h” (by hubert)", "sujet : « jeudi, 18 h » (par hubert)"},
		{&core.Notice{Code: "room-joined", Nick: "ana", Count: 1}, "you are in the room as ana: 1 person", "tu es dans le salon sous le pseudo ana : 1 personne"},
		{&core.Notice{Code: "search", Search: &core.SearchQuery{Text: "pain", From: "le chat", In: ".", On: "2026-11-21", Since: "2026-11-01", Before: "2026-11-22"}},
			"nothing found for “pain \"from:le chat\" in:. on:2026-11-21 since:2026-11-01 before:2026-11-22”",
			"rien pour « pain \"de:le chat\" dans:. le:2026-11-21 depuis:2026-11-01 avant:2026-11-22 »"},
		{&core.Notice{Code: "empty-filter", Text: "search", Argument: "de:", Suggestion: "de:hubert"},
			"/search: nothing stands behind “de:”; it goes like this: de:hubert", "/chercher : il n’y a rien derrière « de: » ; cela s’écrit ainsi : de:hubert"},
		{&core.Notice{Code: "privacy-on", Text: "typing", Privacy: &core.Disclosed{Audience: core.ToContacts, Command: "/privacy typing off"}},
			"your contacts: who talks with you is told while you are typing · /privacy typing off",
			"tes contacts : qui parle avec toi voit quand tu écris · /confidentialite typing off"},
		{&core.Notice{Code: "privacy-off", Text: "caps", Privacy: &core.Disclosed{Audience: core.ToContacts}},
			"your contacts: nobody is told what this client can do", "tes contacts : personne n’apprend ce que ce client sait faire"},
		{&core.Notice{Code: "privacy-on", Text: "resource", Privacy: &core.Disclosed{Audience: core.ToServer}},
			"your server: your address there ends in the name from the settings", "ton serveur : ton adresse y finit par le nom donné dans les réglages"},
		{&core.Notice{Code: "privacy-off", Text: "drafts", Privacy: &core.Disclosed{Audience: core.ToMachine}},
			"this machine: what you typed and did not send is forgotten when the client ends",
			"cette machine : ce que tu as tapé sans l’envoyer est oublié quand le client se ferme"},
		{&core.Notice{Code: "privacy-guards", Privacy: &core.Disclosed{Audience: core.ToMachine, Setting: "keep_guards"}},
			"this machine: a Tor that this client starts keeps by which relays it enters · config.toml: keep_guards",
			"cette machine : un Tor que ce client démarre garde par quels relais il entre · config.toml : keep_guards"},
		{&core.Notice{Code: "amnesic"}, "nothing of this session is kept: contacts, keys and trust are gone when it ends · to keep them, encrypted: traboule profile",
			"rien de cette session n’est gardé : contacts, clés et confiance s’en vont avec elle · pour les garder, chiffrés : traboule profile"},
		{&core.Notice{Code: "amnesic", Text: "--amnesic"}, "nothing of this session is kept: contacts, keys and trust are gone when it ends · --amnesic asks for that",
			"rien de cette session n’est gardé : contacts, clés et confiance s’en vont avec elle · c’est --amnesic qui le veut"},
		{&core.Notice{Code: "stanza-dropped", Count: 2, Text: "forged"}, "2 stanzas were thrown away: forged", "2 éléments ont été jetés : falsifié"},
		{&core.Notice{Code: "missing-argument", Text: "kick", Argument: "NICK"}, "/kick lacks NICK · /help kick", "/expulser : il manque PSEUDO · /aide expulser"},
		{&core.Notice{Code: "unknown-command", Text: "jion", Suggestion: "join"}, "/jion: there is no such command. Did you mean /join?", "/jion : commande inconnue. Tu voulais dire /join ?"},
		{&core.Notice{Code: "unknown-command", Text: "xyzzy"}, "/xyzzy: there is no such command · /help lists them", "/xyzzy : commande inconnue · /aide les montre toutes"},
		{&core.Notice{Code: "waiting-for-tor", Count: 35}, "waiting for Tor: 35%", "attente de Tor : 35 %"},
		{&core.Notice{Code: "not-connected", JID: im.MustJID("ana@localhost")}, "ana@localhost is offline · /connect", "ana@localhost n’est pas en ligne · /connecter"},
		{&core.Notice{Code: "not-connected", JID: im.MustJID("ana@localhost"), State: im.WaitingForTor}, "ana@localhost is not connected yet (waiting for Tor): try again once it is", "ana@localhost n’est pas encore en ligne (attente de Tor) : réessaie quand il le sera"},
		{&core.Notice{Code: "privacy-presence", Show: im.Online}, "whoever may see your presence, nobody for now, learns that you are here: online", "qui a le droit de voir ta présence, personne pour l’instant, apprend que tu es là : en ligne"},
		{&core.Notice{Code: "privacy-presence", Count: 1, Show: im.Online}, "1 contact sees that you are here: online", "1 contact voit que tu es là : en ligne"},
		{&core.Notice{Code: "help", Text: "kick"}, "/kick NICK [TEXT]  puts somebody out of this room, who may come back", "/expulser PSEUDO [TEXTE]  fait sortir quelqu’un de ce salon, sans empêcher son retour"},
	} {
		if got := plainSpaces(New("en").Notice(test.notice)); got != test.en {
			t.Errorf("en: %q, want %q", got, test.en)
		}
		if got := plainSpaces(New("fr").Notice(test.notice)); got != test.fr {
			t.Errorf("fr: %q, want %q", got, test.fr)
		}
	}
}

// plainSpaces makes ordinary spaces of the unbreakable ones, which TestTemplates checks, so that tests can be read.
func plainSpaces(s string) string {
	return strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(s)
}

// TestNoticesAreSentences words every notice with all fields set.
func TestNoticesAreSentences(t *testing.T) {
	for _, lang := range []string{English, French} {
		p := New(lang)
		for _, code := range core.NoticeCodes() {
			full := fullNotice()
			full.Code = code
			got := p.Notice(full)
			if got == "" || strings.TrimSpace(got) != got || strings.ContainsAny(got, "{}[]") {
				t.Errorf("%s %q: %q", lang, code, got)
			}
		}
	}
}

func TestNoticeLines(t *testing.T) {
	windows := &core.Notice{Code: core.NoticeWindows, Count: 2, List: []core.Row{
		{JID: im.MustJID("grenoble@conference.localhost"), Name: "grenoble", Count: 12}, {Name: "paulette"},
	}}
	want := []string{"2 windows · /win N goes to one", "1 grenoble  12 unread", "2 paulette"}
	if got := New("en").NoticeLines(windows); !slices.Equal(got, want) {
		t.Errorf("windows: %q, want %q", got, want)
	}
	blocked := &core.Notice{Code: core.NoticeBlocklist, Count: 1, List: []core.Row{{JID: im.MustJID("troll@example.org")}}}
	want = []string{"1 adresse bloquée", "troll@example.org"}
	if got := New("fr").NoticeLines(blocked); !slices.Equal(got, want) {
		t.Errorf("block list: %q, want %q", got, want)
	}
}

func TestHelp(t *testing.T) {
	lines := New("fr").NoticeLines(&core.Notice{Code: core.NoticeHelp})
	if len(lines) != len(core.Commands())+1 {
		t.Errorf("%d lines of help for %d commands", len(lines), len(core.Commands()))
	}
	if want := "/entrer SALON [PSEUDO] [MOTDEPASSE]  entre dans un salon"; !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
		t.Errorf("no line begins %q", want)
	}
	lines = New("fr").NoticeLines(&core.Notice{Code: core.NoticeHelp, Text: "role"})
	if want := "RÔLE : none, visitor, participant, moderator"; plainSpaces(lines[len(lines)-1]) != want {
		t.Errorf("last line %q, want %q", lines[len(lines)-1], want)
	}
	if got, want := New("en").CommandError(&core.CommandError{Code: core.NoticeBadAddress, Command: "add", Argument: "a@b@c"}),
		"“a@b@c” is not an address like name@example.org"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestNoticesCannotBeImitated: what others write stands in our quotes, or is no more than one word, so that nothing in it
// reads as the client's own words.
func TestNoticesCannotBeImitated(t *testing.T) {
	said := []string{"bye” · hubert is now “owner", "fin » · hubert est « membre", "x〞, ≫ y", "hubert  moderator, owner"}
	for _, lang := range []string{"en", "fr"} {
		p := New(lang)
		open, shut := strings.TrimSpace(p.text.words.quotes[0]), strings.TrimSpace(p.text.words.quotes[1])
		outside := func(s string) string { // what is left without what stands in quotes
			for {
				before, rest, found := strings.Cut(s, open)
				if !found {
					return s
				}
				_, after, _ := strings.Cut(rest, shut)
				s = before + after
			}
		}
		for _, text := range said {
			jid, err := im.MustJID("troll@example.com").WithResource(text)
			if err != nil {
				t.Fatal(err)
			}
			for _, code := range core.NoticeCodes() {
				if code == core.NoticeHelp || strings.Contains(p.text.notices[code], "/{text}") || strings.Contains(p.text.notices[code], "{command}") {
					continue // words of the user
				}
				n := &core.Notice{
					Code: code, JID: jid, Nick: text, NewNick: text, Actor: text, Reason: text, Count: 2, Of: 2,
					List: []core.Row{{Name: text, Status: text, JID: jid}, {JID: jid}}, Err: &im.Failure{Code: im.CodeBanned, Text: text},
				}
				if strings.Contains(p.text.notices[code], open+"{text}") || strings.Contains(p.text.notices[code], open+"\u00a0{text}") {
					n.Text = text
				}
				for _, line := range p.NoticeLines(n) {
					if left := outside(line); strings.Contains(left, "hubert") || strings.Contains(left, shut) {
						t.Errorf("%s, %s: %q lets out %q", lang, code, line, left)
					}
				}
			}
		}
	}
}
