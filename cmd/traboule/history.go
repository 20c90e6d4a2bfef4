package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/store"
	"traboule/ui/i18n"
	"traboule/ui/line"
	"traboule/vault"
)

// historyCommand is "traboule history", or "traboule history export CONVERSATION".
type historyCommand struct {
	// peer is the conversation to export; zero to list all.
	peer im.JID
}

// parseHistoryCommand reads what stands on the command line beside flags, which begins with "history".
func parseHistoryCommand(rest []string) (*historyCommand, error) {
	if len(rest) == 1 {
		return &historyCommand{}, nil
	}
	if len(rest) != 3 || rest[1] != "export" {
		return nil, &usageError{kind: badHistoryCommand}
	}
	peer, err := im.ParseJID(rest[2])
	if err != nil {
		return nil, &usageError{kind: badAddress, value: rest[2]}
	}
	return &historyCommand{peer}, nil
}

// history is one such command under way.
type history struct {
	account im.JID // the only one that it is about; zero for all
	json    bool
	path    string // of the database
	asker   *asker
	printer *i18n.Printer
	out     io.Writer
	errs    io.Writer
}

// runHistoryCommand carries the command out.
func runHistoryCommand(o options, stdout, stderr io.Writer) int {
	p := commandPrinter(o)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	h := &history{account: o.account, json: o.json, asker: newAsker(o, p), printer: p, out: stdout, errs: stderr}
	defer h.asker.close()
	if err := h.run(ctx, o); err != nil {
		return complain(stderr, p, err)
	}
	return 0
}

func (h *history) run(ctx context.Context, o options) error {
	data, err := config.DataFolder(o.profile, os.Getenv)
	if err != nil {
		return &usageError{kind: noHome}
	}
	v, err := vault.Take(data)
	if err != nil {
		return err
	}
	defer v.Close()
	h.path = v.Database()
	if err := h.asker.open(ctx, v); err != nil {
		return err
	}
	s, err := openDatabase(ctx, v, false)
	if err != nil {
		return err
	}
	err = h.read(ctx, s, o.history.peer)
	return errors.Join(err, s.Close())
}

// read lists the conversations of which messages are kept, or exports one.
func (h *history) read(ctx context.Context, s *store.Store, peer im.JID) error {
	found, err := s.Conversations()
	if err != nil {
		return &databaseError{h.path, err}
	}
	found = slices.DeleteFunc(found, func(c store.Conversation) bool {
		return !h.account.IsZero() && c.Account != h.account || !peer.IsZero() && c.Peer != peer
	})
	switch {
	case peer.IsZero():
		return h.list(found)
	case len(found) == 0:
		return errors.New(h.printer.Format(i18n.HistoryNoSuch, peer.String()))
	}
	agreed, err := h.warn(ctx, peer)
	if err != nil || !agreed {
		return err
	}
	return h.export(ctx, s, found)
}

func (h *history) list(found []store.Conversation) error {
	if len(found) == 0 {
		tell(h.errs, h.printer.Text(i18n.HistoryNothing))
	}
	for _, c := range found {
		if _, err := fmt.Fprintf(h.out, "%s %s %d\n", core.CleanJID(c.Account), core.CleanJID(c.Peer), c.Messages); err != nil {
			return err
		}
	}
	return nil
}

// warn says what it means to export, and asks whether to.
func (h *history) warn(ctx context.Context, peer im.JID) (bool, error) {
	tell(h.errs, core.CleanLine(h.printer.Format(i18n.HistoryWarning, peer.String())))
	return h.asker.confirm(ctx, h.printer.Text(i18n.HistoryAsk))
}

// export prints the conversations with somebody, which are several if several accounts talk with them.
func (h *history) export(ctx context.Context, s *store.Store, found []store.Conversation) error {
	out := line.NewExport(h.out, h.printer, h.json, len(found) > 1)
	for _, c := range found {
		var unwritten error
		err := s.Export(ctx, c.Account, c.Peer, func(m im.FoundMessage) error {
			unwritten = out.Write(core.KeptMessage(m.Account, m.StoredMessage))
			return unwritten
		})
		if err != nil && unwritten == nil && ctx.Err() == nil {
			err = &databaseError{h.path, err}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
