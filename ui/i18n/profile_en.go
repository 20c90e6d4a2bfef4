package i18n

func profileEnglish() map[Key]string {
	return map[Key]string{
		ProfileIsAmnesic:   "{1}: amnesic, nothing is kept.",
		ProfileIsEncrypted: "{1}: encrypted, with a passphrase.",
		ProfileIsPlain:     "{1}: plain key, without a passphrase.",
		ProfileBeside:      "On this disk all the same, not encrypted: {1}",
		ProfileChoose:      "1, 2 or 3? Enter leaves it as it is:",
		ProfileChooseAgain: "Type 1, 2 or 3 (amnesic, encrypted, plain key), or Enter to leave it:",
		ProfileUnchanged:   "Nothing was changed.",
		ProfileMade:        "Made: {1}. The client asks for the passphrase at each start. Nobody can give it back to you.",
		ProfileMadePlain:   "Made: {1}. Whoever can read this disk can read it.",
		ProfileSealed:      "Done: from now on this passphrase opens the profile, and no other.",
		ProfileUnsealed:    "Done: no passphrase any more. Whoever can read this disk can read the profile.",
		ProfileAskPlain:    "Whoever can read this disk will be able to read the profile. Type “yes” to do it:",
		ProfileAskErase:    "All that {1} keeps goes for good, keys first: {2}. Type “yes” to erase it:",
		ProfileYes:         "yes",
		ProfileNo:          "no",
		ProfileErased:      "{1}: erased. Amnesic from now on. config.toml is yours and stays, wherever it is.",
		ProfileKeysBeside:  "{1} holds OTR keys that are NOT encrypted. traboule profile encrypted, or plain, on a terminal or with --yes, takes them into the vault.",
		ProfileAskKeys:     "{1} holds OTR keys that are not encrypted. Take them into the vault, and erase that folder with its backups? Type “yes”:",
		ProfileKeysMoved:   "They are in the vault now; {1} is erased.",
		ProfileKeysStay:    "Not all of that could be taken into the vault: {1} stays as it is.",
		ProfileNothing:     "{1}: amnesic already, there is nothing to erase.",
		ProfileOnTails:     "This folder of Tails is gone at shutdown: stay amnesic, or unlock the Persistent Storage and add --profile ~/Persistent/traboule",

		PassphraseAsk:     "Passphrase of the profile:",
		PassphraseAgain:   "That is not it. Passphrase of the profile:",
		PassphraseNew:     "New passphrase (six words drawn by lot are good):",
		PassphraseRepeat:  "Once more:",
		PassphraseEmpty:   "It cannot be empty. New passphrase:",
		PassphraseDiffers: "They were not the same. New passphrase:",

		PassphraseNoTerminal: "there is no terminal to ask on, so give it with --passphrase-fd",

		VaultNoPassphrase:    "no passphrase for the profile: {1}.",
		VaultWrongPassphrase: "wrong passphrase. If you are sure of it, {1} is damaged: put back a copy of that file, if you have one.",
		VaultEmptyPassphrase: "a passphrase cannot be empty.",
		VaultInUse:           "another traboule uses this profile: end that one, or take another profile (--profile).",
		VaultKeyDamaged:      "{1} is damaged, and nothing of the profile can be read without it: put back a copy, or start anew (traboule profile erase).",
		VaultKeyMissing:      "{1} is missing, and nothing of the profile can be read without it: put it back, or start anew (traboule profile erase).",
		VaultUnsafe:          "{1} is a link, or others may use it. Put the thing itself in place of a link; else, if it is yours alone: chmod -R go= on the folder “vault”.",
		VaultWrongKey:        "the key beside {1} belongs to another database: put back the one that was made with it. Without it: traboule profile repair",
		VaultDamaged:         "{1} is damaged, or lacks its last changes. Nothing was touched. To go on with what is left: traboule profile repair",
		VaultMissing:         "{1} is missing, and with it all that the profile kept. Put it back if you have a copy; else traboule profile repair begins with an empty one.",
		VaultNewer:           "a newer traboule made {1}: use that one.",
		VaultFull:            "{1}: there is no room on the disk, or a limit is reached (quota, ulimit -f). Make room or raise the limit, and start again.",
		VaultFailed:          "{1} could not be read or written: {2}. See that its disk is there and that the folder is yours, or take another (--profile).",

		SystemDenied:    "permission denied",
		SystemReadOnly:  "read-only file system",
		SystemNotThere:  "no such file or directory",
		SystemNotFolder: "not a directory",
		SystemDevice:    "input/output error",

		ProfileAskHistory:      "Keep what is said? Texts encrypted with OTR are not, unless you ask for it.\n“no” (Enter), “yes”, or for how many days:",
		ProfileAskHistoryAgain: "Type “no”, “yes” or a number of days:",
		StartBadHistory:        "--history is off, on or a number of days, not “{1}”.",
		StartOldHistory:        "--history is for a new profile, and {1} has one: nothing was changed. In the client, /history off all changes what it keeps.",

		HistoryNothing:         "no message is kept.",
		HistoryNoSuch:          "no message is kept of a conversation with “{1}”: traboule history lists those that there are.",
		HistoryWarning:         "WARNING: what was said with {1} is printed as it is, and nothing protects it from then on: neither on a disk nor on this screen.",
		HistoryAsk:             "Type “yes” to print it:",
		StartBadHistoryCommand: "write: traboule history, or traboule history export CONVERSATION",

		ProfileWhole:       "{1} is whole: there is nothing to repair.",
		ProfileAskRepair:   "{1} is damaged, or lacks its last changes: messages or settings that it had are gone. Type “yes” to go on with what is left:",
		ProfileRepaired:    "Done: the profile opens again, with what was left.",
		ProfileSalvaged:    "Done: the profile opens again, with what could be read. See whether the switches of /privacy are as you left them. The damaged one is now {1}.",
		ProfileAskSetAside: "Nothing of {1} can be read any more. Type “yes” to put it aside and to begin with an empty one:",
		ProfileAskWrongKey: "The key does not open {1}: nobody reads it without its own. Type “yes” to put it aside and to begin with an empty one:",
		ProfileAskAnew:     "{1} is missing, and with it all that the profile kept. Type “yes” to begin with an empty one:",
		ProfileAnew:        "Done: the profile is empty, and opens as before.",
		ProfileSetAside:    "Done: the damaged one is now {1}. The profile is empty, and opens as before.",

		StartBadProfileCommand: "write: traboule profile, alone or with encrypted, plain, amnesic, passphrase, repair or erase.",
		StartStrayFlag:         "{1} has no meaning with {2}.",
		StartOnlyFlag:          "{1} goes with {2} only.",
		StartWritesAmnesic:     "--amnesic leaves the profile closed and writes nothing to disk, so {1} does not go with it: choose one.",
		StartNoAnswer:          "there is no terminal to ask on: --yes says yes.",
		ProfileNoPassphrase:    "this profile has a plain key and no passphrase. To give it one: traboule profile encrypted",
	}
}

func profileWaysEnglish() string {
	return `Three ways to live:

1  amnesic    Nothing is written to the disk. When the client ends, all is
              gone: OTR keys are made anew at each start, and people have to
              be verified again.
2  encrypted  Contacts, rooms, keys, trust, passwords and, if you want it, what
              was said are kept, encrypted with a passphrase. Who takes the
              machine cannot read them; nor can you, if you forget it.
3  plain key  The same without a passphrase: the key lies beside what it opens.
              Only for a disk that is encrypted already.

With 2 and 3 it can be seen that there is a profile, how large, and when it
was used.
`
}
