package i18n

import (
	"strings"

	"traboule/im"
)

func wordsFrench() words {
	return words{
		days: [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
			"novembre", "décembre"},
		shows:         [...]string{"hors ligne", "longue absence", "absence", "ne pas déranger", "en ligne", "envie de parler"},
		roles:         [...]string{"aucun", "lecture seule", "participation", "modération"},
		affiliations:  [...]string{"aucun", "exclusion", "membre", "admin", "propriétaire"},
		subscriptions: [...]string{"sans se voir", "tu vois sa présence", "voit ta présence", "vous vous voyez"},
		connections:   [...]string{"hors ligne", "attente de Tor", "connexion en cours", "en ligne", "de nouveau en ligne", "échec"},
		vias:          [...]string{"sans connexion", "par Tor", "par Tor (onion)", "par un proxy SOCKS de nature inconnue", "en direct, SANS TOR"},
		ways:          [...]string{"", "Tor", "Tor (onion)", "SOCKS inconnu", "SANS TOR"},
		states:        [...]string{"", "envoi en cours", "parti", "arrivé", "lu", "pas envoyé"},
		warnings: [...]string{"", "ce pseudo ressemble à celui de quelqu’un d’autre", "correction d’un message de quelqu’un d’autre",
			"chiffré d’une façon illisible ici", "PAS CHIFFRÉ"},
		protections:   [...]string{"pas chiffré", "chiffré, non vérifié", "chiffré, vérifié"},
		conversations: [...]string{"pas chiffré", "chiffrement en cours", "chiffré, non vérifié", "chiffré, vérifié", "chiffrement terminé", "pas encore chiffré"},
		trusts:        [...]string{"inconnue", "non vérifiée", "vérifiée"},
		filters:       [...]string{"de:", "dans:", "le:", "depuis:", "avant:"},
		kept:          map[bool]string{true: "gardé", false: "oublié à la fermeture"},
		keptDays:      "gardé {count} {count|jour|jours}",
		policies: [...]string{"quand tu le lances, ou l’acceptes", "jamais", "de lui-même, dès que l’autre côté le peut",
			"toujours, rien ne part autrement"},
		audiences: [...]string{"le réseau", "ton serveur", "tes contacts", "tes salons", "cette machine"},
		disclosures: [...]string{"", "qui t’écrit apprend que c’est arrivé", "qui parle avec toi voit quand tu écris",
			"qui t’écrit apprend ce que tu as lu", "qui en a le droit apprend quand tu es là",
			"ton adresse y finit par le nom donné dans les réglages", "les autres apprennent ce que ce client sait faire",
			"il te copie ce que tes autres appareils envoient et reçoivent", "on lui demande ce qu’il a gardé de tes messages",
			"il garde la liste de tes salons, pour tes autres appareils", "ce que tu as tapé sans l’envoyer est gardé si le profil garde quelque chose, mais jamais ce qui allait être chiffré"},
		undisclosed: [...]string{"", "personne n’apprend qu’un message est arrivé", "personne n’apprend que tu écris",
			"personne n’apprend ce que tu as lu", "personne n’apprend que tu es là, et ce qu’on t’écrit attend sur ton serveur",
			"ton adresse y finit par des lettres qui ne veulent rien dire dès la prochaine connexion", "personne n’apprend ce que ce client sait faire",
			"il ne te copie pas ce que tes autres appareils envoient et reçoivent", "on ne lui demande pas ce qu’il a gardé de tes messages",
			"la liste de tes salons n’y est ni lue ni changée", "ce que tu as tapé sans l’envoyer est oublié quand le client se ferme"},
		refusals: [...]string{"les fichiers des autres", "TCP ailleurs que vers Tor", "UDP", "les autres sockets Unix", "le lancement de programmes"},
		lacks: [...]string{"", "ce noyau n’a pas Landlock", "le Landlock de ce noyau est trop ancien", "ce noyau n’a pas seccomp",
			"ce processeur n’est pas connu ici"},
		flags: map[im.RoomFlag]string{
			im.FlagPublic:        "public",
			im.FlagHidden:        "caché",
			im.FlagLogged:        "archivé",
			im.FlagNonAnonymous:  "adresses visibles",
			im.FlagSemiAnonymous: "adresses visibles par la modération",
			im.FlagMembersOnly:   "réservé aux membres",
			im.FlagModerated:     "modéré",
			im.FlagPassword:      "mot de passe",
			im.FlagPersistent:    "permanent",
			im.FlagTemporary:     "temporaire",
		},
		drops: map[im.DropReason]string{
			im.DropTooLarge: "trop grand", im.DropTooDeep: "trop imbriqué", im.DropHostile: "hostile", im.DropForged: "falsifié",
			im.DropUnasked: "une réponse que personne n’a demandée", im.DropUnparseable: "abîmé",
		},
		certificates: map[string]string{
			"wrong-name":        "son certificat vaut pour [{detail}|aucun nom]",
			"unknown-authority": "personne de confiance n’a signé son certificat",
			"expired":           "son certificat a pris fin le {detail}",
			"not-yet-valid":     "son certificat ne commence que le {detail}",
			"invalid":           "son certificat n’est pas celui d’un serveur",
		},
		nested:   strings.NewReplacer("«", "“", "≪", "“", "《", "“", "⟪", "“", "»", "”", "≫", "”", "》", "”", "⟫", "”"),
		quotes:   [...]string{"«\u00a0", "\u00a0»"},
		unread:   "{count} à lire",
		asNick:   "sous le pseudo {nick}",
		autoJoin: "tu y entres à chaque démarrage",
		aliases:  "aussi :",
		colon:    " : ",
		people:   "{count} {count|personne|personnes}",
		said:     "[ L’autre côté a écrit : « {said} »]",
	}
}
