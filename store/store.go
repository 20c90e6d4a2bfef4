// Package store is the profile's database: accounts' secrets, rosters, keys and trust, bookmarks, drafts, and what was said,
// with a search over all of it. It lies in a file, encrypted, or in memory, with the same code. It owns the files beside the
// database's name and keeps what it is given: it must not decide what is worth keeping (but erases what is older than it is
// to be), ask for a passphrase, or open anything else.
package store

import (
	"context"
	"sync"
	"time"

	"traboule/im"
)

// memoryLimit is how much is held in memory where nothing is on a disk, in bytes. The oldest messages go first.
const memoryLimit = 24 << 20

// Options say where the database is.
type Options struct {
	// Path is that of the database's file, in a folder that exists and is its owner's alone; empty for memory. Names that
	// begin with it are taken too.
	Path string
	// Key is what the file is encrypted with, from a source of randomness. It is not a passphrase.
	Key [32]byte
	// Events gets the answers to requests, and StoreFailed.
	Events chan<- im.Event
	// AcceptLoss opens a database that has lost some of its last changes, or of which something cannot be read, with what is
	// there, instead of failing with ErrDamaged. Only a user can say so.
	AcceptLoss bool
}

// Store is an open database. Its methods may be called from any goroutine; Run must be running for what Keep and Send are
// given.
type Store struct {
	events  chan<- im.Event
	profile Profile
	queue   queue
	now     clock
	limit   int64 // bytes in memory; 0 in a file

	mu sync.Mutex // held while the database is used
	db *database  // nil once closed
}

// Open opens the database, or makes it if there never was one. Its errors wrap ErrWrongKey, ErrDamaged, ErrMissing, ErrNewer,
// ErrInUse, ErrFull or ErrFailed, and leave it to the caller to name the path. It must be closed, by Run, Finish or Close.
func Open(ctx context.Context, o Options) (*Store, error) {
	path, err := absolute(o.Path)
	if err != nil {
		return nil, err
	}
	return open(ctx, o, layer{path: path, key: o.Key[:]})
}

func open(ctx context.Context, o Options, l layer) (*Store, error) {
	db, fresh, err := openDatabase(ctx, l, o.AcceptLoss)
	if err != nil {
		return nil, err
	}
	profile, err := db.profile(o.AcceptLoss)
	if err != nil {
		db.close()
		return nil, err
	}
	profile.New = fresh
	s := &Store{events: o.Events, profile: profile, queue: newQueue(), now: time.Now, db: db}
	if l.inMemory() {
		s.limit = memoryLimit
	}
	return s, nil
}

// with does something with the database, alone.
func (s *Store) with(do func(*database) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return ErrClosed
	}
	return do(s.db)
}

// Close closes the database of a Store that is not run; what Keep was given is lost. All of it is in one file then. It may be
// called again.
func (s *Store) Close() error {
	s.queue.close()
	err := s.with(func(d *database) error {
		s.db = nil
		return d.close()
	})
	if err == ErrClosed {
		return nil
	}
	return err
}
