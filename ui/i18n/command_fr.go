package i18n

// commandsFrench says what each command does, in the order of the manual.
func commandsFrench() map[string]string {
	return map[string]string{
		"help":       "montre les commandes, ou en explique une",
		"quit":       "sort des salons, salue les serveurs et ferme le client",
		"clear":      "vide cette fenêtre de ses lignes",
		"win":        "va à une fenêtre, par son numéro ou une partie de son nom ; sans rien, les montre",
		"close":      "ferme cette fenêtre ; si c’est un salon, en sort",
		"connect":    "met un compte en ligne, ou tous",
		"disconnect": "met un compte hors ligne, ou tous",
		"away":       "signale ton absence à tes contacts et salons, avec un mot si tu veux",
		"back":       "signale ton retour à tes contacts et salons",
		"tor":        "montre où en est Tor et par où passe chaque connexion ; new : autres circuits",
		"privacy":    "montre ce que cette session révèle et à qui, ou en change une partie",
		"panic":      "arrête tout d’un coup et vide le terminal ; un profil chiffré reste sur le disque",

		"join":         "entre dans un salon ; un nom sans @ est cherché sur ton propre serveur",
		"part":         "sort de ce salon, avec un mot d’adieu si tu veux",
		"nick":         "change ton pseudo dans ce salon",
		"subject":      "montre le sujet de ce salon, ou le change ; deux guillemets vides l’enlèvent",
		"names":        "montre qui est dans ce salon",
		"invite":       "invite quelqu’un dans ce salon",
		"kick":         "fait sortir quelqu’un de ce salon, sans empêcher son retour",
		"ban":          "fait sortir quelqu’un de ce salon pour de bon",
		"unban":        "laisse de nouveau une adresse entrer dans ce salon",
		"voice":        "donne la parole à quelqu’un dans un salon modéré",
		"devoice":      "retire la parole à quelqu’un, qui peut encore lire",
		"role":         "change ce que quelqu’un peut faire pendant cette visite",
		"affiliation":  "change le statut durable de quelqu’un dans ce salon",
		"affiliations": "montre les adresses qui ont un statut dans ce salon",
		"destroy":      "ferme ce salon pour toujours et pour tout le monde ; NOM est le sien, par précaution",
		"rooms":        "montre les salons publics de ton serveur, ou d’un autre service",

		"bookmarks":     "montre tes salons en signet, dans leur ordre",
		"bookmark":      "met un salon en signet : ouvert au démarrage (auto), à la main (on), ou l’enlève (off)",
		"bookmark name": "donne au signet de ce salon un nom à toi, ou aucun",
		"bookmark move": "met un signet à une autre place de la liste",

		"msg":       "envoie un texte à un salon, à un contact ou, dans un salon, à un pseudo",
		"query":     "ouvre une conversation et y va",
		"me":        "dit ce que tu fais : /moi prépare du thé",
		"say":       "envoie un texte tel quel, même s’il commence par une barre oblique",
		"correct":   "remplace le dernier texte que tu as envoyé ici",
		"roster":    "montre tes contacts",
		"add":       "ajoute un contact et demande à voir sa présence",
		"remove":    "retire un contact ; plus personne des deux ne voit la présence de l’autre",
		"accept":    "dit oui à une demande ou à une invitation ; sans adresse, à la seule ou à celle d’ici",
		"refuse":    "dit non à une demande ou à une invitation ; sans adresse, à la seule ou à celle d’ici",
		"block":     "arrête tout ce qui vient d’une adresse",
		"unblock":   "laisse de nouveau une adresse t’écrire",
		"blocklist": "montre les adresses bloquées",

		"otr":             "explique comment cette conversation est chiffrée, et que faire ensuite",
		"otr start":       "lance le chiffrement avec quelqu’un, ou accepte sa proposition",
		"otr end":         "y met fin : les serveurs peuvent lire ce que tu tapes ensuite",
		"otr policy":      "montre ou change quand chiffrer avec quelqu’un, ou avec tout le monde",
		"otr fingerprint": "montre ta clé et la sienne, à comparer par un autre moyen",
		"otr trust":       "marque sa clé comme vérifiée, une fois comparée",
		"otr distrust":    "revient là-dessus",
		"otr ask":         "vérifie qui c’est par une question ; entre guillemets droits si elle a plusieurs mots",
		"otr secret":      "vérifie qui c’est par un secret que vous partagez",
		"otr answer":      "répond à qui veut savoir si c’est bien toi",
		"otr abort":       "interrompt une vérification",

		"history":        "montre ou change combien de temps ce qui se dit est gardé : ici ou, avec « tout », partout",
		"history show":   "montre encore une fois les dernières lignes de cette conversation",
		"history more":   "montre ce qui précède ces lignes, gardé ici ou dans l’archive",
		"history forget": "efface pour de bon ce qui est gardé d’une conversation, ou de toutes",
		"search":         "cherche des mots, et de:NOM dans:CONVERSATION le:JOUR depuis:JOUR avant:JOUR",
		"found":          "va à une ligne que la dernière recherche a trouvée",
	}
}

// argumentsFrench names arguments where French says it otherwise.
func argumentsFrench() map[string]string {
	return map[string]string{
		"COMMAND": "COMMANDE", "TEXT": "TEXTE", "N|NAME": "N|NOM", "NAME": "NOM", "JID": "ADRESSE", "ROOM": "SALON", "NICK": "PSEUDO",
		"PASSWORD": "MOTDEPASSE", "ROLE": "RÔLE", "AFFILIATION": "STATUT", "ALTERNATE": "REMPLAÇANT", "SWITCH": "CHOIX",
		"POLICY": "POLITIQUE", "on|off|DAYS|default": "on|off|JOURS|default", "encrypted": "chiffré", "yes": "oui", "ANSWER": "RÉPONSE",
	}
}
