package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"traboule/ui/i18n"
	"traboule/vault"
)

// passphraseTries is how often a passphrase may be wrong. Each try takes the second that scrypt takes.
const passphraseTries = 3

// asker gets passphrases and answers: from the terminal, or from what the flags say.
type asker struct {
	printer *i18n.Printer
	fd      int      // of --passphrase-fd; -1 without it
	lines   *os.File // nil without it, or if it cannot be read
	fault   error    // why not
	yes     bool
}

func newAsker(o options, p *i18n.Printer) *asker {
	a := &asker{printer: p, yes: o.yes, fd: o.passphraseFD}
	if o.passphraseFD < 0 {
		return a
	}
	// The password may follow on the same descriptor.
	lines, err := descriptor(o.passphraseFD, o.passphraseFD == o.passwordFD)
	if err != nil {
		a.fault = &secretError{why: i18n.SecretNoDescriptor, about: strconv.Itoa(o.passphraseFD)}
	}
	a.lines = lines
	return a
}

// given reports whether passphrases come from a descriptor, so that nobody is asked.
func (a *asker) given() bool { return a.fd >= 0 }

// close closes what the flag opened.
func (a *asker) close() {
	if a.lines != nil {
		a.lines.Close()
	}
}

// passphraseError is a passphrase that could not be had.
type passphraseError struct{ cause error }

// Error says why.
func (e *passphraseError) Error() string { return "no passphrase: " + e.cause.Error() }

// Unwrap gives the reason.
func (e *passphraseError) Unwrap() error { return e.cause }

// canAsk reports whether somebody sits at a terminal.
func (a *asker) canAsk() bool {
	return !a.given() && term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
}

// secret gets one passphrase: the next line of the descriptor, or what is typed.
func (a *asker) secret(ctx context.Context, prompt i18n.Key) (string, error) {
	var secret string
	var err error
	switch {
	case a.fault != nil:
		err = a.fault
	case a.given():
		secret, err = lineOf(a.lines, a.fd)
	default:
		secret, err = askSecret(ctx, a.printer.Text(prompt)+" ")
	}
	if err != nil {
		return "", &passphraseError{err}
	}
	return secret, nil
}

// open opens a vault with its passphrase, if it has one. On the terminal there are several tries.
func (a *asker) open(ctx context.Context, v *vault.Vault) error {
	mode, err := v.Mode()
	switch {
	case err != nil:
		return err
	case mode == vault.PlainKey:
		_, err := v.Open("")
		return err
	case a.given():
		return a.try(ctx, v)
	default:
		return unseen(ctx, func(ctx context.Context) error { return a.try(ctx, v) })
	}
}

// try asks for passphrases until one is right, or there were enough.
func (a *asker) try(ctx context.Context, v *vault.Vault) error {
	prompt := i18n.PassphraseAsk
	for try := 1; ; try++ {
		passphrase, err := a.secret(ctx, prompt)
		if err != nil {
			return err
		}
		_, err = v.Open(passphrase)
		if !errors.Is(err, vault.ErrWrongPassphrase) || a.given() || try == passphraseTries {
			return err
		}
		prompt = i18n.PassphraseAgain
	}
}

// newPassphrase gets a new passphrase; what is typed is typed twice.
func (a *asker) newPassphrase(ctx context.Context) (string, error) {
	prompt := i18n.PassphraseNew
	for {
		first, err := a.secret(ctx, prompt)
		if err != nil {
			return "", err
		}
		switch {
		case a.given() && first == "":
			return "", vault.ErrNoPassphrase
		case a.given():
			return first, nil
		case first == "":
			prompt = i18n.PassphraseEmpty
			continue
		}
		second, err := a.secret(ctx, i18n.PassphraseRepeat)
		if err != nil {
			return "", err
		}
		if first == second {
			return first, nil
		}
		prompt = i18n.PassphraseDiffers
	}
}

// confirm asks for a whole word, which nobody types by mistake; --yes has said it.
func (a *asker) confirm(ctx context.Context, question string) (bool, error) {
	if a.yes {
		return true, nil
	}
	answer, err := a.line(ctx, question)
	return strings.EqualFold(answer, a.printer.Text(i18n.ProfileYes)), err
}

// line asks for one line on the terminal. Whoever gives passphrases by a descriptor is no person, and is not asked.
func (a *asker) line(ctx context.Context, question string) (string, error) {
	if a.given() {
		return "", &usageError{kind: noAnswer}
	}
	answer, err := askLine(ctx, question+" ")
	if secret := (*secretError)(nil); errors.As(err, &secret) && secret.why == i18n.SecretNoTerminal {
		return "", &usageError{kind: noAnswer}
	}
	return strings.TrimSpace(answer), err
}
