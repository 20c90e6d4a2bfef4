package i18n

func startEnglish() map[Key]string {
	return map[Key]string{
		StartTry:              "Try: traboule --help",
		StartBadFlag:          "that is not understood: {1}.",
		StartUnknownFlag:      "there is no flag {1}.",
		StartFlagWithoutValue: "{1} lacks its value.",
		StartFlagWithBadValue: "{1} cannot have that value.",
		StartBadAddress:       "“{1}” is not an address: write name@example.org, or an xmpp: link.",
		StartBadTor:           "--tor is required or off, not “{1}”.",
		StartBadLang:          "--lang is en or fr, not “{1}”.",
		StartBadServer:        "--server wants HOST:PORT, not “{1}”.",
		StartBadSOCKS:         "--socks wants an IP address and a port, or unix: and a full path, not “{1}”: a name would be looked up outside Tor.",
		StartTooMany:          "one address is enough; what is “{1}” for?",
		StartLineAndJSON:      "--line and --json exclude each other.",
		StartNoAccount:        "which account? Give its address: traboule you@example.org",
		StartServerForMany:    "--server, --ca and --password-fd are for one account: name it with --account.",
		StartNoVault:          "this profile is amnesic: it keeps nothing and has no passphrase. traboule profile makes one that keeps things.",
		StartBadCA:            "“{1}” holds no certificate that can be read: give a PEM file.",
		StartNoTerminal:       "this is not a terminal: use --line or --json.",
		StartNoHome:           "there is no home folder: set HOME, or name a folder with --profile.",
		StartPassword:         "Password for {1}:",
		StartSecretFailed:     "no password for {1}: {2}.",
		StartUnsent:           "messages not sent before the end, or not known to be sent: {1}",
		StartUnheard:          "changes of bookmarks that may be lost, for the server did not say that it has them: {1}",
		StartCrashed:          "traboule stopped because of a fault of its own. What was not shown as sent may not have arrived. Where it happened: {1}",

		SecretNoDescriptor:  "file descriptor {1} is not open",
		SecretNoTerminal:    "there is no terminal to ask on: give it with --password-fd, or name a password_command in config.toml",
		SecretUnreadable:    "it could not be read: {2}",
		SecretBrokenOff:     "the question was broken off",
		SecretTooLong:       "it is longer than {1} bytes",
		SecretCommandFailed: "password_command “{1}” failed: {2}",

		ConfigUnreadable: "{1}: cannot be read: {2}.",
		ConfigUnsafe:     "{1}: others can write this file, or it is not yours, so it is not read. If what is in it is yours: chmod o-w on it.",
		ConfigSyntax:     "{1}: this is not TOML: {2}.",
		ConfigUnknown:    "{1}: there is no setting “{2}”. The manual lists them all.",
		ConfigType:       "{1}: “{2}” is of the wrong type: write {3}.",
		ConfigBad:        "{1}: “{2}” cannot be “{3}”: write {4}.",
		ConfigMissing:    "{1}: “{2}” is missing: write {3}.",
		ConfigRepeated:   "{1}: “{2}” says “{3}” a second time.",
		WantChoice:       "one of {1}",
		WantAddress:      "an address such as ana@example.org",
		WantHostPort:     "a host, a colon and a port",
		WantSOCKS:        "an IP address, a colon and a port, or unix: and a full path",
		WantText:         "a text in quotes",
		WantTexts:        "texts in quotes, parted by commas, between square brackets",
		WantBoolean:      "true or false",
		WantTable:        "a table of its own, or several",
		WantCommand:      "a program and its arguments, such as pass, show, xmpp, each in quotes",
		WantKey:          "the name of an action and a key such as Alt+A",
		WantColor:        "the name of a part of the screen and a colour: a name or #rrggbb",
		ConfigLine:       "{1}: “{2}” has no place there: write {3}.",
		ConfigTooLong:    "{1}: more than {2} lines cannot be a list of onion services.",
		WantResolver:     "tls:// or tcp:// and a name server, such as tls://9.9.9.9#dns.quad9.net, or none",
		WantPin:          "sha256: and the 64 hexadecimal digits of the fingerprint",
		WantOnionEntry:   "a domain and its onion address with a space between them",
		WantDomain:       "a domain such as example.org",
		WantOnion:        "an onion address of 56 letters and digits (this one has a typing error)",
		WantDate:         "a date such as 2026-11-22",
		WantResource:     "a word of at most 1023 bytes for the end of your address, such as desk",
		WantPath:         "a path from the root on, such as /home/ana/bridges",
	}
}

func usageEnglish() string {
	return `usage: traboule FLAGS ADDRESS
       traboule profile [encrypted|plain|amnesic|passphrase|repair|erase]
       traboule history, traboule history export CONVERSATION
       traboule otr import DIR, traboule otr export DIR

ADDRESS is the address to log in with (ana@example.org), somebody to talk with,
or an xmpp: link ("xmpp:grenoble@conference.example.org?join"). Both parts may
be left out where the settings name an account, or the profile keeps the last.

  --account JID          the account to use
  --profile DIR          the folder with config.toml
  --amnesic              write nothing to disk, whatever the settings say
  --password-fd N        read the account’s password from file descriptor N
  --passphrase-fd N      read the profile’s passphrase from file descriptor N
  --tor required|off     required, the default: through Tor or not at all
  --socks HOST:PORT      the SOCKS port of Tor, or unix:PATH
  --server HOST:PORT     connect there; the certificate must still be right
  --ca FILE              trust the certificates in this PEM file too
  --line, --json         no screen: lines of text, or JSON Lines
  --lang en|fr           the language
  --version, --help

profile shows what the profile keeps on the disk, and asks how it is to live:
amnesic (nothing is kept), encrypted (with a passphrase) or plain (a key without
one). passphrase changes that, repair goes on with what is left of a damaged
one, erase takes all away. It takes --profile, --lang, --passphrase-fd (the old
passphrase and the new one, a line each), and:

  --history off|on|DAYS  whether a new profile keeps what is said; off without it
  --yes                  say yes to what would be asked

history lists the conversations of which messages are kept; history export
prints one, with --json as JSON Lines, after a question unless there is --yes.

otr import copies OTR keys, fingerprints and trust of Pidgin (~/.purple),
Profanity (~/.local/share/profanity) or mcabber (~/.mcabber) into the profile:
into its vault, or unencrypted where there is none. otr export copies those of
the profile to DIR, unencrypted. Both take --account, --profile, --lang,
--passphrase-fd, and:

  --replace              put the key in place of another that is there
  --for PROGRAM          export for pidgin, profanity or mcabber

Inside, /help lists the commands. Exit status: 0 fine, 1 failure, 2 wrong usage
or settings, 3 login refused, 4 Tor required and not usable, 5 wrong passphrase.`
}
