package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"traboule/im"
	"traboule/otr"
	"traboule/ui/i18n"
)

// program is a client that keeps its keys in files of libotr's.
type program string

// The programs. Our own files are named as Pidgin's, with the accounts called as they were where they came from.
const (
	ours      program = ""
	pidgin    program = "pidgin"
	profanity program = "profanity"
	mcabber   program = "mcabber"
)

// otrFolder is where all but Pidgin have them, below their own folder.
const otrFolder = "otr"

// keyFiles are the names of libotr's files in one place.
type keyFiles struct {
	program program
	// folders lead to the place from the folder that the user named.
	folders                  []string
	keys, fingerprints, tags string // tags is empty for a program that keeps none
}

func (k keyFiles) place() string { return filepath.Join(k.folders...) }

func pidginFiles(p program, folders ...string) keyFiles {
	return keyFiles{p, folders, "otr.private_key", "otr.fingerprints", "otr.instance_tags"}
}

func profanityFiles(folders ...string) keyFiles {
	return keyFiles{profanity, folders, "keys.txt", "fingerprints.txt", ""}
}

func mcabberFiles(account string, folders ...string) keyFiles {
	return keyFiles{mcabber, folders, account + ".key", account + ".fpr", account + ".tag"}
}

// filesFor is where a program wants the files of an account, below its own folder or the one named "otr" in it.
func filesFor(p program, account im.JID, inside bool) keyFiles {
	var folders []string
	if !inside {
		folders = []string{otrFolder}
	}
	switch p {
	case profanity:
		return profanityFiles(append(folders, strings.ReplaceAll(account.String(), "@", "_at_"))...)
	case mcabber:
		return mcabberFiles(account.String(), folders...)
	default:
		return pidginFiles(p)
	}
}

// lookForKeys sees whether there is something to import before a passphrase is asked for.
func lookForKeys(ctx context.Context, o options, p *i18n.Printer, profile string) error {
	if o.keys.export {
		return nil
	}
	t := newKeyTransfer(ctx, *o.keys, p, profile, nil)
	t.account = o.account
	err := t.openSources(ctx)
	if err == nil && len(t.accounts()) == 0 {
		err = errNoKeys
	}
	if err = t.finish(err); err != nil {
		return t.explain(err)
	}
	return nil
}

// findKeyFiles finds the files of all programs in a folder: that of the program, the one named "otr" in it, and in
// Profanity's case that of an account.
func findKeyFiles(f *folder) ([]keyFiles, error) {
	found, err := searchKeyFiles(f, nil)
	if err != nil {
		return nil, err
	}
	inside, err := f.sub(otrFolder, false)
	if inside == nil {
		return found, err
	}
	defer inside.close()
	more, err := searchKeyFiles(inside, []string{otrFolder})
	return append(found, more...), err
}

func searchKeyFiles(f *folder, folders []string) ([]keyFiles, error) {
	names, err := f.names()
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	found := filesAmong(names, folders)
	for _, name := range names {
		if !strings.Contains(name, "_at_") {
			continue
		}
		below, err := f.sub(name, false)
		if err != nil || below == nil {
			return nil, errors.Join(err, f.fault(name, errNoFile))
		}
		inside, err := below.names()
		below.close()
		if err != nil {
			return nil, err
		}
		if files := profanityFiles(append(slices.Clone(folders), name)...); files.among(inside) {
			found = append(found, files)
		}
	}
	return found, nil
}

// filesAmong tells which programs have files among those of a folder.
func filesAmong(names, folders []string) []keyFiles {
	var found []keyFiles
	for _, files := range []keyFiles{pidginFiles(pidgin, folders...), profanityFiles(folders...)} {
		if files.among(names) {
			found = append(found, files)
		}
	}
	for _, name := range names {
		account := strings.TrimSuffix(strings.TrimSuffix(name, ".key"), ".fpr")
		files := mcabberFiles(account, folders...)
		known := slices.ContainsFunc(found, func(other keyFiles) bool { return other.keys == files.keys })
		if account != name && strings.Contains(account, "@") && !known {
			found = append(found, files)
		}
	}
	return found
}

// among reports whether the keys or the fingerprints are among the files.
func (k keyFiles) among(names []string) bool {
	return slices.Contains(names, k.keys) || slices.Contains(names, k.fingerprints)
}

// accountOf is the account that a name in libotr's files is for; false for those of other networks.
func accountOf(name otr.KeyName) (im.JID, bool) {
	bare, _, _ := strings.Cut(name.Name, "/")
	account, err := im.ParseJID(bare)
	return account, err == nil && account.Local() != "" && slices.Contains([]string{"prpl-jabber", "jabber", "xmpp"}, name.Protocol)
}

// call is how a program calls an account that was called so elsewhere.
func (p program) call(account im.JID, elsewhere otr.KeyName) otr.KeyName {
	name := map[program]otr.KeyName{
		pidgin: {Name: account.String() + "/", Protocol: "prpl-jabber"}, profanity: {Name: account.String(), Protocol: "xmpp"},
		mcabber: {Name: account.String(), Protocol: "jabber"},
	}[p]
	if p == ours || name.Protocol == elsewhere.Protocol {
		return elsewhere
	}
	return name
}
