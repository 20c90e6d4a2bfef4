package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// What is added to the name of the database for the files beside it: the seal, and SQLite's log, which is there while the
// database is open and after a kill.
const (
	sealSuffix = "-seal"
	walSuffix  = "-wal"
)

// allSuffixes are those of the files of a database, that of the database itself first.
var allSuffixes = [...]string{"", walSuffix, sealSuffix}

// blockSize is what encryption works in, and the size of a page.
const blockSize = 4096

// openDatabase opens the database of a layer, or makes it; fresh tells that it was made. What the seal knows to be lost is
// an error, unless the loss is accepted.
func openDatabase(ctx context.Context, l layer, accept bool) (d *database, fresh bool, err error) {
	if l.inMemory() {
		d, err = openMemory(ctx, l)
		return d, true, err
	}
	s, err := openSeal(l.path+sealSuffix, l.key)
	if err != nil {
		return nil, false, err
	}
	d, fresh, err = openFile(ctx, l, s, accept)
	if err != nil {
		s.close()
		return nil, false, err
	}
	return d, fresh, nil
}

func openMemory(ctx context.Context, l layer) (*database, error) {
	d, err := l.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err = l.found(d); err == nil {
		err = d.migrate(schema)
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func openFile(ctx context.Context, l layer, s *seal, accept bool) (d *database, fresh bool, err error) {
	sealed, err := s.read()
	if err != nil {
		return nil, false, err
	}
	if fresh = !exists(l.path); fresh {
		if sealed, err = l.createSealed(ctx, s, sealed); err != nil {
			return nil, false, err
		}
	}
	d, err = l.openWhole(ctx, sealed, accept)
	if err != nil {
		return nil, false, err
	}
	d.seal, d.path = s, l.path
	if !s.hasBeginning() {
		s.keepBeginning(l.path)
	}
	if accept {
		err = s.renew(d.ledger.commits)
	}
	if err == nil {
		err = d.migrate(schema)
	}
	if err != nil {
		d.close()
		return nil, false, err
	}
	return d, fresh, nil
}

// createSealed makes a new database, if there was none under this name. The seal is there before the database is.
func (l layer) createSealed(ctx context.Context, s *seal, old sealed) (sealed, error) {
	if old.commits > 0 || old.illegible || exists(l.path+walSuffix) {
		return sealed{}, ErrMissing
	}
	if err := s.renew(0); err != nil {
		return sealed{}, err
	}
	return sealed{}, l.create(ctx)
}

// openWhole opens a database that is there, and checks that nothing is missing.
func (l layer) openWhole(ctx context.Context, sealed sealed, accept bool) (*database, error) {
	info, err := os.Stat(l.path)
	if err != nil {
		return nil, failed(err)
	}
	if info.Size() == 0 || info.Size()%blockSize != 0 {
		return nil, fmt.Errorf("a file of %d bytes: %w", info.Size(), ErrDamaged)
	}
	d, err := l.begin(ctx)
	if errors.Is(err, ErrDamaged) && sealed.illegible {
		return nil, ErrWrongKey // it opens neither
	}
	if err != nil {
		return nil, err
	}
	if !accept {
		err = sealed.check(d.ledger.commits)
	}
	if err == nil {
		err = d.trustLog()
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// begin connects to a database that is there, and reads its log and its ledger, if it is one that this program knows.
func (l layer) begin(ctx context.Context) (*database, error) {
	d, err := l.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err = d.logAhead(); err == nil {
		_, err = d.version(versions(schema))
	}
	if err == nil {
		err = d.readLedger()
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *database) readLedger() error {
	found := false
	err := d.rows(func(c *columns) {
		d.ledger, found = ledger{commits: c.wide(), messages: c.wide()}, true
	}, "SELECT commits, messages FROM ledger")
	if err == nil && !found {
		return fmt.Errorf("the ledger: %w", ErrDamaged)
	}
	return err
}

// SetAside renames the files of a database that is not open, so that a new one can be made in its place, and returns the
// new name of the database.
func SetAside(path string) (aside string, err error) {
	_, aside = asides(path)
	return aside, moveAside(path, aside)
}

// asides returns the name under which a database was last set aside, empty if none was, and the next that is free.
func asides(path string) (last, free string) {
	for n := 1; ; n++ {
		last, free = free, path+"-aside-"+strconv.Itoa(n)
		if !exists(free) && !exists(free+sealSuffix) && !exists(free+walSuffix) {
			return last, free
		}
	}
}

func moveAside(path, aside string) error {
	// The database goes first, so that none that is there lacks its log; the seal last: until it is away, no other database can
	// come to the name.
	for _, suffix := range allSuffixes {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return failed(err)
		}
	}
	return syncFolder(path)
}
