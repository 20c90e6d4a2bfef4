package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// salvageSuffix is that of a database that is being made of what is left of another.
const salvageSuffix = "-salvaged"

// salvageAtOnce is how many rows one transaction copies.
const salvageAtOnce = 500

// Salvage makes a new database of all that can be read of a damaged one that no Store has open, and puts the damaged one aside;
// it returns what that is called then. What a loss of power leaves half done, FinishSalvage ends. Without an error the new one is
// whole. Where nothing can be read the error wraps ErrDamaged, and all is as it was.
func Salvage(ctx context.Context, o Options) (aside string, err error) {
	path, err := absolute(o.Path)
	if err != nil {
		return "", err
	}
	old, fresh := layer{path: path, key: o.Key[:]}, layer{path: path + salvageSuffix, key: o.Key[:]}
	fresh.remove() // of an attempt that was cut off
	if err = old.salvageOrSpare(ctx, fresh); errors.Is(err, ErrDamaged) {
		old.tolerant = true
		err = old.salvageOrSpare(ctx, fresh)
	}
	if err == nil {
		err = syncFolder(path)
	}
	if err != nil {
		fresh.remove()
		return "", err
	}
	if aside, err = SetAside(path); err != nil {
		return "", err
	}
	return aside, FinishSalvage(path)
}

