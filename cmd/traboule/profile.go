package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"traboule/config"
	"traboule/core"
	"traboule/ui"
	"traboule/ui/i18n"
	"traboule/vault"
)

// profileCommand is "traboule profile", alone or with what is to become of the profile.
type profileCommand struct {
	verb    profileVerb
	history string // of --history; empty without it
}

// profileVerb says what is to become of a profile.
type profileVerb string

const (
	showProfile      profileVerb = ""
	encryptProfile   profileVerb = "encrypted"
	plainProfile     profileVerb = "plain"
	amnesicProfile   profileVerb = "amnesic"
	changePassphrase profileVerb = "passphrase"
	repairProfile    profileVerb = "repair"
	eraseProfile     profileVerb = "erase"
)

// parseProfileCommand reads what stands on the command line beside flags, which begins with "profile".
func parseProfileCommand(rest []string, c profileCommand) (*profileCommand, error) {
	if len(rest) > 1 {
		c.verb = profileVerb(rest[1])
	}
	known := []profileVerb{showProfile, encryptProfile, plainProfile, amnesicProfile, changePassphrase, repairProfile, eraseProfile}
	if len(rest) > 2 || !slices.Contains(known, c.verb) {
		return nil, &usageError{kind: badProfileCommand}
	}
	if c.history == "" {
		return &c, nil
	}
	if !slices.Contains([]profileVerb{showProfile, encryptProfile, plainProfile}, c.verb) {
		return nil, &usageError{kind: strayFlag, value: "--history", place: "traboule " + strings.Join(rest, " ")}
	}
	_, err := parseHistory(c.history)
	return &c, err
}

// profile is one such command under way.
type profile struct {
	data    string // the data folder
	history string // of --history; empty without it
	asker   *asker
	printer *i18n.Printer
	out     io.Writer
}

// runProfileCommand carries the command out.
func runProfileCommand(o options, stdout, stderr io.Writer) int {
	p := commandPrinter(o)
	data, err := config.DataFolder(o.profile, os.Getenv)
	if err != nil {
		return complain(stderr, p, &usageError{kind: noHome})
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	command := &profile{data: data, history: o.vault.history, asker: newAsker(o, p), printer: p, out: stdout}
	defer command.asker.close()
	if err := command.do(ctx, o.vault.verb); err != nil {
		return complain(stderr, p, fileFault(data, err))
	}
	return 0
}

// fileFault names the file in the data folder that the system complains of, where nobody has named it yet.
func fileFault(data string, err error) error {
	var file *vault.FileError
	var database *databaseError
	var passphrase *passphraseError // it comes from no file of the profile
	var system *fs.PathError
	if errors.As(err, &file) || errors.As(err, &database) || errors.As(err, &passphrase) || !errors.As(err, &system) {
		return err
	}
	path := system.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(data, path)
	}
	return &vault.FileError{Path: path, Err: system.Err}
}

// commandPrinter words a command about the profile. Settings that cannot be read must not keep anybody from erasing it.
func commandPrinter(o options) *i18n.Printer {
	setting := ""
	if path, err := config.Path(o.profile, os.Getenv); err == nil {
		if settings, err := config.Load(path, config.Checks{Key: checkKey, Color: ui.CheckColour}); err == nil {
			setting = settings.Language.Value
		}
	}
	return i18n.New(language(o.lang, setting))
}

func (c *profile) do(ctx context.Context, verb profileVerb) error {
	switch verb {
	case encryptProfile:
		return c.keep(ctx, vault.Encrypted)
	case plainProfile:
		return c.keep(ctx, vault.PlainKey)
	case changePassphrase:
		return c.changePassphrase(ctx)
	case repairProfile:
		return c.repair(ctx)
	case amnesicProfile, eraseProfile:
		return c.erase(ctx)
	default:
		return c.choose(ctx)
	}
}

// choose shows how the profile is, and on a terminal asks how it is to be.
func (c *profile) choose(ctx context.Context) error {
	mode, err := vault.Look(c.data)
	if err != nil {
		return err
	}
	c.say(map[vault.Mode]i18n.Key{
		vault.NoVault: i18n.ProfileIsAmnesic, vault.Encrypted: i18n.ProfileIsEncrypted, vault.PlainKey: i18n.ProfileIsPlain,
	}[mode], c.data)
	if err := c.sayBeside(); err != nil || !c.asker.canAsk() {
		return err
	}
	fmt.Fprint(c.out, "\n", c.printer.ProfileWays(), "\n")
	c.adviseOnTails()
	verb, err := c.askWay(ctx)
	if err != nil {
		return err
	}
	if verb == showProfile {
		c.say(i18n.ProfileUnchanged)
		return nil
	}
	return c.do(ctx, verb)
}

