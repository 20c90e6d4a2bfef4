package i18n

func startFrench() map[Key]string {
	return map[Key]string{
		StartTry:              "Essaie : traboule --help",
		StartBadFlag:          "je ne comprends pas ceci : {1}.",
		StartUnknownFlag:      "l’option {1} n’existe pas.",
		StartFlagWithoutValue: "il manque la valeur de {1}.",
		StartFlagWithBadValue: "{1} ne peut pas prendre cette valeur.",
		StartBadAddress:       "« {1} » n’est pas une adresse : écris nom@example.org, ou un lien xmpp:.",
		StartBadTor:           "--tor vaut required ou off, pas « {1} ».",
		StartBadLang:          "--lang vaut en ou fr, pas « {1} ».",
		StartBadServer:        "--server attend HÔTE:PORT, pas « {1} ».",
		StartBadSOCKS:         "--socks attend une adresse IP et un port, ou unix:CHEMIN, pas « {1} » : un nom serait résolu hors de Tor.",
		StartTooMany:          "une adresse suffit ; à quoi sert « {1} » ?",
		StartLineAndJSON:      "--line et --json s’excluent.",
		StartNoAccount:        "quel compte ? Donne son adresse : traboule toi@example.org",
		StartServerForMany:    "--server, --ca et --password-fd valent pour un seul compte : nomme-le avec --account.",
		StartNoVault:          "ce profil est amnésique : rien n’y est gardé, et il n’a pas de phrase secrète. traboule profile en fait un qui garde.",
		StartBadCA:            "« {1} » ne contient aucun certificat lisible : donne un fichier PEM.",
		StartNoTerminal:       "ceci n’est pas un terminal : prends --line ou --json.",
		StartNoHome:           "aucun dossier personnel : définis HOME ou nomme un dossier avec --profile.",
		StartPassword:         "Mot de passe de {1} :",
		StartSecretFailed:     "pas de mot de passe pour {1} : {2}.",
		StartUnsent:           "messages non envoyés avant la fin, ou dont on ne sait pas s’ils sont partis : {1}",
		StartUnheard:          "changements de signets peut-être perdus, faute de réponse du serveur : {1}",
		StartCrashed:          "traboule s’est arrêté à cause d’un de ses défauts. Ce qui n’est pas marqué comme envoyé n’est peut-être pas arrivé. L’endroit : {1}",

		SecretNoDescriptor:  "le descripteur {1} n’est pas ouvert",
		SecretNoTerminal:    "aucun terminal où le demander : donne-le avec --password-fd, ou nomme une password_command dans config.toml",
		SecretUnreadable:    "lecture impossible : {2}",
		SecretBrokenOff:     "la question a été interrompue",
		SecretTooLong:       "il dépasse {1} octets",
		SecretCommandFailed: "échec de password_command « {1} » : {2}",

		ConfigUnreadable: "{1} : lecture impossible : {2}.",
		ConfigUnsafe:     "{1} : d’autres peuvent écrire dans ce fichier, ou il n’est pas à toi : il n’est donc pas lu. Si son contenu vient bien de toi : chmod o-w sur ce fichier.",
		ConfigSyntax:     "{1} : ce n’est pas du TOML : {2}.",
		ConfigUnknown:    "{1} : le réglage « {2} » n’existe pas. Le manuel les donne tous.",
		ConfigType:       "{1} : « {2} » n’est pas du bon type : écris {3}.",
		ConfigBad:        "{1} : « {2} » ne peut pas valoir « {3} » : écris {4}.",
		ConfigMissing:    "{1} : il manque « {2} » : écris {3}.",
		ConfigRepeated:   "{1} : « {2} » répète « {3} ».",
		WantChoice:       "l’une de ces valeurs : {1}",
		WantAddress:      "une adresse comme ana@example.org",
		WantHostPort:     "un hôte, deux-points et un port",
		WantSOCKS:        "une adresse IP, deux-points et un port, ou unix:CHEMIN",
		WantText:         "un texte entre guillemets droits",
		WantTexts:        "des textes entre guillemets droits, séparés par des virgules, entre crochets",
		WantBoolean:      "true ou false",
		WantTable:        "une table à part, ou plusieurs",
		WantCommand:      "un programme et ses arguments, comme pass, show, xmpp, chacun entre guillemets",
		WantKey:          "le nom d’une action et une touche comme Alt+A",
		WantColor:        "le nom d’une partie de l’écran et une couleur : un nom ou #rrggbb",
		ConfigLine:       "{1} : « {2} » n’a pas sa place ici : écris {3}.",
		ConfigTooLong:    "{1} : plus de {2} lignes, ce n’est pas une liste de services onion.",
		WantResolver:     "tls:// ou tcp:// et un serveur de noms, comme tls://9.9.9.9#dns.quad9.net, ou none",
		WantPin:          "sha256:EMPREINTE, une empreinte de 64 chiffres hexadécimaux",
		WantOnionEntry:   "un domaine et son adresse onion, séparés par une espace",
		WantDomain:       "un domaine comme example.org",
		WantOnion:        "une adresse onion de 56 lettres et chiffres (celle-ci contient une faute)",
		WantDate:         "une date comme 2026-11-22",
		WantResource:     "un mot d’au plus 1023 octets pour la fin de ton adresse, comme bureau",
		WantPath:         "un chemin depuis la racine, comme /home/ana/ponts",
	}
}

