package main

import (
	"context"
	"errors"
	"os"

	"traboule/im"
	"traboule/store"
	"traboule/vault"
)

// fillVault makes the database of a new vault, with what was chosen.
func fillVault(ctx context.Context, v *vault.Vault, history im.HistoryPolicy) error {
	s, err := openDatabase(ctx, v, true)
	if err != nil {
		return err
	}
	s.Keep([]im.Record{im.HistoryRecord{Policy: history}})
	if err := s.Finish(); err != nil {
		return &databaseError{v.Database(), err}
	}
	return nil
}

// missingDatabase is the error of a vault without a database. Where there is a key there was one: an empty one in its place
// would hide that all is lost.
func missingDatabase(v *vault.Vault) error {
	if _, err := os.Lstat(v.Database()); errors.Is(err, os.ErrNotExist) {
		return &databaseError{v.Database(), store.ErrMissing}
	}
	return nil
}

// openDatabase opens the database of a vault that is open, for a command; nobody hears its events. Where a loss is accepted,
// it makes one if there is none.
func openDatabase(ctx context.Context, v *vault.Vault, acceptLoss bool) (*store.Store, error) {
	if err := missingDatabase(v); err != nil && !acceptLoss {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{Path: v.Database(), Key: v.Keys().Database, AcceptLoss: acceptLoss})
	if err != nil {
		return nil, &databaseError{v.Database(), err}
	}
	return s, nil
}
