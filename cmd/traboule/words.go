package main

import (
	"fmt"
	"strings"

	"traboule/config"
	"traboule/ui/i18n"
)

// usageWords words a fault in the command line.
func usageWords(p *i18n.Printer, e *usageError) string {
	switch e.kind {
	case unknownFlag:
		return p.Format(i18n.StartUnknownFlag, e.value)
	case flagWithoutValue:
		return p.Format(i18n.StartFlagWithoutValue, e.value)
	case flagWithBadValue:
		return p.Format(i18n.StartFlagWithBadValue, e.value)
	case badAddress:
		return p.Format(i18n.StartBadAddress, e.value)
	case badTor:
		return p.Format(i18n.StartBadTor, e.value)
	case badLang:
		return p.Format(i18n.StartBadLang, e.value)
	case badServer:
		return p.Format(i18n.StartBadServer, e.value)
	case badSOCKS:
		return p.Format(i18n.StartBadSOCKS, e.value)
	case tooMany:
		return p.Format(i18n.StartTooMany, e.value)
	case lineAndJSON:
		return p.Text(i18n.StartLineAndJSON)
	case noAccount:
		return p.Text(i18n.StartNoAccount)
	case serverForMany:
		return p.Text(i18n.StartServerForMany)
	case badCA:
		return p.Format(i18n.StartBadCA, e.value)
	case noTerminal:
		return p.Text(i18n.StartNoTerminal)
	case noHome:
		return p.Text(i18n.StartNoHome)
	default:
		return keyUsageWords(p, e)
	}
}

// keyUsageWords words what is wrong with a command about keys or the profile.
func keyUsageWords(p *i18n.Printer, e *usageError) string {
	switch e.kind {
	case badKeyCommand:
		return p.Text(i18n.StartBadKeyCommand)
	case strayFlag:
		return p.Format(i18n.StartStrayFlag, e.value, e.place)
	case onlyFlag:
		return p.Format(i18n.StartOnlyFlag, e.value, e.place)
	case writesAmnesic:
		return p.Format(i18n.StartWritesAmnesic, e.place)
	case badProfileCommand:
		return p.Text(i18n.StartBadProfileCommand)
	case badHistoryCommand:
		return p.Text(i18n.StartBadHistoryCommand)
	case badHistory:
		return p.Format(i18n.StartBadHistory, e.value)
	case oldHistory:
		return p.Format(i18n.StartOldHistory, e.value)
	case noAnswer:
		return p.Text(i18n.StartNoAnswer)
	case badProgram:
		return p.Format(i18n.StartBadProgram, e.value)
	case manyPrograms:
		return p.Format(i18n.StartManyPrograms, e.value)
	default:
		return p.Format(i18n.StartBadFlag, e.value)
	}
}

// configWords words a fault in the settings.
func configWords(p *i18n.Printer, e *config.Error) string {
	place := e.File
	if e.Line > 0 {
		place = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	key := strings.Join(e.Key, ".")
	switch e.Problem {
	case config.Unreadable:
		return p.Format(i18n.ConfigUnreadable, place, e.Cause.Error())
	case config.Unsafe:
		return p.Format(i18n.ConfigUnsafe, place)
	case config.UnknownKey:
		return p.Format(i18n.ConfigUnknown, place, key)
	case config.WrongType:
		return p.Format(i18n.ConfigType, place, key, wantWords(p, e))
	case config.BadValue:
		return p.Format(i18n.ConfigBad, place, key, e.Value, wantWords(p, e))
	case config.Missing:
		return p.Format(i18n.ConfigMissing, place, key, wantWords(p, e))
	case config.Repeated:
		return p.Format(i18n.ConfigRepeated, place, key, e.Value)
	case config.BadLine:
		return p.Format(i18n.ConfigLine, place, e.Value, wantWords(p, e))
	case config.TooLong:
		return p.Format(i18n.ConfigTooLong, e.File, e.Value)
	default:
		return p.Format(i18n.ConfigSyntax, place, e.Cause.Error())
	}
}

func wantWords(p *i18n.Printer, e *config.Error) string {
	switch e.Want {
	case config.WantChoice:
		return p.Format(i18n.WantChoice, strings.Join(e.Choices, ", "))
	case config.WantAddress:
		return p.Text(i18n.WantAddress)
	case config.WantHostPort:
		return p.Text(i18n.WantHostPort)
	case config.WantSOCKS:
		return p.Text(i18n.WantSOCKS)
	case config.WantText:
		return p.Text(i18n.WantText)
	case config.WantTexts:
		return p.Text(i18n.WantTexts)
	case config.WantBoolean:
		return p.Text(i18n.WantBoolean)
	case config.WantTable:
		return p.Text(i18n.WantTable)
	case config.WantCommand:
		return p.Text(i18n.WantCommand)
	case config.WantKey:
		return p.Text(i18n.WantKey)
	case config.WantColor:
		return p.Text(i18n.WantColor)
	default:
		return wantNameWords(p, e)
	}
}

// wantNameWords words what a value that is about names and keys of servers should have been.
func wantNameWords(p *i18n.Printer, e *config.Error) string {
	switch e.Want {
	case config.WantResolver:
		return p.Text(i18n.WantResolver)
	case config.WantPin:
		return p.Text(i18n.WantPin)
	case config.WantDomain:
		return p.Text(i18n.WantDomain)
	case config.WantOnion:
		return p.Text(i18n.WantOnion)
	case config.WantDate:
		return p.Text(i18n.WantDate)
	case config.WantPath:
		return p.Text(i18n.WantPath)
	case config.WantResource:
		return p.Text(i18n.WantResource)
	default:
		return p.Text(i18n.WantOnionEntry)
	}
}
