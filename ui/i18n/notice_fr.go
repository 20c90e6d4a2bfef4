package i18n

import "traboule/core"

func noticesFrench() map[core.NoticeCode]string {
	return merge(clientNoticesFrench(), torNoticesFrench(), privacyNoticesFrench(), bookmarkNoticesFrench(), roomNoticesFrench(), otrNoticesFrench(), historyNoticesFrench())
}

func clientNoticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"unknown-command":    "/{text} : commande inconnue[. Tu voulais dire /{suggestion} ?| · /aide les montre toutes]",
		"missing-argument":   "/{command} : il manque {argument} · /aide {command}",
		"too-many-arguments": "/{command} n’attend pas « {argument} » · /aide {command}",
		"bad-address":        "« {argument} » n’est pas une adresse comme nom@example.org",
		"bad-number":         "« {argument} » n’est pas un nombre à partir de 1",
		"bad-choice":         "/{command} ne connaît pas « {argument} » · /aide {command} montre les choix",
		"input-too-long":     "cette ligne dépassait {of} octets et a été jetée",
		"current":            "[ce que tu tapes va désormais à {jid}|tu n’es plus dans une conversation]",
		"open-quote":         "les guillemets de « {argument} » ne sont pas fermés",

		"help":                 "les commandes ; /aide COMMANDE en dit plus sur l’une d’elles",
		"windows":              "{count} {count|fenêtre|fenêtres} · /fenetre N pour y aller",
		"no-such-window":       "[aucune fenêtre ne s’appelle « {text} »|il n’y a pas de fenêtre {count}], {of} en tout · /fenetre les montre",
		"which-conversation":   "« {text} » : il y en a {count} de ce nom, donne l’adresse, par exemple {suggestion}",
		"no-such-conversation": "« {text} » n’est ni une adresse, ni le nom d’une conversation ou de quelqu’un de ce salon",
		"console-stays":        "cette fenêtre reste : les nouvelles de la connexion arrivent ici",
		"nobody-here":          "personne ne lirait cela ici : [/fenetre {count} pour aller à « {text} »|ouvre une conversation avec /entrer ou /discuter]",

		"waiting-for-tor":   "attente de Tor[ : {count} %][ (« {reason} »)]",
		"connecting":        "connexion de {jid}[ à {text}][, {via}]",
		"connected":         "connexion établie : {jid}, {via}[ ({text})]",
		"resumed":           "connexion rétablie : {jid}, {via}, rien n’est perdu",
		"disconnected":      "tu es hors ligne ({jid})[ : {err}][ Nouvel essai dans {wait}.]",
		"connection-failed": "[pas de connexion pour {jid} : ]{err}",
		"already-connected": "{jid} est déjà en ligne",
		"not-connected":     "{jid} n’est pas [encore en ligne ({state}) : réessaie quand il le sera|en ligne · /connecter]",
		"no-account":        "il n’y a pas de compte : donne ton adresse au démarrage, comme traboule ana@example.org",
		"linked-account":    "le lien est pour le compte {jid} ; il s’ouvre avec {text}, comme le dit --account",
		"no-such-account":   "{jid} n’est pas un de tes comptes",
		"route":             "{jid} : {state}[, {via}][ ({text})][, Tor à {count} %][ : {err}]",
		"amnesic":           "rien de cette session n’est gardé : contacts, clés et confiance s’en vont avec elle[ · c’est {text} qui le veut| · pour les garder, chiffrés : traboule profile]",
		"password-kept":     "le profil garde désormais le mot de passe de {jid} · keep_password = false dans les réglages l’en empêche",
		"key-pinned":        "première rencontre : la clé du serveur de {jid} est {text} · son adresse onion en répond ; aucune autre ne sera acceptée dans cette session",
		"carbons-failed":    "ce que tes autres appareils envoient et reçoivent n’apparaîtra pas ici : {err}",
		"stanza-dropped":    "{count} {count|élément a été jeté|éléments ont été jetés}[, le dernier venant de {jid}] : {drop}",
		"away":              "tu as signalé ton absence[ : « {text} »]",
		"back":              "te voilà de retour",

		"presence":             "{nick} : {show}[, « {text} »]",
		"roster":               "{count} {count|contact|contacts} de {jid}",
		"roster-failed":        "impossible d’obtenir tes contacts : {err}",
		"contact-added":        "{jid} rejoint tes contacts[ sous le nom {text}] et reçoit ta demande de voir sa présence",
		"add-failed":           "{jid} n’a pas rejoint tes contacts : {err}",
		"own-address":          "{jid} est ta propre adresse",
		"contact-removed":      "{jid} n’est plus dans tes contacts",
		"remove-failed":        "{jid} reste dans tes contacts : {err}",
		"not-in-roster":        "{jid} n’est pas dans tes contacts",
		"subscription-request": "{nick} demande à voir ta présence[ : « {text} »] · /accepter {jid} ou /refuser {jid}",
		"subscription-granted": "{nick} te laisse voir sa présence[ : « {text} »]",
		"subscription-ended":   "{nick} ne te laisse pas voir sa présence[ : « {text} »]",
		"subscription-left":    "{nick} ne veut plus voir ta présence[ : « {text} »]",
		"nothing-to-answer":    "[{jid} ne t’a rien demandé|personne n’attend ta réponse]",
		"which-question":       "{count} demandes attendent ta réponse : dis laquelle, comme /accepter {jid}",
		"accepted":             "{jid} peut voir ta présence",
		"refused":              "{jid} ne peut pas voir ta présence",
		"answer-failed":        "la réponse à {jid} n’est pas partie : {err}",
		"blocked":              "blocage de {jid} : plus rien n’en arrivera",
		"unblocked":            "{jid} peut de nouveau t’écrire",
		"block-failed":         "rien n’a changé pour le blocage de {jid} : {err}",
		"blocklist":            "{count} {count|adresse bloquée|adresses bloquées}",
		"blocklist-failed":     "impossible d’obtenir les adresses bloquées : {err}",

		"message-too-long":   "pas envoyé : {count} octets, {of} au plus · envoie-le en morceaux",
		"too-many-unsent":    "pas envoyé : {of} messages pour {jid} attendent déjà la connexion",
		"unsent":             "{count} {count|message|messages} pour {jid} : [{err}|rien n’est parti, car tu as fermé la fenêtre]",
		"nothing-to-correct": "tu n’as rien dit ici qui puisse être corrigé",
		"stranger-message":   "{jid}, hors de tes contacts, t’écrit : « {text} » · /discuter {jid} pour répondre",
	}
}
