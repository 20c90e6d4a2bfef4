package store

import (
	"fmt"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"traboule/im"
)

// TestStatementsAreMadeOnce: SQLite may make a statement anew when another value is bound to a parameter, which takes longer
// than what the statement does.
func TestStatementsAreMadeOnce(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := opened(t, layer{path: path, key: testKey[:]})
		err := s.with(func(d *database) error {
			for seq := range uint64(50) {
				if err := d.keepAll([]im.Record{record(said(seq+1, fmt.Sprintf("texte %d", seq)))}, s.now); err != nil {
					return err
				}
			}
			for seq := range uint64(50) {
				find := im.FetchHistory{For: im.For{Account: hubert}, Peer: room, Before: seq + 2, Limit: 5}
				if _, err := d.fetch(find, s.now()); err != nil {
					return err
				}
				search := im.SearchHistory{For: im.For{Account: hubert}, Text: fmt.Sprintf("texte %d", seq), Limit: 5}
				if _, err := d.search(search, s.now()); err != nil {
					return err
				}
			}
			for sql, statement := range d.statements {
				if again := statement.Status(sqlite3.STMTSTATUS_REPREPARE, false); again > 10 { // some, while the schema is made
					t.Errorf("made %d times: %s", again, sql)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
