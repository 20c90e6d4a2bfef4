package main

import (
	"context"
	"errors"
	"net"
	"os"

	"traboule/confine"
	"traboule/im"
	"traboule/otr"
)

// keyKeeper asks the process that holds keys, and waits for its answers.
type keyKeeper struct{ engine *otr.Engine }

// startKeyKeeper starts one, which the engine's Close ends. It takes over the file with the key for sealed keys, nil for none.
func startKeyKeeper(ctx context.Context, sealing *os.File) *keyKeeper {
	launch := func(context.Context) (net.Conn, error) { return confine.Attach(otr.ChildName) }
	return &keyKeeper{otr.Start(ctx, otr.Options{Launch: launch, Sealing: sealing})}
}

// wait asks something and returns when it has been answered, which the question tells by closing the channel.
func (k *keyKeeper) wait(ctx context.Context, ask func(answered chan struct{})) error {
	answered := make(chan struct{})
	ask(answered)
	for {
		select {
		case <-answered:
			return nil
		case done := <-k.engine.Completed():
			done()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// list tells which keys a file has.
func (k *keyKeeper) list(ctx context.Context, file *os.File) (keys []otr.StoredKey, err error) {
	given, err := duplicate(file)
	if err != nil {
		return nil, err
	}
	waited := k.wait(ctx, func(answered chan struct{}) {
		k.engine.ListKeys(given, func(list []otr.StoredKey, fault error) {
			keys, err = list, fault
			close(answered)
		})
	})
	if err != nil {
		err = &keyFileError{file.Name(), err}
	}
	return keys, errors.Join(waited, err)
}

// copy copies a key from one file to another, under another name.
func (k *keyKeeper) copy(ctx context.Context, account im.JID, from *os.File, key otr.StoredKey, to *os.File, as otr.KeyName) error {
	source, err := duplicate(from)
	if err != nil {
		return err
	}
	target, err := duplicate(to)
	if err != nil {
		source.Close()
		return err
	}
	var loaded, saved otr.Key
	var faults []error
	waited := k.wait(ctx, func(answered chan struct{}) {
		k.engine.LoadKey(account, key.Account, source, func(got otr.Key, err error) {
			loaded = got
			faults = append(faults, err)
		})
		k.engine.SaveKey(account, as, target, func(got otr.Key, err error) {
			saved = got
			faults = append(faults, err)
			close(answered)
		})
	})
	err = errors.Join(append(faults, waited)...)
	if err == nil && (loaded.Fingerprint != key.Fingerprint || saved.Fingerprint != key.Fingerprint) {
		err = otr.ErrNoKey // the file changed meanwhile
	}
	if err != nil {
		return &keyFileError{from.Name(), err}
	}
	return nil
}
