package i18n

import "traboule/im"

func failuresFrench() map[im.Code]string {
	return map[im.Code]string{
		im.CodeTorUnavailable: "Tor est exigé et ne répond pas[ ({detail})], donc rien n’est parti. Lance Tor, ou donne son port SOCKS avec --socks. " +
			"Pour t’en passer, le serveur et ton réseau voyant alors ton adresse IP : --tor off.",
		im.CodeTorBootstrap: "Tor n’arrive pas à joindre son réseau[ ({detail})], donc rien n’est parti. " +
			"S’il est bloqué ici, prends un autre réseau, ou un pont (tor_settings dans config.toml).",
		im.CodeNameNotFound:      "aucun serveur[ {detail}] de ce nom : vérifie l’orthographe de l’adresse.",
		im.CodeConnectionRefused: "personne ne répond[ à {detail}] : serveur en panne ou mauvais port. Réessaie plus tard ou demande à qui s’en occupe.",
		im.CodeOnionUnreachable:  "le service onion[ {detail}] ne répond pas : en panne, ou l’adresse est fausse. Réessaie dans quelques minutes.",
		im.CodeTorMissing: "Tor est exigé, mais ici aucun ne tourne ni n’est installé : rien n’est parti. Installe-le (Debian : sudo apt install tor) " +
			"ou lance le Navigateur Tor ; sur Tails, connecte-toi d’abord à Tor. Pour t’en passer, le serveur et ton réseau voyant alors ton adresse IP : --tor off.",
		im.CodeTorFailed: "le programme tor ne tourne pas[ ({detail})], donc rien n’est parti. " +
			"Lance Tor toi-même, ou le Navigateur Tor, puis réessaie (/connecter).",
		im.CodeNoNetwork:     "Tor ne joint personne, donc rien n’est parti : cette machine a-t-elle du réseau ?",
		im.CodeClockWrong:    "Tor ne marche pas quand l’horloge est fausse, donc rien n’est parti. Règle la date, l’heure et le fuseau de cette machine.",
		im.CodeOnionNotFound: "Tor ne connaît pas de service onion[ {detail}] : arrêté depuis un moment, ou adresse fausse. Vérifie-la ou réessaie plus tard.",
		im.CodeOnionDown:     "le service onion[ {detail}] est connu mais ne répond pas en ce moment. Réessaie dans quelques minutes.",
		im.CodeOnionAuth: "le service onion[ {detail}] n’ouvre qu’à qui a une clé, et Tor n’en a pas ou pas la bonne. " +
			"Demande-la à qui s’en occupe et donne-la à Tor.",
		im.CodeOnionAddress: "[{detail} : ]cette adresse onion ne peut pas être juste : une lettre est fausse ou manque. Rien n’est parti ; recopie-la.",
		im.CodeOnionV2:      "[{detail} : ]les adresses onion de 16 lettres ont disparu en 2021. Demande la nouvelle, qui en a 56.",
		im.CodeExitRefused: "le dernier relais de Tor n’a pas pu se connecter[ à {detail}], ou n’en a pas le droit. Réessayer en prend un autre, " +
			"/tor new aussi ; certains serveurs refusent Tor tout court.",
		im.CodeProxyRefused: "le port SOCKS ne fait pas ce qu’on lui demande[, pour {detail}] : ses réglages l’interdisent, ou ce n’est pas celui de Tor.",
		im.CodeNotTor: "ce qui répond[ à {detail}] ne dit pas être Tor, et cette session passe par Tor ou ne passe pas. " +
			"Donne le port SOCKS de Tor lui-même, ou dis avec --tor off que celui-ci te suffit.",
		im.CodeCircuitsRenewed: "la connexion passe sur de nouveaux circuits.",
		im.CodeUnreachable:     "le serveur[ {detail}] est hors d’atteinte d’ici : vérifie que cette machine a du réseau.",
		im.CodeTLSRequired:     "le serveur[ {detail}] ne propose pas de chiffrement, donc aucun mot de passe n’est parti. Ne l’utilise pas avant réparation.",
		im.CodeTLS: "impossible d’établir le chiffrement avec le serveur[ ({detail})], donc aucun mot de passe n’est parti. " +
			"Essaie un autre réseau ; si ça dure, préviens qui s’occupe du serveur.",
		im.CodeCertificate: "le serveur n’a pas prouvé qui il est[ : {why}]. Quelqu’un écoute peut-être : aucun mot de passe n’est parti. " +
			"Demande à qui s’en occupe[ si sa clé est {fingerprint}]. Si oui, écris « sha256:EMPREINTE » comme certificate du compte " +
			"dans config.toml, ou donne son autorité à --ca.",
		im.CodePinMismatch: "la clé du serveur est {fingerprint}, au lieu de {pinned}. Quelqu’un se tient peut-être au milieu : aucun mot de passe " +
			"n’est parti. Demande à qui s’en occupe. Si la nouvelle clé est confirmée, écris « sha256:EMPREINTE » comme certificate du compte dans config.toml.",
		im.CodeDowngrade: "le serveur ne propose plus qu’une connexion moins sûre qu’avant[ ({detail})], comme si quelqu’un se tenait au milieu. " +
			"Aucun mot de passe n’est parti. Demande à qui s’occupe du serveur ce qui a changé.",
		im.CodeNoMechanism: "le serveur veut voir ton mot de passe pour te laisser entrer[ ({detail})], donc rien n’est parti. " +
			"Demande SCRAM à qui s’en occupe.",
		im.CodeNoAnonymous:    "ce serveur n’ouvre pas sans compte (connexion anonyme). Donne l’adresse d’un compte chez lui, ou un autre serveur.",
		im.CodeLoginRefused:   "le serveur refuse la connexion[ ({condition})] : vérifie l’adresse et le mot de passe. Tape /connecter pour réessayer.",
		im.CodeNoPassword:     "il n’y a pas de mot de passe pour la connexion[ ({detail})]. Tape /connecter pour réessayer.",
		im.CodeConflict:       "un autre client a pris la place de cette connexion. /connecter pour la reprendre.",
		im.CodeStream:         "le serveur a mis fin à la connexion[ ({condition})].",
		im.CodeConnectionLost: "la connexion a été coupée[ ({detail})].",
		im.CodeTimeout:        "pas de réponse à temps[ de {detail}] : réseau ou serveur trop lent. Réessaie.",
		im.CodeQueueFull:      "trop de choses attendent déjà : ceci n’est pas parti. Attends le retour de la connexion et renvoie-le.",
		im.CodeNotConnected:   "il n’y a pas de connexion : rien n’est parti. Tape /connecter.",
		im.CodeNoSuchAccount:  "[{detail} : ]ce compte n’existe pas ici. Donne son adresse au démarrage ou mets-le dans config.toml.",
		im.CodeUnconfirmed:    "c’est peut-être arrivé quand même, bien que l’accusé de réception se soit perdu. Demande avant de renvoyer.",

		im.CodeRoomNotFound:     "ce salon n’existe pas[ : {detail}]. Vérifie l’adresse ou cherche avec /salons.",
		im.CodeNickTaken:        "quelqu’un porte déjà ce pseudo dans le salon. Choisis-en un autre : /pseudo PSEUDO ou /entrer SALON PSEUDO.",
		im.CodeBanned:           "l’entrée de ce salon t’est interdite. Seule sa modération peut changer cela.",
		im.CodeMembersOnly:      "ce salon est réservé à ses membres. Demande à ses propriétaires de t’y inscrire.",
		im.CodePasswordRequired: "ce salon demande un mot de passe, ou un autre : /entrer SALON PSEUDO MOTDEPASSE.",
		im.CodeRoomFull:         "le salon est plein. Réessaie plus tard.",
		im.CodeServiceGone:      "le serveur[ {detail}] qui héberge cela ne répond plus : le lien entre serveurs est peut-être coupé. Réessaie plus tard.",
		im.CodeNotAllowed:       "tu n’as pas le droit de faire cela ici.",
		im.CodeNotEncrypted:     "la conversation n’est pas chiffrée, donc rien n’est parti. Tape /otr start, ou /otr end pour continuer sans.",
		im.CodeUnanswered:       "il fallait le chiffrer et personne n’a répondu, donc il n’est pas parti. Renvoie-le pour l’envoyer en clair, ou tape /otr start.",
		im.CodeOTRFault:         "la partie de ce programme qui chiffre a failli, et rien n’est parti. Réessaie.",
		im.CodeKeyChanged:       "l’autre côté a désormais une autre clé, donc rien n’est parti. Renvoie-le s’il vaut aussi pour cette clé.",

		im.CodeItemNotFound:  "cela n’existe pas[ : {detail}].",
		im.CodeNotAcceptable: "l’autre côté ne l’accepte pas sous cette forme[ : {detail}].",
		im.CodeUnavailable:   "personne là-bas ne peut répondre : adresse hors ligne, inconnue, ou sans cette fonction.",
		im.CodeRefused:       "l’autre côté refuse[ ({condition})].",
		im.CodeTooLarge:      "c’est trop long[ : {detail}]. Envoie-le en morceaux.",
		im.CodeBadAnswer:     "la réponse n’avait pas de sens[ ({detail})] et a été jetée.",
		im.CodeInternalFault: "un défaut de ce programme a mis fin à la connexion[ ({detail})]. Tape /connecter pour reprendre, et signale-le.",
		im.CodeStoreFull:     "le disque n’a plus de place pour ce qui est à garder, ou une limite est atteinte. Fais de la place : ce qui attend d’être écrit est perdu si le client se ferme avant.",
		im.CodeStoreDamaged:  "ce qui est gardé sur le disque est abîmé[ ({detail})].",
		im.CodeStoreFailed:   "ce qui est gardé n’a pas pu être lu ou écrit[ ({detail})].",
	}
}
