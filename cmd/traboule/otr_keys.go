package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/otr"
	"traboule/ui"
	"traboule/ui/i18n"
)

// keyCommand is "traboule otr import DIR" or "traboule otr export DIR".
type keyCommand struct {
	export  bool
	dir     string
	program program // to export for; empty for that which the folder is of
	replace bool    // keys that are there already
}

// parseKeyCommand reads what stands on the command line beside flags, which begins with "otr".
func parseKeyCommand(rest []string, c keyCommand) (*keyCommand, error) {
	if len(rest) != 3 || rest[1] != "import" && rest[1] != "export" || rest[2] == "" {
		return nil, &usageError{kind: badKeyCommand}
	}
	c.export, c.dir = rest[1] == "export", rest[2]
	if c.program != "" && (!c.export || !slices.Contains([]program{pidgin, profanity, mcabber}, c.program)) {
		return nil, &usageError{kind: badProgram, value: string(c.program)}
	}
	return &c, nil
}

// keyTransfer is one such command under way: what goes from where to where.
type keyTransfer struct {
	command keyCommand
	printer *i18n.Printer
	keeper  *keyKeeper
	profile string    // the folder with the profile's own files
	vault   *keyVault // nil for none
	account im.JID    // the only one that it is about; zero for all

	from     []*keyStore
	to       map[string]*keyStore // by the path of the files with keys
	report   []string
	stays    bool // something was not copied
	replaced map[im.JID]bool
}

// errNoKeys is that there is nothing to copy.
var errNoKeys = errors.New("no files with OTR keys")

