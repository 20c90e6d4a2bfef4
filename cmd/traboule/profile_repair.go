package main

import (
	"context"
	"errors"

	"traboule/store"
	"traboule/ui/i18n"
	"traboule/vault"
)

// checkDatabase opens the database of a vault that is open, and reads all of it.
func checkDatabase(ctx context.Context, v *vault.Vault, acceptLoss bool) error {
	s, err := openDatabase(ctx, v, acceptLoss)
	if err != nil {
		return err
	}
	if _, err = s.Check(ctx); err != nil && ctx.Err() == nil {
		err = &databaseError{v.Database(), err}
	}
	return errors.Join(err, s.Close())
}

// repair goes on with what is left of a database that lacks its last changes; of one that is damaged it makes a new one with what
// can be read, or an empty one if nothing can. A damaged one is put aside.
func (c *profile) repair(ctx context.Context) error {
	v, err := vault.Take(c.data)
	if err != nil {
		return err
	}
	defer v.Close()
	if err := c.asker.open(ctx, v); err != nil {
		return err
	}
	if err := store.FinishSalvage(v.Database()); err != nil {
		return &databaseError{v.Database(), err}
	}
	err = checkDatabase(ctx, v, false)
	switch {
	case err == nil:
		c.say(i18n.ProfileWhole, v.Database())
		return nil
	case errors.Is(err, store.ErrMissing):
		return c.beginAnew(ctx, v, i18n.ProfileAskAnew)
	case errors.Is(err, store.ErrWrongKey):
		return c.beginAnew(ctx, v, i18n.ProfileAskWrongKey)
	case !errors.Is(err, store.ErrDamaged):
		return err
	}
	return c.acceptLoss(ctx, v)
}

func (c *profile) acceptLoss(ctx context.Context, v *vault.Vault) error {
	agreed, err := c.asker.confirm(ctx, c.printer.Format(i18n.ProfileAskRepair, v.Database()))
	if err != nil || !agreed {
		c.say(i18n.ProfileUnchanged)
		return err
	}
	err = checkDatabase(ctx, v, true)
	switch {
	case err == nil:
		c.say(i18n.ProfileRepaired)
		return nil
	case !errors.Is(err, store.ErrDamaged):
		return err
	}
	return c.salvage(ctx, v)
}

// salvage makes a new database of what can be read of a damaged one.
func (c *profile) salvage(ctx context.Context, v *vault.Vault) error {
	aside, err := store.Salvage(ctx, store.Options{Path: v.Database(), Key: v.Keys().Database})
	switch {
	case err == nil:
		c.say(i18n.ProfileSalvaged, aside)
		return nil
	case errors.Is(err, store.ErrDamaged):
		return c.beginAnew(ctx, v, i18n.ProfileAskSetAside)
	case ctx.Err() != nil:
		return err
	}
	return &databaseError{v.Database(), err}
}

// beginAnew puts the files of a database aside, if that is what somebody wants, and makes an empty one.
func (c *profile) beginAnew(ctx context.Context, v *vault.Vault, question i18n.Key) error {
	agreed, err := c.asker.confirm(ctx, c.printer.Format(question, v.Database()))
	if err != nil || !agreed {
		c.say(i18n.ProfileUnchanged)
		return err
	}
	missing := missingDatabase(v) != nil
	aside, err := store.SetAside(v.Database())
	if err != nil {
		return &databaseError{v.Database(), err}
	}
	s, err := openDatabase(ctx, v, true)
	if err != nil {
		return err
	}
	if missing {
		c.say(i18n.ProfileAnew)
	} else {
		c.say(i18n.ProfileSetAside, aside)
	}
	return s.Close()
}
