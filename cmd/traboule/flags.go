package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"traboule/config"
	"traboule/im"
)

// options is the command line, read and checked but not yet put together with the settings.
type options struct {
	account      im.JID
	profile      string
	amnesic      bool
	passwordFD   int // -1 for none
	passphraseFD int
	tor          string // "" where the flag is absent
	socks        string
	server       string
	ca           string
	line, json   bool
	lang         string
	version      bool
	help         bool
	address      address
	yes          bool
	// One of these is set if the command line is not about a session.
	keys    *keyCommand
	vault   *profileCommand
	history *historyCommand
}

// usageError is a fault in the command line, or in what it names; usageWords words it.
type usageError struct {
	kind  usageKind
	value string
	place string // where a flag has no meaning, or alone has one
}

// usageKind says what is wrong with the command line.
type usageKind uint8

const (
	badFlag usageKind = iota
	unknownFlag
	flagWithoutValue
	flagWithBadValue
	badAddress
	badTor
	badLang
	badServer
	badSOCKS
	badCA
	tooMany
	lineAndJSON
	noAccount
	serverForMany
	noTerminal
	noHome
	badKeyCommand
	strayFlag
	onlyFlag
	writesAmnesic
	badProgram
	manyPrograms
	badProfileCommand
	noAnswer
	badHistory
	oldHistory
	badHistoryCommand
)

// Error is for logs; people read usageWords.
func (e *usageError) Error() string { return fmt.Sprintf("usage fault %d: %q", e.kind, e.value) }

// commandLine is what flags are read into.
type commandLine struct {
	options
	accountFlag string
	keyFlags    keyCommand
	vaultFlags  profileCommand
}

// flags are all that there are. The flag package's own words are English, so they are kept out of sight.
func (c *commandLine) flags() *flag.FlagSet {
	set := flag.NewFlagSet("traboule", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&c.accountFlag, "account", "", "")
	set.StringVar(&c.profile, "profile", "", "")
	set.BoolVar(&c.amnesic, "amnesic", false, "")
	set.IntVar(&c.passwordFD, "password-fd", -1, "")
	set.IntVar(&c.passphraseFD, "passphrase-fd", -1, "")
	set.StringVar(&c.tor, "tor", "", "")
	set.StringVar(&c.socks, "socks", "", "")
	set.StringVar(&c.server, "server", "", "")
	set.StringVar(&c.ca, "ca", "", "")
	set.BoolVar(&c.line, "line", false, "")
	set.BoolVar(&c.json, "json", false, "")
	set.StringVar(&c.lang, "lang", "", "")
	set.BoolVar(&c.keyFlags.replace, "replace", false, "")
	set.StringVar((*string)(&c.keyFlags.program), "for", "", "")
	set.StringVar(&c.vaultFlags.history, "history", "", "")
	set.BoolVar(&c.yes, "yes", false, "")
	set.BoolVar(&c.version, "version", false, "")
	set.BoolVar(&c.help, "help", false, "")
	set.BoolVar(&c.help, "h", false, "")
	return set
}

// parseFlags reads the command line.
func parseFlags(args []string) (options, error) {
	c := commandLine{}
	set := c.flags()
	rest, err := parseMixed(set, args)
	if errors.Is(err, flag.ErrHelp) {
		c.help = true
		return c.options, nil
	}
	if err != nil {
		return c.options, flagFault(err)
	}
	if c.help || c.version {
		return c.options, nil
	}
	place, err := c.parseCommand(rest)
	if err != nil {
		return c.options, err
	}
	if err := checkFlagPlaces(set, place); err != nil {
		return c.options, err
	}
	if place != "" {
		rest = nil
	}
	err = c.check(c.accountFlag, rest)
	return c.options, err
}

// parseCommand reads a command that is not about a session, if there is one, and returns its first word.
func (c *commandLine) parseCommand(rest []string) (place string, err error) {
	if len(rest) == 0 {
		return "", nil
	}
	switch rest[0] {
	case "otr":
		c.keys, err = parseKeyCommand(rest, c.keyFlags)
	case "profile":
		c.vault, err = parseProfileCommand(rest, c.vaultFlags)
	case "history":
		c.history, err = parseHistoryCommand(rest)
	default:
		return "", nil
	}
	return rest[0], err
}

