package i18n

import "traboule/core"

// torNoticesFrench words what is said of Tor and of what the kernel refuses.
func torNoticesFrench() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"tor-unused": "[cette session passe par le proxy SOCKS {text}, qui n’est peut-être pas Tor : qui le tient voit ton adresse IP|" +
			"cette session ne passe pas par Tor : le serveur et ton réseau voient ton adresse IP]",
		"tor-looking":       "recherche de Tor",
		"tor-starting":      "aucun Tor ne tourne ici, ce client lance donc le sien",
		"tor-bootstrapping": "[Tor ({text})|le Tor de ce client] rejoint son réseau[ : {count} %][ (« {reason} »)]",
		"tor-ready":         "Tor est prêt : [trouvé sur {text}|lancé par ce client]",
		"tor-gone":          "[plus rien ne répond sur {text} : relance Tor|le Tor de ce client s’est arrêté, il est relancé] ; rien ne sort avant son retour",
		"tor-missing":       "[{err}|il n’y a pas de Tor, et aucun n’a pu être lancé]",

		"tor-no-network":  "Tor ne joint personne : cette machine est-elle en ligne ?",
		"tor-clock-wrong": "l’horloge de cette machine est fausse[ d’environ {wait}], ce que Tor ne supporte pas : règle date, heure et fuseau",
		"tor-blocked":     "Tor ne passe pas : ce réseau le bloque peut-être. Prends un autre réseau, ou un pont (bridges.torproject.org)",
		"tor-asked":       "on peut demander à Tor comment il va, et de nouveaux circuits (port de contrôle)",
		"tor-not-asked":   "Tor lui-même ne se laisse pas interroger ici, comme sur Tails et Whonix : c’est sans conséquence",

		"new-circuits":    "de nouveaux circuits pour tout, dès maintenant[ ; {count} {count|connexion y passe|connexions y passent}]",
		"no-circuits":     "il n’y a pas de circuits : cette session ne passe pas par Tor",
		"circuits-failed": "[{jid} garde ses anciens circuits|pas de nouveaux circuits] : {err}",

		"confined":          "le noyau refuse à ce client : {refused}",
		"confinement-lacks": "le noyau ne refuse pas à ce client : {allowed}[ ({lacks})] ; son propre code s’en garde quand même",
		"not-confined":      "le noyau ne confine pas ce client, qui ne passe pas que par Tor",
	}
}
