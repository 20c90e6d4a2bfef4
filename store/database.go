package store

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// database is a connection with its prepared statements. It belongs to one goroutine at a time.
type database struct {
	conn       *sqlite3.Conn
	statements map[string]*sqlite3.Stmt
	seal       *seal  // nil in memory
	path       string // empty in memory
	ledger     ledger
	policies   policies  // nil until read
	forgotten  forgotten // nil until read
	purging    bool      // the index is being written anew
}

// ledger counts what has been done to the database since it was made.
type ledger struct {
	commits  int64
	messages int64 // that were taken in
}

// value is what a parameter of a statement is bound to: made by number, text or blob.
type value struct {
	kind   sqlite3.Datatype
	number int64
	text   string
	blob   []byte
}

func number[N ~int | ~int64 | ~uint8 | ~uint32](n N) value {
	return value{kind: sqlite3.INTEGER, number: int64(n)}
}

func truth(b bool) value {
	if b {
		return number(1)
	}
	return number(0)
}

func text(s string) value { return value{kind: sqlite3.TEXT, text: s} }

func blob(b []byte) value { return value{kind: sqlite3.BLOB, blob: b} }

func (v value) bind(s *sqlite3.Stmt, at int) error {
	switch v.kind {
	case sqlite3.INTEGER:
		return s.BindInt64(at, v.number)
	case sqlite3.TEXT:
		return s.BindText(at, v.text)
	case sqlite3.BLOB:
		return s.BindBlob(at, v.blob)
	default:
		return s.BindNull(at)
	}
}

// prepare returns the statement for sql with its parameters bound. It is kept for the next time, so sql holds no values.
func (d *database) prepare(sql string, values []value) (*sqlite3.Stmt, error) {
	statement := d.statements[sql]
	if statement == nil {
		made, _, err := d.conn.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
		if err != nil {
			return nil, err
		}
		statement = made
		d.statements[sql] = made
	}
	for i, v := range values {
		if err := v.bind(statement, i+1); err != nil {
			return nil, err
		}
	}
	return statement, nil
}

// exec carries out a statement that gives no rows.
func (d *database) exec(sql string, values ...value) error {
	return d.each(func(*sqlite3.Stmt) error { return nil }, sql, values...)
}

// each calls row for each row that a statement gives, which it may read until it returns.
func (d *database) each(row func(*sqlite3.Stmt) error, sql string, values ...value) error {
	statement, err := d.prepare(sql, values)
	if err != nil {
		return classify(err)
	}
	defer statement.ClearBindings()
	defer statement.Reset()
	for statement.Step() {
		if err := row(statement); err != nil {
			return err
		}
	}
	return classify(statement.Err())
}

// number returns the integer that a statement gives, and whether there was one.
func (d *database) number(sql string, values ...value) (n int64, found bool, err error) {
	err = d.each(func(row *sqlite3.Stmt) error {
		n, found = row.ColumnInt64(0), row.ColumnType(0) != sqlite3.NULL
		return nil
	}, sql, values...)
	return n, found, err
}

// transact does something as a whole or not at all. When it returns without an error, it is on the disk for good.
func (d *database) transact(do func() error) error {
	if err := d.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	before := d.ledger
	if err := d.commit(do); err != nil {
		d.ledger, d.policies, d.forgotten = before, nil, nil
		// SQLite has rolled back already after some errors, and then says that there is nothing to roll back.
		if !d.conn.GetAutocommit() {
			d.exec("ROLLBACK")
		}
		return err
	}
	if d.seal == nil {
		return nil
	}
	return d.seal.write(d.ledger.commits)
}

func (d *database) commit(do func() error) error {
	if err := do(); err != nil {
		return err
	}
	d.ledger.commits++
	err := d.exec("UPDATE ledger SET commits = ?, messages = ?", number(d.ledger.commits), number(d.ledger.messages))
	if err != nil {
		return err
	}
	return d.exec("COMMIT")
}

// close gives the connection up. A database in a file has all of it in that one file afterwards.
func (d *database) close() error {
	for sql, statement := range d.statements {
		statement.Close()
		delete(d.statements, sql)
	}
	err := classify(d.conn.Close())
	if d.seal != nil {
		if err == nil {
			d.seal.keepBeginning(d.path)
		}
		d.seal.close()
	}
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}