// flagPlaces says what flags go with: commands such as "otr", or "" for a session. Those that are not listed go with a session
// alone.
func flagPlaces() map[string][]string {
	return map[string][]string{
		"profile": {"", "otr", "profile", "history"}, "lang": {"", "otr", "profile", "history"}, "account": {"", "otr", "history"},
		"json": {"", "history"}, "replace": {"otr"}, "for": {"otr"}, "passphrase-fd": {"", "otr", "profile", "history"},
		"yes": {"profile", "history"}, "history": {"profile"},
	}
}

// checkFlagPlaces sees that each flag goes with what is to be done.
func checkFlagPlaces(set *flag.FlagSet, place string) error {
	var fault error
	places := flagPlaces()
	set.Visit(func(f *flag.Flag) {
		goesWith, listed := places[f.Name]
		switch {
		case listed && slices.Contains(goesWith, place), !listed && place == "":
		case place == "":
			fault = &usageError{kind: onlyFlag, value: "--" + f.Name, place: "traboule " + goesWith[0]}
		case f.Name == "amnesic" && f.Value.String() == "true":
			fault = &usageError{kind: writesAmnesic, place: "traboule " + place}
		case f.Name != "amnesic":
			fault = &usageError{kind: strayFlag, value: "--" + f.Name, place: "traboule " + place}
		}
	})
	return fault
}

// flagFault reads what is wrong out of an error of package flag, whose words are English only.
func flagFault(err error) *usageError {
	for kind, words := range map[usageKind]*regexp.Regexp{
		unknownFlag:      regexp.MustCompile(`^flag provided but not defined: -(.*)$`),
		flagWithoutValue: regexp.MustCompile(`^flag needs an argument: -(.*)$`),
		flagWithBadValue: regexp.MustCompile(`^invalid .*value ".*" for (?:flag )?-([a-z-]+): `),
	} {
		if found := words.FindStringSubmatch(err.Error()); found != nil {
			return &usageError{kind: kind, value: "--" + found[1]}
		}
	}
	return &usageError{kind: badFlag, value: err.Error()}
}

// parseMixed allows flags after the address too, as users of other programs expect.
func parseMixed(set *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		if set.NArg() == 0 {
			return rest, nil
		}
		ended := len(args) > set.NArg() && args[len(args)-set.NArg()-1] == "--"
		if ended {
			return append(rest, set.Args()...), nil
		}
		rest = append(rest, set.Arg(0))
		args = set.Args()[1:]
	}
}

func (o *options) check(account string, rest []string) error {
	if len(rest) > 1 {
		return &usageError{kind: tooMany, value: rest[1]}
	}
	if o.line && o.json {
		return &usageError{kind: lineAndJSON}
	}
	if o.tor != "" && o.tor != "required" && o.tor != "off" {
		return &usageError{kind: badTor, value: o.tor}
	}
	if o.lang != "" && o.lang != "en" && o.lang != "fr" {
		return &usageError{kind: badLang, value: o.lang}
	}
	if o.server != "" && !config.IsHostPort(o.server) {
		return &usageError{kind: badServer, value: o.server}
	}
	if o.socks != "" && !config.IsSOCKS(o.socks) {
		return &usageError{kind: badSOCKS, value: o.socks}
	}
	if account != "" {
		j, err := im.ParseJID(account)
		if err != nil {
			return &usageError{kind: badAddress, value: account}
		}
		o.account = j.Bare()
	}
	if len(rest) == 0 {
		return nil
	}
	a, err := parseAddress(rest[0])
	if err != nil {
		return &usageError{kind: badAddress, value: rest[0]}
	}
	o.address = a
	return nil
}

// languageFlag finds --lang before the command line is read, so that its faults are told in that language.
func languageFlag(args []string) string {
	for i, arg := range args {
		name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if name != "lang" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if hasValue {
			return value
		}
		if i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}
