package store

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed schema.sql
var schema string

// application marks a database as ours (PRAGMA application_id): "trab" in ASCII.
const application = 0x74726162

// versions cuts a schema into its parts, that of version 1 first.
func versions(schema string) []string {
	return strings.Split(schema, "\n-- version ")[1:]
}

// version returns how many parts of a schema the database has, 0 for a new one. One that has more is newer than this program.
func (d *database) version(parts []string) (int64, error) {
	made, _, err := d.number("PRAGMA user_version")
	if err == nil && made > int64(len(parts)) {
		err = fmt.Errorf("version %d of the schema: %w", made, ErrNewer)
	}
	return made, err
}

// migrate brings the database to the newest version of the schema, part by part.
func (d *database) migrate(schema string) error {
	parts := versions(schema)
	made, err := d.version(parts)
	if err != nil {
		return err
	}
	for version := made; version < int64(len(parts)); version++ {
		_, part, _ := strings.Cut(parts[version], "\n")
		mark := fmt.Sprintf("PRAGMA user_version = %d", version+1)
		err := d.transact(func() error { return classify(d.conn.Exec(part + mark)) })
		if err != nil {
			return fmt.Errorf("version %d of the schema: %w", version+1, err)
		}
	}
	return nil
}