// runKeyCommand carries the command out. It can be interrupted, and leaves nothing half done then.
func runKeyCommand(o options, stdout, stderr io.Writer) int {
	p := i18n.New(language(o.lang, ""))
	path, err := config.Path(o.profile, os.Getenv)
	if err != nil {
		return complain(stderr, p, &usageError{kind: noHome})
	}
	settings, err := config.Load(path, config.Checks{Key: checkKey, Color: ui.CheckColour})
	if err != nil {
		return complain(stderr, p, err)
	}
	p = i18n.New(language(o.lang, settings.Language.Value))
	profile, err := config.DataFolder(o.profile, os.Getenv)
	if err != nil {
		return complain(stderr, p, &usageError{kind: noHome})
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	a := newAsker(o, p)
	defer a.close()
	if err := lookForKeys(ctx, o, p, profile); err != nil {
		return complain(stderr, p, err)
	}
	v, err := findKeyVault(ctx, profile, a)
	if err != nil {
		return complain(stderr, p, err)
	}
	t := newKeyTransfer(ctx, *o.keys, p, profile, v)
	t.account = o.account
	if err := t.finish(t.run(ctx)); err != nil {
		return complain(stderr, p, t.explain(err))
	}
	if t.intoVault() {
		t.say(i18n.OTRVaulted)
	}
	for _, line := range t.report {
		tell(stdout, core.CleanLine(line))
	}
	return 0
}

// newKeyTransfer starts what a command needs, in a data folder. It takes over the vault, nil for none.
func newKeyTransfer(ctx context.Context, c keyCommand, p *i18n.Printer, data string, v *keyVault) *keyTransfer {
	var sealing *os.File
	if v != nil {
		sealing = v.sealing
	}
	return &keyTransfer{
		command: c, printer: p, keeper: startKeyKeeper(ctx, sealing), profile: filepath.Join(data, otrFolder), vault: v,
		to: map[string]*keyStore{}, replaced: map[im.JID]bool{},
	}
}

// finish closes all, and adds what goes wrong then to what went wrong before.
func (t *keyTransfer) finish(err error) error {
	t.keeper.engine.Close()
	if t.vault != nil {
		err = errors.Join(err, t.vault.close())
	}
	for _, s := range t.from {
		s.close()
	}
	for _, s := range t.to {
		s.close()
	}
	return err
}

func (t *keyTransfer) run(ctx context.Context) error {
	if err := t.openSources(ctx); err != nil {
		return err
	}
	accounts := t.accounts()
	if len(accounts) == 0 {
		return errNoKeys
	}
	target, err := t.openTarget()
	if err != nil {
		return err
	}
	if target != nil {
		defer target.close()
	}
	for _, account := range accounts {
		to, err := t.store(ctx, target, account)
		if err != nil {
			return err
		}
		if err := t.copy(ctx, to, account); err != nil {
			return err
		}
	}
	return t.write(ctx)
}

// openSources opens all that there is to copy from.
func (t *keyTransfer) openSources(ctx context.Context) error {
	path := t.command.dir
	if t.command.export {
		path = t.profile
		if err := t.openVaultSource(ctx); err != nil {
			return err
		}
	}
	root, err := openFolder(path, false)
	if errors.Is(err, os.ErrNotExist) && t.command.export {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.close()
	found := []keyFiles{pidginFiles(ours)}
	if !t.command.export {
		if found, err = findKeyFiles(root); err != nil {
			return err
		}
	}
	for _, files := range found {
		s, err := openStore(ctx, t.keeper, root, files, false)
		if err != nil {
			return err
		}
		t.from = append(t.from, s)
	}
	return nil
}

// accounts lists the accounts that there is something to copy for, and reports on what is none of ours.
func (t *keyTransfer) accounts() []im.JID {
	var accounts []im.JID
	var others []otr.KeyName
	for _, s := range t.from {
		for _, name := range s.names() {
			account, xmpp := accountOf(name)
			switch {
			case !xmpp && !slices.Contains(others, name):
				others = append(others, name)
			case xmpp && !slices.Contains(accounts, account) && (t.account.IsZero() || t.account == account):
				accounts = append(accounts, account)
			}
		}
	}
	for _, name := range others {
		t.stays = true
		t.say(i18n.OTRLeftOut, name.Name, name.Protocol)
	}
	slices.SortFunc(accounts, func(a, b im.JID) int { return cmp.Compare(a.String(), b.String()) })
	return accounts
}

// openTarget opens the folder to copy to, and finds which program's it is. It is nil for the vault.
func (t *keyTransfer) openTarget() (*folder, error) {
	if t.intoVault() {
		return nil, nil
	}
	if !t.command.export {
		f, err := openFolder(filepath.Dir(t.profile), true)
		if err != nil {
			return nil, err
		}
		defer f.close()
		own, err := f.sub(otrFolder, true)
		if err != nil {
			return nil, err
		}
		return own, own.file.Chmod(0o700)
	}
	f, err := openFolder(t.command.dir, true)
	if err != nil || t.command.program != "" {
		return f, err
	}
	found, err := findKeyFiles(f)
	t.command.program = pidgin
	for i, files := range found {
		if i > 0 && files.program != t.command.program {
			err = &usageError{kind: manyPrograms, value: t.command.dir}
		}
		t.command.program = files.program
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// store opens the files that an account's keys go to, unless they are open.
func (t *keyTransfer) store(ctx context.Context, root *folder, account im.JID) (*keyStore, error) {
	files := pidginFiles(ours)
	if t.command.export {
		files = filesFor(t.command.program, account, filepath.Base(filepath.Clean(root.path)) == otrFolder)
	}
	path := filepath.Join(files.place(), files.keys)
	if s := t.to[path]; s != nil {
		return s, nil
	}
	var s *keyStore
	var err error
	if t.intoVault() {
		s, err = openVaultStore(ctx, t.keeper, t.vault, t.command.replace)
	} else {
		s, err = openStore(ctx, t.keeper, root, files, true)
	}
	if err == nil {
		t.to[path] = s
	}
	return s, err
}

// copy copies all that belongs to an account, and reports on it.
func (t *keyTransfer) copy(ctx context.Context, to *keyStore, account im.JID) error {
	keys := 0
	for _, from := range t.from {
		for _, key := range from.stored {
			if !isFor(key.Account, account) {
				continue
			}
			keys++
			if err := t.copyKey(ctx, from, key, to, account); err != nil {
				return err
			}
		}
	}
	if keys == 0 {
		t.say(i18n.OTRKeyNone, account.String())
	}
	t.copyKnown(to, account)
	t.copyTags(to, account)
	return nil
}

// copyKey copies a key, unless there is another already and the user has not said to replace it.
func (t *keyTransfer) copyKey(ctx context.Context, from *keyStore, key otr.StoredKey, to *keyStore, account im.JID) error {
	before, found := to.key(account)
	ours, theirs := im.GroupFingerprint(key.Fingerprint), im.GroupFingerprint(before.Fingerprint)
	switch {
	case found && before.Fingerprint == key.Fingerprint:
		t.say(i18n.OTRKeyThere, account.String(), ours)
		return nil
	case found && (!t.command.replace || t.replaced[account]):
		t.stays = true
		t.say(i18n.OTRKeyStays, account.String(), ours, theirs)
		return nil
	case found:
		t.say(i18n.OTRKeyReplaced, account.String(), ours, theirs)
	default:
		t.say(i18n.OTRKeyCopied, account.String(), ours)
	}
	t.replaced[account] = true
	return to.takeKey(ctx, t.keeper, from, key, account)
}

func (t *keyTransfer) copyKnown(to *keyStore, account im.JID) {
	fresh, verified, before := 0, 0, 0
	for _, from := range t.from {
		for _, k := range from.known {
			switch {
			case !isFor(k.Account, account):
			case !to.takeKnown(k, account):
				before++
			default:
				fresh++
				if k.Verified() {
					verified++
				}
			}
		}
	}
	if fresh+before > 0 {
		t.say(i18n.OTRKnownCopied, account.String(), fresh, verified, before)
	}
}

// copyTags copies the instance tag, if the files to copy to have room for one and none yet.
func (t *keyTransfer) copyTags(to *keyStore, account im.JID) {
	if to.files.tags == "" {
		return
	}
	for _, from := range t.from {
		for _, tag := range from.tags {
			switch before := to.tag(account); {
			case !isFor(tag.Account, account), before == tag.Tag:
			case before != 0:
				t.say(i18n.OTRTagStays, account.String(), fmt.Sprintf("%08x", before), fmt.Sprintf("%08x", tag.Tag))
			default:
				to.takeTag(tag, account)
				t.say(i18n.OTRTagCopied, account.String(), fmt.Sprintf("%08x", tag.Tag))
			}
		}
	}
}

// write writes what has changed, and reports where.
func (t *keyTransfer) write(ctx context.Context) error {
	for _, s := range t.to {
		backups, err := s.write(ctx, t.keeper)
		if err != nil {
			return err
		}
		for name, backup := range backups {
			t.say(i18n.OTRBackup, filepath.Join(s.folder.path, name), backup)
		}
	}
	if t.intoVault() {
		return nil
	}
	place := t.profile
	if t.command.export {
		place = t.command.dir
	}
	t.say(i18n.OTRUnprotected, place)
	return nil
}

func (t *keyTransfer) say(key i18n.Key, args ...any) {
	t.report = append(t.report, t.printer.Format(key, args...))
}

// explain words what went wrong.
func (t *keyTransfer) explain(err error) error {
	p := t.printer
	var usage *usageError
	var database *databaseError
	switch {
	case errors.As(err, &usage), errors.As(err, &database):
		return err
	case errors.Is(err, errNoKeys) && t.command.export:
		return errors.New(p.Text(i18n.OTRNothingKept))
	case errors.Is(err, errNoKeys):
		return errors.New(p.Format(i18n.OTRNothingFound, t.command.dir))
	default:
		return keyFault(p, err)
	}
}