func usageFrench() string {
	return `usage : traboule OPTIONS ADRESSE

ADRESSE est l’adresse du compte (ana@example.org), une personne à qui parler,
ou un lien xmpp: ("xmpp:grenoble@conference.example.org?join"). Les deux
peuvent manquer si les réglages nomment un compte, ou si le profil garde celui
de la dernière fois.

  --account JID          le compte à utiliser
  --profile DOSSIER      le dossier qui contient config.toml
  --amnesic              ne rien écrire sur le disque, malgré les réglages
  --password-fd N        lire le mot de passe du compte sur le descripteur N
  --passphrase-fd N      lire la phrase secrète du profil sur le descripteur N
  --tor required|off     required, par défaut : par Tor ou pas du tout
  --socks HÔTE:PORT      le port SOCKS de Tor, ou unix:CHEMIN
  --server HÔTE:PORT     s’y connecter ; le certificat doit rester le bon
  --ca FICHIER           accepter aussi les certificats de ce fichier PEM
  --line, --json         sans écran : des lignes de texte, ou JSON Lines
  --lang en|fr           la langue
  --version, --help

profile montre ce que le profil garde sur le disque et demande comment il doit
vivre : amnesic (rien n’est gardé), encrypted (chiffré, avec une phrase secrète)
ou plain (une clé sans phrase). passphrase change la phrase, repair reprend ce
qui reste d’un profil abîmé, erase efface tout. Il accepte --profile, --lang,
--passphrase-fd (l’ancienne phrase et la nouvelle, une par ligne), et :

  --history off|on|JOURS un nouveau profil garde-t-il ce qui se dit ; sinon off
  --yes                  dire oui à ce qui serait demandé

history donne les conversations dont des messages sont gardés ; history export
en affiche une, avec --json en JSON Lines, après une question sauf avec --yes.

otr import copie dans le profil les clés OTR, les empreintes et la confiance de
Pidgin (~/.purple), de Profanity (~/.local/share/profanity) ou de mcabber
(~/.mcabber) : dans son coffre, ou en clair s’il n’en a pas. otr export copie
celles du profil, en clair, dans DOSSIER. Les deux acceptent --account,
--profile, --lang, --passphrase-fd, et :

  --replace              mettre la clé à la place d’une autre qui y est
  --for LOGICIEL         exporter pour pidgin, profanity ou mcabber

Une fois dedans, /aide donne les commandes. Code de sortie : 0 tout va bien,
1 échec, 2 usage ou réglages incorrects, 3 connexion refusée, 4 Tor exigé et
inutilisable, 5 mauvaise phrase secrète.`
}
