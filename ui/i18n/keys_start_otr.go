package i18n

// What "traboule otr import" and "traboule otr export" say, and what is wrong with files of keys.
const (
	OTRKeyCopied    Key = "otr-key-copied" // {1} is the account, {2} the fingerprint
	OTRKeyThere     Key = "otr-key-there"
	OTRKeyStays     Key = "otr-key-stays" // {3} is the fingerprint of the key that is there
	OTRKeyReplaced  Key = "otr-key-replaced"
	OTRKeyNone      Key = "otr-key-none"
	OTRKnownCopied  Key = "otr-known-copied" // {2} copied, {3} of them verified, {4} there already
	OTRTagCopied    Key = "otr-tag-copied"
	OTRTagStays     Key = "otr-tag-stays"
	OTRLeftOut      Key = "otr-left-out" // {1} is a name, {2} a protocol of libpurple
	OTRBackup       Key = "otr-backup"
	OTRUnprotected  Key = "otr-unprotected"
	OTRNothingFound Key = "otr-nothing-found"
	OTRNothingKept  Key = "otr-nothing-kept"
	OTRBadLine      Key = "otr-bad-line"
	OTRBadFile      Key = "otr-bad-file"
	OTRVaulted      Key = "otr-vaulted"
	OTRBadSealedKey Key = "otr-bad-sealed-key"
	OTRFailed       Key = "otr-failed"

	StartBadKeyCommand Key = "start-bad-key-command"
	StartBadProgram    Key = "start-bad-program"
	StartManyPrograms  Key = "start-many-programs"
)
