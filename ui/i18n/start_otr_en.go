package i18n

func startOTREnglish() map[Key]string {
	return map[Key]string{
		OTRKeyCopied:    "{1}: the key {2} was copied.",
		OTRKeyThere:     "{1}: the key {2} is there already.",
		OTRKeyStays:     "{1}: there is another key, {3}, which stays; {2} was NOT copied. With --replace it takes its place.",
		OTRKeyReplaced:  "{1}: the key {2} was copied in place of {3}.",
		OTRKeyNone:      "{1}: there is no key to copy.",
		OTRKnownCopied:  "{1}: {2} {2|fingerprint|fingerprints} of contacts copied, {3} of them verified; {4} there already.",
		OTRTagCopied:    "{1}: the instance tag {2} was copied. Do not use the account with both programs at once.",
		OTRTagStays:     "{1}: the instance tag {2} stays; {3} was not copied.",
		OTRLeftOut:      "{1} ({2}) is no XMPP account: left out.",
		OTRBackup:       "{1}: what was there before is kept beside it as {2}.",
		OTRUnprotected:  "WARNING: the keys in {1} are not encrypted. Whoever reads them can pretend to be you.",
		OTRNothingFound: "“{1}” holds no OTR files of Pidgin, Profanity or mcabber for such an account.",
		OTRNothingKept:  "this profile keeps no OTR keys for such an account.",
		OTRBadLine:      "{1}, line {2}: libotr does not write such a line.",
		OTRBadFile:      "{1}: this is not a file of libotr’s, or it is damaged.",
		OTRVaulted:      "They are in the vault of the profile, encrypted with its key. What they were read from is as it was.",
		OTRBadSealedKey: "{1}: an OTR key that is kept here cannot be opened: it was damaged, or put here by somebody. traboule otr import DIR --replace puts another in its place.",
		OTRFailed:       "the files with OTR keys could not be read or written: {1}.",

		StartBadKeyCommand: "write: traboule otr import DIR, or traboule otr export DIR",
		StartBadProgram:    "--for goes with otr export, and is pidgin, profanity or mcabber, not “{1}”.",
		StartManyPrograms:  "“{1}” has files of several programs: say with --for which one the keys are for.",
	}
}