// wayTries is how often an answer may be none before the profile is left as it is.
const wayTries = 3

// askWay asks for one of the ways to live; showProfile leaves the profile as it is.
func (c *profile) askWay(ctx context.Context) (profileVerb, error) {
	ways := map[string]profileVerb{"": showProfile, "1": amnesicProfile, "2": encryptProfile, "3": plainProfile}
	prompt := i18n.ProfileChoose
	for range wayTries {
		answer, err := c.asker.line(ctx, c.printer.Text(prompt))
		if err != nil {
			return showProfile, err
		}
		if verb, known := ways[answer]; known {
			return verb, nil
		}
		prompt = i18n.ProfileChooseAgain
	}
	return showProfile, nil
}

// keep makes a profile that keeps things in a mode, or changes one to it.
func (c *profile) keep(ctx context.Context, mode vault.Mode) error {
	v, err := vault.Take(c.data)
	if errors.Is(err, vault.ErrNoVault) {
		return c.create(ctx, mode)
	}
	if err != nil {
		return err
	}
	defer v.Close()
	if c.history != "" { // what is set in it stays, which must not be taken for done
		return &usageError{kind: oldHistory, value: c.data}
	}
	is, err := v.Mode()
	if err != nil {
		return err
	}
	if is == mode {
		c.say(map[vault.Mode]i18n.Key{vault.Encrypted: i18n.ProfileIsEncrypted, vault.PlainKey: i18n.ProfileIsPlain}[mode], c.data)
		return c.adoptKeys(ctx, v)
	}
	return c.change(ctx, v, mode)
}

// create makes a vault where there was none.
func (c *profile) create(ctx context.Context, mode vault.Mode) error {
	c.adviseOnTails()
	passphrase := ""
	if mode == vault.Encrypted {
		var err error
		if passphrase, err = c.asker.newPassphrase(ctx); err != nil {
			return err
		}
	}
	history, err := c.askHistory(ctx)
	if err != nil {
		return err
	}
	v, err := vault.Create(c.data, mode, passphrase)
	if err != nil {
		return err
	}
	if err := fillVault(ctx, v, history); err != nil {
		return errors.Join(err, v.Erase())
	}
	c.say(map[vault.Mode]i18n.Key{vault.Encrypted: i18n.ProfileMade, vault.PlainKey: i18n.ProfileMadePlain}[mode], v.Folder())
	return errors.Join(c.adoptKeys(ctx, v), v.Close())
}

// change gives a vault another mode or another passphrase, with the passphrase that it has.
func (c *profile) change(ctx context.Context, v *vault.Vault, mode vault.Mode) error {
	if err := c.asker.open(ctx, v); err != nil {
		return err
	}
	passphrase := ""
	switch mode {
	case vault.Encrypted:
		var err error
		if passphrase, err = c.asker.newPassphrase(ctx); err != nil {
			return err
		}
	default:
		agreed, err := c.asker.confirm(ctx, c.printer.Text(i18n.ProfileAskPlain))
		if err != nil {
			return err
		}
		if !agreed {
			c.say(i18n.ProfileUnchanged)
			return nil
		}
	}
	if err := v.Change(mode, passphrase); err != nil {
		return err
	}
	c.say(map[vault.Mode]i18n.Key{vault.Encrypted: i18n.ProfileSealed, vault.PlainKey: i18n.ProfileUnsealed}[mode])
	return c.adoptKeys(ctx, v)
}

func (c *profile) changePassphrase(ctx context.Context) error {
	v, err := vault.Take(c.data)
	if err != nil {
		return err
	}
	defer v.Close()
	mode, err := v.Mode()
	if err != nil {
		return err
	}
	if mode == vault.PlainKey {
		return errors.New(c.printer.Text(i18n.ProfileNoPassphrase))
	}
	return c.change(ctx, v, vault.Encrypted)
}

// sayBeside tells what is on the disk without being in the vault.
func (c *profile) sayBeside() error {
	kept, err := keptIn(c.data)
	kept = slices.DeleteFunc(kept, func(name string) bool { return name == vault.FolderName })
	if err == nil && len(kept) > 0 {
		c.say(i18n.ProfileBeside, strings.Join(kept, ", "))
	}
	return err
}

func (c *profile) say(key i18n.Key, args ...any) {
	c.print(c.printer.Format(key, args...))
}

func (c *profile) print(line string) {
	tell(c.out, core.CleanLine(line))
}
