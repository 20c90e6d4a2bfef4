package i18n

func profileFrench() map[Key]string {
	return map[Key]string{
		ProfileIsAmnesic:   "{1} : amnésique, rien n’est gardé.",
		ProfileIsEncrypted: "{1} : chiffré, avec une phrase secrète.",
		ProfileIsPlain:     "{1} : clé en clair, sans phrase secrète.",
		ProfileBeside:      "Sur ce disque malgré tout, et en clair : {1}",
		ProfileChoose:      "1, 2 ou 3 ? Entrée pour ne rien changer :",
		ProfileChooseAgain: "Tape 1, 2 ou 3 (amnésique, chiffré, clé en clair), ou Entrée pour rien :",
		ProfileUnchanged:   "Rien n’a changé.",
		ProfileMade:        "C’est fait : {1}. La phrase secrète sera demandée à chaque lancement. Personne ne pourra te la rendre.",
		ProfileMadePlain:   "C’est fait : {1}. Qui peut lire ce disque peut le lire.",
		ProfileSealed:      "C’est fait : cette phrase secrète ouvre désormais le profil, et aucune autre.",
		ProfileUnsealed:    "C’est fait : plus de phrase secrète. Qui peut lire ce disque peut lire le profil.",
		ProfileAskPlain:    "Qui peut lire ce disque pourra lire le profil. Tape « oui » pour le faire :",
		ProfileAskErase:    "Tout ce que garde {1} disparaît pour de bon, les clés d’abord : {2}. Tape « oui » pour effacer :",
		ProfileYes:         "oui",
		ProfileNo:          "non",
		ProfileErased:      "{1} : effacé. Amnésique désormais. config.toml est à toi et reste, où qu’il soit.",
		ProfileKeysBeside:  "{1} contient des clés OTR qui ne sont PAS chiffrées. traboule profile encrypted ou plain, dans un terminal ou avec --yes, les met dans le coffre.",
		ProfileAskKeys:     "{1} contient des clés OTR qui ne sont pas chiffrées. Les mettre dans le coffre, et effacer ce dossier avec ses copies de secours ? Tape « oui » :",
		ProfileKeysMoved:   "Elles sont dans le coffre ; {1} est effacé.",
		ProfileKeysStay:    "Tout n’a pas pu entrer dans le coffre : {1} reste comme il est.",
		ProfileNothing:     "{1} : déjà amnésique, il n’y a rien à effacer.",
		ProfileOnTails:     "Tails oublie ce dossier à l’arrêt : reste amnésique, ou ouvre le stockage persistant et ajoute --profile ~/Persistent/traboule",

		PassphraseAsk:     "Phrase secrète du profil :",
		PassphraseAgain:   "Ce n’est pas elle. Phrase secrète du profil :",
		PassphraseNew:     "Nouvelle phrase secrète (six mots tirés au sort font l’affaire) :",
		PassphraseRepeat:  "Encore une fois :",
		PassphraseEmpty:   "Elle ne peut pas être vide. Nouvelle phrase secrète :",
		PassphraseDiffers: "Ce n’étaient pas les mêmes. Nouvelle phrase secrète :",

		PassphraseNoTerminal: "aucun terminal où la demander, alors donne-la avec --passphrase-fd",

		VaultNoPassphrase:    "pas de phrase secrète pour le profil : {1}.",
		VaultWrongPassphrase: "mauvaise phrase secrète. Si tu en es sûr·e, {1} est abîmé : remets une copie de ce fichier, si tu en as une.",
		VaultEmptyPassphrase: "une phrase secrète ne peut pas être vide.",
		VaultInUse:           "un autre traboule utilise ce profil : ferme-le, ou prends un autre profil (--profile).",
		VaultKeyDamaged:      "{1} est abîmé, et rien du profil ne se lit sans lui : remets une copie, ou repars de zéro (traboule profile erase).",
		VaultKeyMissing:      "{1} manque, et rien du profil ne se lit sans lui : remets-le, ou repars de zéro (traboule profile erase).",
		VaultUnsafe:          "{1} est un lien, ou d’autres peuvent s’en servir. Remplace un lien par la chose elle-même ; sinon, s’il n’est qu’à toi : chmod -R go= sur le dossier « vault ».",
		VaultWrongKey:        "la clé à côté de {1} est celle d’une autre base : remets celle qui a été faite avec. Si elle est perdue : traboule profile repair",
		VaultDamaged:         "{1} est abîmé, ou ses dernières écritures manquent. Rien n’a été touché. Pour continuer avec le reste : traboule profile repair",
		VaultMissing:         "{1} manque, et avec lui tout ce que le profil gardait. Remets-le si tu en as une copie ; sinon, traboule profile repair repart d’un profil vide.",
		VaultNewer:           "un traboule plus récent a fait {1} : prends celui-là.",
		VaultFull:            "{1} : il n’y a plus de place sur le disque, ou une limite est atteinte (quota, ulimit -f). Fais de la place ou relève la limite, puis relance.",
		VaultFailed:          "{1} n’a pas pu être lu ou écrit : {2}. Vérifie que son disque est là et que le dossier est à toi, ou prends-en un autre (--profile).",

		SystemDenied:    "accès refusé",
		SystemReadOnly:  "ce disque ne peut qu’être lu",
		SystemNotThere:  "fichier ou dossier introuvable",
		SystemNotFolder: "une partie du chemin n’est pas un dossier",
		SystemDevice:    "le disque répond par une erreur",

		ProfileAskHistory:      "Garder ce qui se dit ? Ce qui passe par OTR, jamais, sauf demande de ta part.\n« non » (Entrée), « oui », ou un nombre de jours :",
		ProfileAskHistoryAgain: "Tape « non », « oui » ou un nombre de jours :",
		StartBadHistory:        "--history vaut off, on ou un nombre de jours, pas « {1} ».",
		StartOldHistory:        "--history est pour un nouveau profil, et {1} en a déjà un : rien n’a changé. Dans le client, /historique off tout change ce qu’il garde.",

		HistoryNothing:         "aucun message n’est gardé.",
		HistoryNoSuch:          "aucun message gardé d’une conversation avec « {1} » : traboule history donne celles qui existent.",
		HistoryWarning:         "ATTENTION : ce qui s’est dit avec {1} va s’afficher tel quel, et plus rien ne le protège alors, ni sur un disque ni sur cet écran.",
		HistoryAsk:             "Tape « oui » pour l’afficher :",
		StartBadHistoryCommand: "écris : traboule history, ou traboule history export CONVERSATION",

		ProfileWhole:       "{1} est entier : rien à réparer.",
		ProfileAskRepair:   "{1} est abîmé, ou ses dernières écritures manquent : des messages ou des réglages sont perdus. Tape « oui » pour continuer avec le reste :",
		ProfileRepaired:    "C’est fait : le profil s’ouvre de nouveau, avec ce qui restait.",
		ProfileSalvaged:    "C’est fait : le profil s’ouvre de nouveau, avec ce qui pouvait se lire. Vérifie les réglages de /confidentialite. L’ancien s’appelle maintenant {1}.",
		ProfileAskSetAside: "Rien de {1} ne se lit plus. Tape « oui » pour le mettre de côté et repartir d’un profil vide :",
		ProfileAskWrongKey: "La clé n’ouvre pas {1}, et sans la sienne personne ne le lit. Tape « oui » pour le mettre de côté et repartir d’un profil vide :",
		ProfileAskAnew:     "{1} manque, et avec lui tout ce que le profil gardait. Tape « oui » pour repartir d’un profil vide :",
		ProfileAnew:        "C’est fait : le profil est vide, et s’ouvre comme avant.",
		ProfileSetAside:    "C’est fait : l’ancien s’appelle maintenant {1}. Le profil est vide, et s’ouvre comme avant.",

		StartBadProfileCommand: "écris : traboule profile, seul ou avec encrypted, plain, amnesic, passphrase, repair ou erase.",
		StartStrayFlag:         "{1} n’a pas de sens avec {2}.",
		StartOnlyFlag:          "{1} ne va qu’avec {2}.",
		StartWritesAmnesic:     "--amnesic laisse le profil fermé et n’écrit rien sur le disque : {1} ne va pas avec, il faut choisir.",
		StartNoAnswer:          "aucun terminal où le demander : --yes dit oui.",
		ProfileNoPassphrase:    "ce profil a une clé en clair et pas de phrase secrète. Pour en mettre une : traboule profile encrypted",
	}
}

func profileWaysFrench() string {
	return `Trois façons de vivre :

1  amnésique     Rien ne s’écrit sur le disque. À la fermeture, tout s’en va :
                 les clés OTR sont refaites à chaque lancement, et les gens
                 sont à vérifier de nouveau.
2  chiffré       Contacts, salons, clés, confiance, mots de passe et, si tu
                 veux, ce qui s’est dit sont gardés, chiffrés par une phrase
                 secrète. Qui prend la machine ne peut pas les lire ; toi non
                 plus, si tu oublies la phrase.
3  clé en clair  Pareil, mais sans phrase secrète : la clé est à côté de ce
                 qu’elle ouvre. Seulement pour un disque déjà chiffré.

Avec 2 et 3, on voit qu’il y a un profil, sa taille, et quand il a servi.
`
}
