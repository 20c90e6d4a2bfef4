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

// migrate brings the database to the newest version of the schema, part by part.
func (d *database) migrate(schema string) error {
	parts := versions(schema)
	known, _, err := d.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	if known > int64(len(parts)) {
		return fmt.Errorf("version %d of the schema: %w", known, ErrNewer)
	}
	for version := known; version < int64(len(parts)); version++ {
		_, part, _ := strings.Cut(parts[version], "\n")
		mark := fmt.Sprintf("PRAGMA user_version = %d", version+1)
		err := d.transact(func() error { return classify(d.conn.Exec(part + mark)) })
		if err != nil {
			return fmt.Errorf("version %d of the schema: %w", version+1, err)
		}
	}
	return nil
}
