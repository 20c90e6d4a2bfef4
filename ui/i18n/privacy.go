package i18n

import (
	"strings"

	"traboule/core"
)

// Audience returns who learns what is disclosed: "your server".
func (p *Printer) Audience(a core.Audience) string { return pick(p.text.words.audiences[:], int(a)) }

// Disclosed returns what a row of /privacy tells, without to whom and how to change it.
func (p *Printer) Disclosed(n *core.Notice) string {
	return p.expand(p.text.notices[n.Code], func(name string) value { return p.noticeValue(n, name) })
}

// DisclosedBy returns what to type to change a row of /privacy or to see more, else its name in the settings; empty for neither.
func (p *Printer) DisclosedBy(d *core.Disclosed) string {
	if name, rest, _ := strings.Cut(strings.TrimPrefix(d.Command, "/"), " "); name != "" {
		return strings.TrimSpace("/" + p.command(name) + " " + rest)
	}
	if d.Setting != "" {
		return "config.toml" + p.typeset(p.text.words.colon) + d.Setting
	}
	return ""
}

// disclosedRow returns a row of /privacy as one sentence that stands alone.
func (p *Printer) disclosedRow(n *core.Notice) string {
	sentence := p.Audience(n.Privacy.Audience) + p.typeset(p.text.words.colon) + p.Disclosed(n)
	if by := p.DisclosedBy(n.Privacy); by != "" {
		sentence += " · " + by
	}
	return sentence
}

// switchWord returns what it means that the switch with a typed name stands as it does.
func (p *Printer) switchWord(n *core.Notice) string {
	which := int(core.SwitchNamed(n.Text))
	if n.Code == core.NoticePrivacyOff {
		return pick(p.text.words.undisclosed[:], which)
	}
	return pick(p.text.words.disclosures[:], which)
}

func privacyNoticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"privacy-tor":          "it sees that you use Tor, but not what for; the servers see that you come through Tor, not from where",
		"privacy-socks":        "whoever runs the proxy at {text} sees your address and which servers you reach, and may show them your address",
		"privacy-direct":       "the servers see your address, and your network sees which servers you reach · --tor required changes that",
		"privacy-names":        "{text} is asked where your server is, the same way as all else goes; it learns the domain, not the account",
		"privacy-names-system": "whoever this machine asks for names is asked where your server is, without encryption; they learn the domain, not the account",
		"privacy-signs":        "from when to when you are connected, and how much is said, shows to whoever watches your server or your line",

		"privacy-server": "the server[ {text}] of {jid} sees whom you talk to and when, and all that is not encrypted; [you reach it {via}|you are offline now]",
		"privacy-random": "your address there ends in letters that mean nothing, others at each start",
		"privacy-roster": "it keeps your contacts, {count} of them, and whom you block",

		"privacy-presence":      "[{count} {count|contact sees|contacts see}|whoever may see your presence, nobody for now, learns] that you are here: {show}[, “{text}”]",
		"privacy-answers":       "to those who see you here, and in your rooms, a question whether you are there is answered; which version this is, your clock and how long you have been idle are told to nobody",
		"privacy-messages":      "a message carries its text and a random id, and tells where it is encrypted with OTR or replaces another",
		"privacy-heartbeats":    "where only they write, the keys of OTR are renewed now and then, which tells them that you are there",
		"privacy-no-heartbeats": "no message goes out just to renew the keys of OTR",

		"privacy-visits": "a room learns your nickname, that you are here or away, up to when you have read it, and now and then that you are still there",
		"privacy-room":   "everybody in {room} sees you as {nick}[ · {flags}]",

		"privacy-amnesic":      "nothing is kept: when the client ends, it is gone",
		"privacy-encrypted":    "what is kept is encrypted, and readable with your passphrase alone",
		"privacy-plain-key":    "what is kept can be read by whoever has this disk: the key lies beside it",
		"privacy-password":     "the password of {account} is kept",
		"privacy-no-password":  "the password of {account} is forgotten when the client ends",
		"privacy-guards":       "a Tor that this client starts keeps by which relays it enters",
		"privacy-no-guards":    "a Tor that this client starts keeps nothing",
		"privacy-notifies":     "new messages ring or show outside of this screen",
		"privacy-notifies-not": "nothing rings or shows outside of this screen",

		"privacy-on":  "[{jid}: ]{switch}",
		"privacy-off": "[{jid}: ]{switch}",
	}
}

func privacyNoticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"privacy-tor":          "il voit que tu te sers de Tor, pas pour quoi ; les serveurs te voient venir de Tor, pas d’où tu es",
		"privacy-socks":        "qui tient le proxy {text} voit ton adresse IP et les serveurs que tu joins, et peut leur montrer cette adresse",
		"privacy-direct":       "les serveurs voient ton adresse IP, et ton réseau voit quels serveurs tu joins · --tor required change cela",
		"privacy-names":        "{text} dit où est ton serveur, par le même chemin que tout le reste ; on y apprend le domaine, pas le compte",
		"privacy-names-system": "le serveur de noms de cette machine dit où est ton serveur, sans chiffrement ; il apprend le domaine, pas le compte",
		"privacy-signs":        "de quand à quand tu es en ligne, et combien tu parles, se voit pour qui observe ton serveur ou ta ligne",

		"privacy-server": "le serveur[ {text}] de {jid} voit à qui tu parles et quand, et tout ce qui n’est pas chiffré ; [tu y arrives {via}|tu es hors ligne]",
		"privacy-random": "ton adresse y finit par des lettres qui ne veulent rien dire, d’autres à chaque démarrage",
		"privacy-roster": "il garde tes contacts ({count}) et les adresses que tu bloques",

		"privacy-presence":      "[{count} {count|contact voit|contacts voient}|qui a le droit de voir ta présence, personne pour l’instant, apprend] que tu es là : {show}[, « {text} »]",
		"privacy-answers":       "à qui te voit ici et dans tes salons, on répond si tu es là ; la version de ce client, ton horloge et ton inactivité ne regardent personne",
		"privacy-messages":      "un message porte son texte et un identifiant tiré au hasard, et dit s’il est chiffré par OTR ou en remplace un autre",
		"privacy-heartbeats":    "là où seul l’autre côté écrit, les clés d’OTR sont renouvelées de temps en temps, ce qui dit que tu es là",
		"privacy-no-heartbeats": "aucun message ne part juste pour renouveler les clés d’OTR",

		"privacy-visits": "un salon apprend ton pseudo, ta présence ou ton absence, jusqu’où tu l’as lu, et de temps en temps que tu y es encore",
		"privacy-room":   "tout le monde dans {room} te voit sous le pseudo {nick}[ · {flags}]",

		"privacy-amnesic":      "rien n’est gardé : quand le client se ferme, tout disparaît",
		"privacy-encrypted":    "ce qui est gardé est chiffré, et ne se lit qu’avec ta phrase secrète",
		"privacy-plain-key":    "qui a ce disque peut lire ce qui est gardé : la clé est à côté",
		"privacy-password":     "le mot de passe de {account} est gardé",
		"privacy-no-password":  "le mot de passe de {account} est oublié quand le client se ferme",
		"privacy-guards":       "un Tor que ce client démarre garde par quels relais il entre",
		"privacy-no-guards":    "un Tor que ce client démarre ne garde rien",
		"privacy-notifies":     "les nouveaux messages sonnent ou s’annoncent hors de cet écran",
		"privacy-notifies-not": "rien ne sonne ni ne s’annonce hors de cet écran",

		"privacy-on":  "[{jid} : ]{switch}",
		"privacy-off": "[{jid} : ]{switch}",
	}
}
