// Command traboule is the client: it reads flags and settings, asks for secrets, connects the parts and gives the exit
// status. It owns the process and nothing else; what the client does is decided in core.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"traboule/config"
	"traboule/confine"
	"traboule/core"
	"traboule/im"
	"traboule/otr"
	"traboule/ui"
	"traboule/ui/i18n"
)

// version is set by the linker, from git.
var version = "unknown"

func main() {
	shieldMemory()
	if confine.IsDoor(os.Args) {
		os.Exit(confine.ServeDoor())
	}
	if otr.IsChild(os.Args) {
		os.Exit(otr.ServeChild())
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings given.
func run(args []string, stdout, stderr io.Writer) int {
	p := i18n.New(language(languageFlag(args), ""))
	o, err := parseFlags(args)
	switch {
	case err != nil:
		return complain(stderr, p, err)
	case o.help:
		fmt.Fprintln(stdout, p.Usage())
		return 0
	case o.version:
		fmt.Fprintln(stdout, "traboule", version)
		return 0
	case o.keys != nil:
		return runKeyCommand(o, stdout, stderr)
	case o.vault != nil:
		return runProfileCommand(o, stdout, stderr)
	case o.history != nil:
		return runHistoryCommand(o, stdout, stderr)
	}
	return runSession(o, p, stderr)
}

// runSession runs the client itself. Until the settings are read, p words what is wrong.
func runSession(o options, p *i18n.Printer, stderr io.Writer) int {
	saveMemory()
	s, err := prepareSession(o)
	if err != nil {
		return complain(stderr, p, err)
	}
	if err := s.openDoor(); err != nil {
		return complain(stderr, s.printer, err)
	}
	// Before anything else: there may be a question to answer.
	if err := s.openProfile(context.Background(), os.Getenv); err != nil {
		return complain(stderr, s.printer, err)
	}
	defer s.closeProfile()
	if err := s.openOTRKeys(context.Background(), os.Getenv); err != nil {
		return complain(stderr, s.printer, err)
	}
	status, err := s.run(context.Background())
	if s.panic {
		wipeTerminal(os.Stdout)
		return 0
	}
	if err != nil {
		return complain(stderr, s.printer, err)
	}
	if s.unsent > 0 && s.screen != nil { // the lines that say so went with the screen
		tell(stderr, "traboule: "+s.printer.Format(i18n.StartUnsent, s.printer.Number(s.unsent)))
	}
	if s.unheard > 0 && s.screen != nil {
		tell(stderr, "traboule: "+s.printer.Format(i18n.StartUnheard, s.printer.Number(s.unheard)))
	}
	return status
}

// language chooses the language: the flag, then the setting, then the environment.
func language(flag, setting string) string {
	for _, lang := range []string{flag, setting} {
		if lang == i18n.English || lang == i18n.French {
			return lang
		}
	}
	return i18n.Detect(os.Getenv)
}

// complain tells what was wrong, in the user's language, and returns the exit status for it. What it quotes may come from a
// link that somebody else wrote, so it is cleaned like all that goes to a terminal.
func complain(stderr io.Writer, p *i18n.Printer, err error) int {
	words, hint, status := err.Error(), "", core.StatusFailure
	aboutVault, code := vaultWords(p, err)
	if aboutVault != "" {
		words, status = aboutVault, code
	}
	var usage *usageError
	var settings *config.Error
	var fault *im.Failure
	var secret *secretError
	switch {
	case errors.As(err, &usage):
		words, hint, status = usageWords(p, usage), p.Text(i18n.StartTry)+"\n", core.StatusUsage
	case errors.As(err, &settings):
		words, status = configWords(p, settings), core.StatusUsage
	case errors.As(err, &fault):
		words, status = p.Failure(fault), core.ExitStatus(fault.Code)
	case aboutVault == "" && errors.As(err, &secret):
		words = secret.words(p)
	}
	tell(stderr, "traboule: "+core.CleanLine(words))
	fmt.Fprint(stderr, hint)
	return status
}

// prepareSession reads the settings and puts them together with the command line.
func prepareSession(o options) (*session, error) {
	path, err := config.Path(o.profile, os.Getenv)
	if err != nil {
		return nil, &usageError{kind: noHome}
	}
	settings, err := config.Load(path, config.Checks{Key: checkKey, Color: ui.CheckColour})
	if err != nil {
		return nil, err
	}
	s := &session{
		options: o, settings: settings, printer: i18n.New(language(o.lang, settings.Language.Value)),
		opened: make(chan struct{}), commands: make(chan core.Command), updates: make(chan core.Update),
		events: make(chan im.Event, eventQueue), wire: make(chan im.Event),
	}
	chosen, open, err := chooseAccounts(o, settings)
	if err != nil {
		return nil, err
	}
	if len(chosen) == 0 && !mayKnowAccount(o, os.Getenv) {
		return nil, &usageError{kind: noAccount}
	}
	s.open = open
	s.accounts, err = s.prepare(chosen)
	if err != nil {
		return nil, err
	}
	return s, s.prepareWay(path, os.Getenv)
}

func checkKey(action, key string) error {
	_, err := ui.NewKeyMap(map[string]string{action: key})
	return err
}
