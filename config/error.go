package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Problem is what is wrong with a settings file.
type Problem uint8

// The problems of a settings file.
const (
	Unreadable Problem = iota // see Cause
	Syntax                    // it is not TOML, see Cause
	UnknownKey
	WrongType
	BadValue
	Missing
	Repeated
	BadLine // of a file of lines: Value is what is wrong in it
	TooLong // more lines than Value
	Unsafe  // others than the user can write it
)

// Want is what a value should have been.
type Want uint8

// The kinds of values.
const (
	WantNothing    Want = iota
	WantChoice          // one of Choices
	WantAddress         // name@example.org
	WantHostPort        // HOST:PORT
	WantSOCKS           // HOST:PORT or unix:PATH
	WantText            // a text in quotes
	WantTexts           // a list of texts
	WantBoolean         // true or false
	WantTable           // a table, or several
	WantCommand         // a program and its arguments
	WantKey             // a key such as Alt+A
	WantColor           // a colour name or #rrggbb
	WantResolver        // tls://HOST or tcp://HOST
	WantPin             // sha256: and 64 hexadecimal digits
	WantOnionEntry      // a domain and its onion address
	WantDomain          // example.org
	WantOnion           // 56 letters and digits and .onion
	WantDate            // 2026-11-22
	WantPath            // /home/ana/file
	WantResource        // phone
)

// Error says where the settings are wrong and what is allowed.
type Error struct {
	File    string
	Line    int // from 1; 0 if unknown
	Key     []string
	Problem Problem
	Value   string
	Want    Want
	Choices []string
	Cause   error
}

// Error gives the fault in English; ui/i18n words it for the user.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if len(e.Key) > 0 {
		s += ": " + strings.Join(e.Key, ".")
	}
	if e.Cause != nil {
		return s + ": " + e.Cause.Error()
	}
	return s + fmt.Sprintf(": problem %d", e.Problem)
}

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.Cause }

// valueError is what a value type reports; explain turns it into an Error.
type valueError struct {
	want    Want
	value   string
	choices []string
}

// Error carries the fault through the decoder, which keeps only the text of an error: see explain.
func (e *valueError) Error() string {
	return fmt.Sprintf("%s%d\x00%s\x00%s", valueMark, e.want, e.value, strings.Join(e.choices, "\x00"))
}

// valueMark cannot begin an error of the decoder.
const valueMark = "\x00value\x00"

func explain(path string, text []byte, err error) *Error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		first := &strict.Errors[0]
		line, _ := first.Position()
		return &Error{File: path, Line: line, Key: first.Key(), Problem: UnknownKey}
	}
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		return explainBare(path, text, err)
	}
	line, _ := decode.Position()
	fault := &Error{File: path, Line: line, Key: decode.Key(), Problem: Syntax, Cause: errors.New(trim(decode.Error()))}
	if value, found := parseValueError(decode.Error()); found {
		fault.Problem, fault.Cause = BadValue, nil
		fault.Want, fault.Value, fault.Choices = value.want, value.value, value.choices
	} else if strings.Contains(decode.Error(), "cannot decode TOML") {
		fault.Problem, fault.Want = WrongType, wantedType(decode.Error())
	}
	return fault
}

// explainBare explains an error that the decoder gives no place: a value type was offered something that is not a text.
func explainBare(path string, text []byte, err error) *Error {
	var value *valueError
	if !errors.As(err, &value) {
		return &Error{File: path, Problem: Syntax, Cause: err}
	}
	fault := &Error{File: path, Problem: BadValue, Value: value.value, Want: value.want, Choices: value.choices}
	for i, line := range bytes.Split(text, []byte("\n")) {
		key, set, found := strings.Cut(string(line), "=")
		set, _, _ = strings.Cut(set, "#")
		if found && strings.TrimSpace(set) == value.value {
			fault.Line, fault.Key = i+1, []string{strings.TrimSpace(key)}
			break
		}
	}
	return fault
}

func parseValueError(text string) (valueError, bool) {
	_, rest, found := strings.Cut(text, valueMark)
	if !found {
		return valueError{}, false
	}
	parts := strings.Split(rest, "\x00")
	var e valueError
	if _, err := fmt.Sscanf(parts[0], "%d", &e.want); err != nil || len(parts) < 2 {
		return valueError{}, false
	}
	e.value = parts[1]
	if e.want == WantChoice {
		e.choices = parts[2:]
	}
	return e, true
}

// wantedType reads what a value should have been out of "cannot decode TOML integer into struct field … of type bool".
func wantedType(text string) Want {
	_, goType, _ := strings.Cut(text, " of type ")
	switch goType {
	case "bool", "*bool":
		return WantBoolean
	case "[]string":
		return WantTexts
	case "[]config.Account", "[]config.Room", "config.Disclose", "config.Screen", "config.Notifications", "map[string]string":
		return WantTable
	default:
		return WantText
	}
}

func trim(text string) string { return strings.TrimPrefix(text, "toml: ") }

func splitTable(table string) []string { return strings.Split(table, ".") }

// lineOf finds the line of a key that the decoder accepted: the first line of its table that sets it.
func lineOf(text []byte, key []string) int {
	if len(key) == 0 {
		return 0
	}
	table, name := strings.Join(key[:len(key)-1], "."), key[len(key)-1]
	header, current := 0, ""
	for i, line := range bytes.Split(text, []byte("\n")) {
		s := strings.TrimSpace(string(line))
		if strings.HasPrefix(s, "[") {
			current = strings.Trim(s, "[] \t")
			if current == table && header == 0 {
				header = i + 1
			}
			continue
		}
		set, _, found := strings.Cut(s, "=")
		if found && current == table && strings.Trim(strings.TrimSpace(set), `"'`) == name {
			return i + 1
		}
	}
	return header
}
