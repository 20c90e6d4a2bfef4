package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/store"
	"traboule/vault"
)

// openProfile opens what the profile keeps, with the passphrase if it has one; where nothing is kept, a store in memory is
// as good for one session. It is done before the screen opens, which would be in the way of a question, and before the
// process gives its files up.
func (s *session) openProfile(ctx context.Context, env func(string) string) error {
	if !s.options.line && !s.options.json && !term.IsTerminal(int(os.Stdout.Fd())) {
		return &usageError{kind: noTerminal} // rather than after the question
	}
	s.stored = make(chan im.Event)
	o := store.Options{Events: s.stored}
	if err := s.openVault(ctx, env); err != nil {
		return err
	}
	if s.vault != nil {
		o.Path, o.Key = s.vault.Database(), s.vault.Keys().Database
		if err := missingDatabase(s.vault); err != nil {
			return errors.Join(err, s.closeProfile())
		}
	}
	var err error
	if s.store, err = store.Open(ctx, o); err != nil {
		return errors.Join(&databaseError{o.Path, err}, s.closeProfile())
	}
	s.kept = s.store.Profile()
	if err := s.takeLastAccount(); err != nil {
		return errors.Join(err, s.closeProfile())
	}
	if err := errors.Join(s.takePasswords(), s.takeSealedKeys(), s.takeConversations()); err != nil {
		return errors.Join(&databaseError{o.Path, err}, s.closeProfile())
	}
	return nil
}

// amnesiaAsked is the flag for which a profile stays closed; empty without it.
func (o options) amnesiaAsked() string {
	if o.amnesic {
		return "--amnesic"
	}
	return ""
}

// openVault opens the vault, if there is one and it may be touched.
func (s *session) openVault(ctx context.Context, env func(string) string) error {
	if s.options.amnesic {
		return nil
	}
	data, err := config.DataFolder(s.options.profile, env)
	if err != nil {
		return &usageError{kind: noHome}
	}
	v, err := vault.Take(data)
	if errors.Is(err, vault.ErrNoVault) && s.options.passphraseFD < 0 {
		return nil
	}
	if err != nil {
		return err
	}
	a := newAsker(s.options, s.printer)
	defer a.close()
	if s.mode, err = v.Mode(); err == nil {
		err = a.open(ctx, v)
	}
	if err != nil {
		return errors.Join(err, v.Close())
	}
	s.vault = v
	return nil
}

// closeProfile closes what openProfile has opened. It may be called again.
func (s *session) closeProfile() error {
	var err error
	if s.store != nil {
		err = s.store.Close()
	}
	if s.vault != nil {
		err = errors.Join(err, s.vault.Close())
	}
	return err
}

// runStore has the store write what it is given while do goes on, and then what is left. Should it fail, nothing would be
// kept any more and do is ended.
func (s *session) runStore(ctx context.Context, do func(context.Context) (int, error)) (int, error) {
	done, fail := context.WithCancel(ctx)
	defer fail()
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() {
		defer fail()
		ended <- guard(func() error { return s.store.Run(keeping) })
	}()
	status, err := do(done)
	stop()
	fault := <-ended
	var crashed *crash
	switch {
	case errors.As(fault, &crashed):
		return 0, fault
	case fault != nil && s.vault != nil && (err == nil || errors.Is(err, context.Canceled)):
		return status, &databaseError{s.vault.Database(), fault}
	}
	return status, err
}

// storage is how the profile keeps things, in the words of core.
func (s *session) storage() core.Storage {
	switch s.mode {
	case vault.Encrypted:
		return core.StorageEncrypted
	case vault.PlainKey:
		return core.StoragePlain
	default:
		return core.StorageNone
	}
}

// databaseError is a database that cannot be opened or written.
type databaseError struct {
	path string
	err  error
}

// Error names the file and what is wrong with it.
func (e *databaseError) Error() string { return fmt.Sprintf("%q: %v", e.path, e.err) }

// Unwrap gives what is wrong.
func (e *databaseError) Unwrap() error { return e.err }
