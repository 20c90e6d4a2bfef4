package i18n

// The texts of the command line: help, and what is wrong before the client can start.
const (
	StartTry              Key = "start-try" // after every usage error
	StartBadFlag          Key = "start-bad-flag"
	StartUnknownFlag      Key = "start-unknown-flag"
	StartFlagWithoutValue Key = "start-flag-without-value"
	StartFlagWithBadValue Key = "start-flag-with-bad-value"
	StartBadAddress       Key = "start-bad-address"
	StartBadTor           Key = "start-bad-tor"
	StartBadLang          Key = "start-bad-lang"
	StartBadServer        Key = "start-bad-server"
	StartBadSOCKS         Key = "start-bad-socks"
	StartTooMany          Key = "start-too-many"
	StartLineAndJSON      Key = "start-line-and-json"
	StartNoAccount        Key = "start-no-account"
	StartServerForMany    Key = "start-server-for-many"
	StartNoVault          Key = "start-no-vault"
	StartBadCA            Key = "start-bad-ca"
	StartNoTerminal       Key = "start-no-terminal"
	StartNoHome           Key = "start-no-home"
	StartPassword         Key = "start-password" // prompt; {1} is the account
	StartSecretFailed     Key = "start-secret-failed"
	StartCrashed          Key = "start-crashed"
	StartUnsent           Key = "start-unsent"
	StartUnheard          Key = "start-unheard"

	// Why there is no password, inside StartSecretFailed: {1} is what it is about, {2} the words of the system.
	SecretNoDescriptor  Key = "secret-no-descriptor"
	SecretNoTerminal    Key = "secret-no-terminal"
	SecretUnreadable    Key = "secret-unreadable"
	SecretBrokenOff     Key = "secret-broken-off" // by who should answer
	SecretTooLong       Key = "secret-too-long"
	SecretCommandFailed Key = "secret-command-failed"

	ConfigUnreadable Key = "config-unreadable"
	ConfigUnsafe     Key = "config-unsafe"
	ConfigSyntax     Key = "config-syntax"
	ConfigUnknown    Key = "config-unknown"
	ConfigType       Key = "config-type"
	ConfigBad        Key = "config-bad"
	ConfigMissing    Key = "config-missing"
	ConfigRepeated   Key = "config-repeated"
	WantChoice       Key = "want-choice"
	WantAddress      Key = "want-address"
	WantHostPort     Key = "want-host-port"
	WantSOCKS        Key = "want-socks"
	WantText         Key = "want-text"
	WantTexts        Key = "want-texts"
	WantBoolean      Key = "want-boolean"
	WantTable        Key = "want-table"
	WantCommand      Key = "want-command"
	WantKey          Key = "want-key"
	WantColor        Key = "want-color"
	ConfigLine       Key = "config-line"     // of a list: {2} is what is wrong
	ConfigTooLong    Key = "config-too-long" // of a list: {2} lines are allowed
	WantResolver     Key = "want-resolver"
	WantPin          Key = "want-pin"
	WantOnionEntry   Key = "want-onion-entry"
	WantDomain       Key = "want-domain"
	WantOnion        Key = "want-onion"
	WantDate         Key = "want-date"
	WantPath         Key = "want-path"
	WantResource     Key = "want-resource"
)

// Usage returns the help of the command line: a page of its own, with its columns as they are.
func (p *Printer) Usage() string {
	if p.lang == French {
		return usageFrench()
	}
	return usageEnglish()
}
