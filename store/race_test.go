//go:build race

package store

// raceEnabled says that the tests run with the race detector, which makes SQLite twenty times slower.
const raceEnabled = true
