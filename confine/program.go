package confine

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what the door takes, so that a client taken over can not have it do much.
const (
	maxArguments = 64
	maxText      = 8 << 10 // bytes of one argument, address or path
	maxAllowed   = 32      // programs, addresses, and folders
)

// Allowed is all that the door will ever do. It is told once, at the start.
type Allowed struct {
	Programs []Program
	// Addresses are what may be connected to: "tcp 127.0.0.1:9050", with the address in numbers, or "unix /path".
	Addresses []string
}

// Program is a program that may be started.
type Program struct {
	// Argv are the program and its arguments, exactly. A shell is a program like any other: none is put in between.
	Argv []string
	// Argument says what may follow Argv.
	Argument Argument
	// Folder is where an argument of the kind FileArgument must lie.
	Folder string
	// Self is for the program of this process itself, to be attached: Argv is what it is called.
	Self bool
	// Apart keeps what is typed in the terminal, such as Ctrl+C, from a program that is run: one that serves the client
	// until the client has done with it.
	Apart bool
}

// Argument is what may follow a program's arguments.
type Argument uint8

// The kinds of argument.
const (
	NoArgument   Argument = iota
	LinkArgument          // a link of http or https
	FileArgument          // a path inside the program's Folder
)

// find returns which of the programs argv is, with an argument where it takes one; -1 for none.
func (a Allowed) find(argv []string) int {
	return slices.IndexFunc(a.Programs, func(p Program) bool {
		if p.Argument == NoArgument {
			return slices.Equal(p.Argv, argv)
		}
		last := len(p.Argv)
		return len(argv) == last+1 && slices.Equal(p.Argv, argv[:last]) && p.fits(argv[last])
	})
}

// reaches reports whether an address may be connected to.
func (a Allowed) reaches(address string) bool { return slices.Contains(a.Addresses, address) }

// fits judges the argument that the client chose. None can be taken for an option.
func (p Program) fits(argument string) bool {
	switch p.Argument {
	case LinkArgument:
		return isLink(argument)
	case FileArgument:
		inside, err := filepath.Rel(p.Folder, argument)
		return err == nil && filepath.IsAbs(argument) && filepath.Clean(argument) == argument && inside != "." && filepath.IsLocal(inside)
	default:
		return false
	}
}

func isLink(s string) bool {
	link, err := url.Parse(s)
	return err == nil && (link.Scheme == "http" || link.Scheme == "https") && link.Host != "" &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// check tells what is wrong with a list before it is relied upon.
func (a Allowed) check() error {
	if len(a.Programs) > maxAllowed || len(a.Addresses) > maxAllowed {
		return fmt.Errorf("more than %d programs or addresses", maxAllowed)
	}
	for _, p := range a.Programs {
		if err := checkArgv(p.Argv); err != nil {
			return err
		}
		if p.Self && (len(p.Argv) != 1 || p.Argument != NoArgument) {
			return fmt.Errorf("%q: the program itself has a name and no arguments", p.Argv[0])
		}
		if p.Argument > FileArgument || (p.Argument == FileArgument) != filepath.IsAbs(p.Folder) {
			return fmt.Errorf("%q: an argument that is a file, and only that, has an absolute folder", p.Argv[0])
		}
	}
	for _, address := range a.Addresses {
		if err := checkAddress(address); err != nil {
			return err
		}
	}
	return nil
}

// isFolder keeps a slip from removing what lies at the top.
func isFolder(s string) bool {
	return isText(s) && filepath.IsAbs(s) && filepath.Clean(s) == s && strings.Count(s, "/") > 1
}

func checkAddress(s string) error {
	network, address, _ := strings.Cut(s, " ")
	_, err := netip.ParseAddrPort(address)
	switch {
	case !isText(s):
	case network == "tcp" && err == nil, network == "unix" && filepath.IsAbs(address):
		return nil
	}
	return fmt.Errorf(`%q: want "tcp NUMBERS:PORT" or "unix /PATH"`, s)
}

func checkArgv(argv []string) error {
	switch {
	case len(argv) == 0 || argv[0] == "":
		return errors.New("no program")
	case len(argv) > maxArguments:
		return fmt.Errorf("%q: more than %d arguments", argv[0], maxArguments)
	case slices.ContainsFunc(argv, func(s string) bool { return !isText(s) }):
		return fmt.Errorf("%q: an argument is no text, or longer than %d bytes", argv[0], maxText)
	}
	return nil
}

func isText(s string) bool {
	return len(s) <= maxText && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}
