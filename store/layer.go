package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // registers the encryption below the database
)

// probeSize is more than a new database takes, in bytes.
const probeSize = 1 << 20

// layer is where a database lies.
type layer struct {
	path  string // empty for memory
	key   []byte
	plain bool // without encryption: for tests that look at the bytes
	// tolerant is set to read what can be read of a file that is shorter than its first page says.
	tolerant bool
}

func (l layer) inMemory() bool { return l.path == "" }

// name is how SQLite is told of the layer. Its log gets the mode of the database.
func (l layer) name() string {
	if l.inMemory() {
		return ":memory:"
	}
	parameters := url.Values{"modeof": {l.path}}
	if !l.plain {
		parameters.Set("vfs", "adiantum")
	}
	query := strings.ReplaceAll(parameters.Encode(), "+", "%20") // SQLite takes a plus for a plus
	return (&url.URL{Scheme: "file", OmitHost: true, Path: l.path, RawQuery: query}).String()
}

// connect opens a connection to a layer whose file, if it has one, is there. The log is left alone when it is closed, until
// it is known to be whole.
func (l layer) connect(ctx context.Context) (*database, error) {
	conn, err := sqlite3.OpenContext(ctx, l.name())
	if err != nil {
		return nil, classify(err)
	}
	d := &database{conn: conn, statements: map[string]*sqlite3.Stmt{}}
	if err := l.prepare(d); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (l layer) prepare(d *database) error {
	if l.tolerant {
		if _, err := d.conn.Config(sqlite3.DBCONFIG_WRITABLE_SCHEMA, true); err != nil {
			return classify(err)
		}
	}
	if !l.inMemory() && !l.plain {
		if err := classify(d.conn.Exec("PRAGMA hexkey = '" + hex.EncodeToString(l.key) + "'")); err != nil {
			return err
		}
	}
	// This comes before anything is read: with it, the index of the log is in memory and not in a third file.
	if err := d.exec("PRAGMA locking_mode = EXCLUSIVE"); err != nil {
		return err
	}
	if err := classify(fts5.Register(d.conn)); err != nil {
		return err
	}
	// Without it, SQLite looks at what a parameter is bound to for its plan, and makes the plan anew for each value.
	if _, err := d.conn.Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return classify(err)
	}
	if _, err := d.conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err != nil {
		return classify(err)
	}
	// cache_size is in KiB.
	return classify(d.conn.Exec(`PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
		PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192;
		CREATE VIRTUAL TABLE temp.typed USING fts5 (body, content = '', tokenize = 'unicode61 remove_diacritics 2');
		CREATE VIRTUAL TABLE temp.typed_term USING fts5vocab ('temp', 'typed', 'row');`))
}

// found makes an empty database ready for the schema. Each page of a file gets a checksum: below the encryption, which
// makes noise of a block when one bit of it changes, that proves that nobody changed it without the key.
func (l layer) found(d *database) error {
	if err := d.exec("PRAGMA auto_vacuum = INCREMENTAL"); err != nil {
		return err
	}
	if !l.inMemory() {
		if err := classify(d.conn.EnableChecksums("main")); err != nil {
			return err
		}
	}
	return d.exec(fmt.Sprintf("PRAGMA application_id = %d", application))
}

// create makes the file of a new database. It comes to its name when it is whole, so an empty file is never a new one.
func (l layer) create(ctx context.Context) error {
	made := l
	made.path += "-new"
	os.Remove(made.path + walSuffix)
	file, err := os.OpenFile(made.path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return failed(err)
	}
	file.Close()
	if err := made.fill(ctx); err != nil {
		err = made.explain(err)
		os.Remove(made.path)
		os.Remove(made.path + walSuffix)
		return err
	}
	if err := os.Rename(made.path, l.path); err != nil {
		return failed(err)
	}
	return syncFolder(l.path)
}

// explain finds out why a new database could not be written where SQLite has forgotten it meanwhile: it tries once more.
func (l layer) explain(err error) error {
	if !errors.Is(err, ErrFailed) {
		return err
	}
	if again := os.WriteFile(l.path, make([]byte, probeSize), 0o600); again != nil {
		return failed(again)
	}
	return err
}

func (l layer) fill(ctx context.Context) error {
	d, err := l.connect(ctx)
	if err != nil {
		return err
	}
	err = l.found(d)
	if err == nil {
		err = d.logAhead()
	}
	if err == nil {
		err = d.migrate(schema)
	}
	if err == nil {
		err = d.trustLog()
	}
	if closed := d.close(); err == nil {
		err = closed
	}
	if err == nil && exists(l.path+walSuffix) {
		err = fmt.Errorf("the log did not come into the database: %w", ErrFailed) // where there was no room for both, nothing said so
	}
	return err
}

// logAhead has changes written to a log first (WAL), which is read anew if there is one.
func (d *database) logAhead() error {
	mode := ""
	err := d.rows(func(c *columns) { mode = c.text() }, "PRAGMA journal_mode = WAL")
	if err == nil && mode != "wal" {
		return fmt.Errorf("journal mode %q: %w", mode, ErrFailed)
	}
	return err
}

// trustLog has the log put into the database, when that is closed or before.
func (d *database) trustLog() error {
	_, err := d.conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, false)
	return classify(err)
}

// failed says an error of the system as one of ours.
func failed(err error) error { return fmt.Errorf("%w: %w", kindOf(0, errnoOf(err)), err) }

// exists reports whether there is a file.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// absolute returns a path that stays the same when the process moves to another folder.
func absolute(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", failed(err)
	}
	return whole, nil
}