// FinishSalvage puts in its place what a Salvage had made when the power went before it could. Where there is a database, or
// nothing was made, it does nothing.
func FinishSalvage(path string) error {
	fresh := path + salvageSuffix
	if exists(path) || !exists(fresh) {
		return nil
	}
	if exists(fresh + sealSuffix) {
		// The log and the seal of the damaged one may still be here.
		if last, _ := asides(path); last != "" {
			if err := moveAside(path, last); err != nil {
				return err
			}
		}
		if err := os.Rename(fresh+sealSuffix, path+sealSuffix); err != nil {
			return failed(err)
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return failed(err)
	}
	return syncFolder(path)
}

func (l layer) remove() {
	for _, suffix := range allSuffixes {
		os.Remove(l.path + suffix)
	}
}

// salvageOrSpare is salvage, once more with the spare first page where the database's own is damaged. It leaves nothing of a new
// one that is not whole.
func (l layer) salvageOrSpare(ctx context.Context, fresh layer) error {
	err := l.salvage(ctx, fresh)
	if errors.Is(err, ErrDamaged) {
		fresh.remove()
		err = l.withBeginning(func() error { return l.salvage(ctx, fresh) })
	}
	if err != nil {
		fresh.remove()
	}
	return err
}

// salvage copies what can be read of a database to a new one.
func (l layer) salvage(ctx context.Context, fresh layer) error {
	seal, err := openSeal(l.path+sealSuffix, l.key) // for its lock
	if err != nil {
		return err
	}
	defer seal.close()
	if !exists(l.path + walSuffix) {
		defer os.Remove(l.path + walSuffix) // which holds nothing, since nothing is written
	}
	from, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer from.close()
	if err := from.logAhead(); err != nil {
		return err
	}
	to, _, err := openDatabase(ctx, fresh, false)
	if err != nil {
		return err
	}
	err = salvageAll(ctx, from, to)
	return errors.Join(err, to.close())
}

// salvageAll copies all tables but those that are made out of others, and makes these.
func salvageAll(ctx context.Context, from, to *database) error {
	var tables []string
	err := to.rows(func(c *columns) { tables = append(tables, c.text()) }, `SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'word%' AND name NOT IN ('vocabulary', 'known', 'ledger')`)
	if err != nil {
		return err
	}
	if _, found, err := from.number("SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' LIMIT 1"); err != nil || !found {
		return errors.Join(ErrDamaged, err) // not even which tables there are can be read
	}
	adopt := adoptMessages
	for _, table := range tables {
		whole, err := salvageTable(ctx, from, to, table)
		if err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
		if table == "erasing" && !whole {
			adopt = "" // what was to be erased must not come back
		}
	}
	return to.mend(adopt)
}

// salvageTable copies the rows of a table that can be read, and tells whether it was whole. What cannot be read is passed over.
func salvageTable(ctx context.Context, from, to *database, table string) (whole bool, err error) {
	names, lost, err := commonColumns(from, to, table)
	if err != nil || len(names) == 0 {
		return !lost, err
	}
	whole = true
	insert := "INSERT OR IGNORE INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	query := "SELECT rowid, " + strings.Join(names, ", ") + " FROM " + table + " WHERE rowid >= ? ORDER BY rowid LIMIT ?"
	for next, more := int64(math.MinInt64), true; more; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		var rows [][]value
		damage := from.rows(func(c *columns) { rows = append(rows, c.values()) }, query, number(next), number(salvageAtOnce))
		if damage != nil && !errors.Is(damage, ErrDamaged) {
			return false, damage
		}
		if n := len(rows); n > 0 {
			next = rows[n-1][0].number + 1
		}
		err := to.transact(func() error {
			for _, row := range rows {
				if err := to.exec(insert, row[1:]...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return false, err
		}
		if more = len(rows) == salvageAtOnce; damage != nil {
			whole = false
			next, more = from.readableFrom(table, next)
		}
	}
	return whole, nil
}

// commonColumns lists the columns of a table that two databases have; lost tells that the first one had the table but cannot even
// be asked for its columns, as where its file ends before the table begins.
func commonColumns(from, to *database, table string) (names []string, lost bool, err error) {
	columnsOf := func(d *database) (all []string, err error) {
		err = d.rows(func(c *columns) { all = append(all, c.text()) }, "SELECT name FROM pragma_table_info(?)", text(table))
		return all, err
	}
	had, err := columnsOf(from)
	if err != nil {
		return nil, false, err
	}
	if len(had) == 0 {
		n, _, damage := from.number("SELECT count(*) FROM sqlite_schema WHERE name = ?", text(table))
		lost = n > 0 || damage != nil // where that cannot be read, nobody knows
	}
	names, err = columnsOf(to)
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(had, name) }), lost, err
}

// readableFrom returns a row from which on a table can be read again, and whether there is one: the first that is found by
// longer and longer steps, and then by halving the last one.
func (d *database) readableFrom(table string, from int64) (next int64, found bool) {
	readable := func(at int64) (there, ok bool) {
		_, there, err := d.number("SELECT rowid FROM "+table+" WHERE rowid >= ? ORDER BY rowid LIMIT 1", number(at))
		return there, err == nil
	}
	if from == math.MinInt64 {
		from = 0 // no row of ours has a negative number
	}
	bad, good := from, from
	for step := int64(1); ; step *= 2 {
		if good > math.MaxInt64-step || step > math.MaxInt64/2 {
			return 0, false
		}
		good += step
		there, ok := readable(good)
		if ok && !there {
			return 0, false
		}
		if ok {
			break
		}
		bad = good
	}
	for good-bad > 1 {
		middle := bad + (good-bad)/2
		if _, ok := readable(middle); ok {
			good = middle
		} else {
			bad = middle
		}
	}
	return good, true
}

// values returns all columns of a row as they are.
func (c *columns) values() (all []value) {
	for at := range c.row.ColumnCount() {
		switch c.row.ColumnType(at) {
		case sqlite3.INTEGER:
			all = append(all, number(c.row.ColumnInt64(at)))
		case sqlite3.TEXT:
			all = append(all, text(c.row.ColumnText(at)))
		case sqlite3.BLOB:
			all = append(all, blob(c.row.ColumnBlob(at, nil)))
		default:
			all = append(all, value{})
		}
	}
	return all
}

// adoptMessages gives messages whose conversation was lost one with a name that nobody has, in an account that there is.
const adoptMessages = `INSERT INTO conversation SELECT DISTINCT conversation, ifnull((SELECT account FROM (
		SELECT account FROM conversation UNION ALL SELECT account FROM mechanism UNION ALL SELECT account FROM roster
		UNION ALL SELECT account FROM otr_key UNION ALL SELECT account FROM password) LIMIT 1), ''),
		'lost-' || conversation || '@lost.invalid' FROM message
	WHERE conversation NOT IN (SELECT id FROM conversation UNION SELECT conversation FROM erasing);`

// mend leaves nothing that belongs to what was lost, and makes anew what can be made of the rest: senders without a name, the
// indices.
func (d *database) mend(adopt string) error {
	err := d.transact(func() error {
		return classify(d.conn.Exec(adopt + `
			DELETE FROM message WHERE conversation NOT IN (SELECT id FROM conversation UNION SELECT conversation FROM erasing);
			DELETE FROM gap WHERE conversation NOT IN (SELECT id FROM conversation);
			DELETE FROM sender WHERE id NOT IN (SELECT sender FROM message);
			INSERT OR IGNORE INTO sender SELECT DISTINCT sender, conversation, '?' || sender, '', '' FROM message
				WHERE sender NOT IN (SELECT id FROM sender);
			DELETE FROM conversation WHERE id NOT IN (SELECT conversation FROM message UNION SELECT conversation FROM gap);
			DELETE FROM contact WHERE account IN (SELECT account FROM contact GROUP BY account HAVING max(place) >= count(*));
			DELETE FROM contact_group WHERE account NOT IN (SELECT account FROM contact);
			DELETE FROM roster; -- so that the server tells all of it
			INSERT INTO roster SELECT DISTINCT account, '' FROM contact;
			INSERT INTO word (word) VALUES ('rebuild')`))
	})
	if err != nil {
		return err
	}
	for last, more := int64(-1), true; more; {
		if last, more, err = d.mendKnown(last); err != nil {
			return err
		}
	}
	return d.tidy()
}

// mendKnown has some of the messages known by their ids, those that come after one; more tells that there are others.
func (d *database) mendKnown(after int64) (last int64, more bool, err error) {
	var rows []row
	err = d.rows(func(c *columns) { rows = append(rows, c.message()) },
		"SELECT "+messageColumns+" FROM message m JOIN sender s ON s.id = m.sender WHERE m.id > ? ORDER BY m.id LIMIT ?",
		number(after), number(salvageAtOnce))
	if err != nil || len(rows) == 0 {
		return after, false, err
	}
	err = d.transact(func() error {
		for _, r := range rows {
			d.ledger.messages = max(d.ledger.messages, r.era*eraSize+1)
			if err := d.know(r); err != nil {
				return err
			}
		}
		return nil
	})
	return rows[len(rows)-1].id, true, err
}
