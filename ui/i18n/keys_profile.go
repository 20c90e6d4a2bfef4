package i18n

// What "traboule profile" says, and what is asked and said about a vault and its passphrase.
const (
	ProfileIsAmnesic   Key = "profile-is-amnesic" // {1} is the data folder
	ProfileIsEncrypted Key = "profile-is-encrypted"
	ProfileIsPlain     Key = "profile-is-plain"
	ProfileBeside      Key = "profile-beside" // {1} lists folders
	ProfileChoose      Key = "profile-choose"
	ProfileChooseAgain Key = "profile-choose-again"
	ProfileUnchanged   Key = "profile-unchanged"
	ProfileMade        Key = "profile-made" // {1} is the vault
	ProfileMadePlain   Key = "profile-made-plain"
	ProfileSealed      Key = "profile-sealed"
	ProfileUnsealed    Key = "profile-unsealed"
	ProfileAskPlain    Key = "profile-ask-plain"
	ProfileAskErase    Key = "profile-ask-erase" // {1} is the data folder, {2} lists what is in it
	ProfileYes         Key = "profile-yes"       // what to type
	ProfileNo          Key = "profile-no"
	ProfileErased      Key = "profile-erased"
	ProfileKeysBeside  Key = "profile-keys-beside" // {1} is a folder
	ProfileAskKeys     Key = "profile-ask-keys"
	ProfileKeysMoved   Key = "profile-keys-moved"
	ProfileKeysStay    Key = "profile-keys-stay"
	ProfileNothing     Key = "profile-nothing"
	ProfileOnTails     Key = "profile-on-tails"

	// Prompts; they end with the colon.
	PassphraseAsk     Key = "passphrase-ask"
	PassphraseAgain   Key = "passphrase-again" // after a wrong one
	PassphraseNew     Key = "passphrase-new"
	PassphraseRepeat  Key = "passphrase-repeat"
	PassphraseEmpty   Key = "passphrase-empty"
	PassphraseDiffers Key = "passphrase-differs"

	PassphraseNoTerminal Key = "passphrase-no-terminal" // inside VaultNoPassphrase

	VaultNoPassphrase    Key = "vault-no-passphrase" // {1} is why
	VaultWrongPassphrase Key = "vault-wrong-passphrase"
	VaultEmptyPassphrase Key = "vault-empty-passphrase"
	VaultInUse           Key = "vault-in-use"
	VaultKeyDamaged      Key = "vault-key-damaged" // {1} is the file
	VaultKeyMissing      Key = "vault-key-missing"
	VaultUnsafe          Key = "vault-unsafe"
	VaultWrongKey        Key = "vault-wrong-key"
	VaultDamaged         Key = "vault-damaged"
	VaultMissing         Key = "vault-missing"
	VaultNewer           Key = "vault-newer"
	VaultFull            Key = "vault-full"
	VaultFailed          Key = "vault-failed" // {2} is why

	SystemDenied    Key = "system-denied" // why a file could not be read or written, inside of a sentence
	SystemReadOnly  Key = "system-read-only"
	SystemNotThere  Key = "system-not-there"
	SystemNotFolder Key = "system-not-folder"
	SystemDevice    Key = "system-device"

	ProfileAskHistory      Key = "profile-ask-history"
	ProfileAskHistoryAgain Key = "profile-ask-history-again"
	StartBadHistory        Key = "start-bad-history"
	StartOldHistory        Key = "start-old-history" // {1} is a profile that is there

	HistoryNothing         Key = "history-nothing"
	HistoryNoSuch          Key = "history-no-such" // {1} is a conversation
	HistoryWarning         Key = "history-warning"
	HistoryAsk             Key = "history-ask"
	StartBadHistoryCommand Key = "start-bad-history-command"

	ProfileWhole       Key = "profile-whole"
	ProfileAskRepair   Key = "profile-ask-repair" // {1} is the database
	ProfileRepaired    Key = "profile-repaired"
	ProfileSalvaged    Key = "profile-salvaged" // {1} is where the damaged one is now
	ProfileAskSetAside Key = "profile-ask-set-aside"
	ProfileAskWrongKey Key = "profile-ask-wrong-key"
	ProfileAskAnew     Key = "profile-ask-anew" // where the database is missing
	ProfileAnew        Key = "profile-anew"
	ProfileSetAside    Key = "profile-set-aside" // {1} is where the damaged one is now

	StartBadProfileCommand Key = "start-bad-profile-command"
	StartStrayFlag         Key = "start-stray-flag" // {1} is a flag that makes no sense with {2}
	StartOnlyFlag          Key = "start-only-flag"  // {1} is a flag that makes sense only with {2}
	StartWritesAmnesic     Key = "start-writes-amnesic"
	StartNoAnswer          Key = "start-no-answer"
	ProfileNoPassphrase    Key = "profile-no-passphrase"
)

// ProfileWays explains the three ways to live.
func (p *Printer) ProfileWays() string {
	if p.lang == French {
		return profileWaysFrench()
	}
	return profileWaysEnglish()
}
