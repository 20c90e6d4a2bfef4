package i18n

import "traboule/core"

func historyNoticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"history":               "{nick} : ce qui se dit est {keep}, comme partout · /historique on, /historique off",
		"history-own":           "{nick} : ce qui se dit est {keep}, par un réglage à part · /historique default l’enlève",
		"history-memory":        "partout : ce qui se dit est {keep}, mais en mémoire seulement : il n’en reste rien à la fin de cette session",
		"history-memory-off":    "partout : ce qui se dit est oublié quand sa fenêtre se ferme, et tout à la fin de cette session · /historique on tout",
		"history-own-memory":    "{nick} : ce qui se dit est {keep}, mais en mémoire seulement, par un réglage à part · /historique default l’enlève",
		"history-disk":          "partout : dans ton profil, ce qui se dit est {keep}, sauf là où une conversation a son propre réglage · /historique on tout, /historique off tout",
		"history-nowhere":       "rien n’est gardé pendant cette session : il n’y a pas de profil",
		"history-otr":           "ce que tu chiffres avec {nick} n’est pas gardé. Pour le garder aussi : /historique {text} {jid} chiffré",
		"history-otr-all":       "ce que tu chiffres n’est pas gardé, sauf avec qui tu le demandes : /historique on ADRESSE chiffré",
		"history-otr-kept":      "ATTENTION : même ce que tu chiffres avec {nick} est gardé, et qui ouvre ton profil peut le lire · /historique off {jid}",
		"history-otr-memory":    "même ce que tu chiffres avec {nick} est gardé, mais en mémoire seulement, jusqu’à la fin de cette session · /historique off {jid}",
		"history-forget":        "cela efface pour de bon ce qui est gardé de {nick}. Si c’est ce que tu veux : /historique oublier {jid} oui",
		"history-forget-all":    "cela efface pour de bon ce qui est gardé de TOUTES les conversations. Si c’est ce que tu veux : /historique oublier tout oui",
		"history-forgotten":     "effacé pour de bon : ce qui était gardé de [{nick}|toutes les conversations]",
		"history-forget-failed": "ce qui est gardé de [{nick}|toutes les conversations] n’a pas pu être effacé : {err}",
		"history-shown":         "[{count} {count|ligne|lignes}|rien] d’avant[ · {nick}] · /historique avant remonte plus haut",
		"history-beginning":     "[{count} {count|ligne|lignes}|rien] d’avant[ · {nick}] ; rien de plus ancien n’est connu",
		"history-full":          "il n’y a plus de place en mémoire pour d’autres lignes ici · /effacer en fait",
		"history-failed":        "impossible d’avoir ce qui s’est dit avant[ ({nick})] : {err}",
		"store-failed":          "ATTENTION : {err}",
		"history-unloaded":      "··· il s’est dit autre chose ici ···",
		"history-gap":           "··· il manque peut-être des messages ici ···",
		"history-gap-loading":   "··· chargement de ce qui s’est dit ici ···",
		"history-gap-failed":    "··· il manque peut-être des messages ici, et impossible de les avoir : {err} ···",
		"archive-missed":        "en ton absence : {count} {count|message|messages}[ dans {jid}][, dont {of} pour toi]",
		"archive-unshown":       "{count} {count|message|messages} de ton absence sans fenêtre : trop de personnes inconnues ont écrit",
		"archive-unreadable":    "{count} {count|message chiffré|messages chiffrés} avec {nick} en ton absence : plus personne ne peut {count|le|les} lire",
		"archive-failed":        "impossible d’avoir ce qui s’est dit en ton absence[ ({jid})] : {err}",
		"search":                "[{count} {count|ligne trouvée|lignes trouvées} pour « {query} » · /trouve N y va|rien pour « {query} »]",
		"search-cut":            "les {count} {count|ligne|lignes} les plus récentes pour « {query} » ; il y en a d’autres · /trouve N y va, avant:2026-11-22 montre de plus anciennes",
		"search-failed":         "impossible de chercher « {query} » dans ce qui est gardé : {err}",
		"bad-date":              "/{command} : « {argument} » n’est pas un jour ; un jour s’écrit ainsi : 2026-11-22",
		"empty-filter":          "/{command} : il n’y a rien derrière « {argument} » ; cela s’écrit ainsi : {suggestion}",
		"no-word":               "/{command} : il n’y a aucun mot dans « {argument} » ; seuls les lettres et les chiffres se cherchent",
		"found-gone":            "cette ligne n’est plus là[ ({nick})] : ni dans la fenêtre, ni gardée",
		"no-such-result":        "la dernière recherche a donné [{of} {of|ligne|lignes}|rien] : il n’y a pas de numéro {count}",
	}
}
