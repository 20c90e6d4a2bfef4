package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"

	"traboule/app"
	"traboule/config"
	"traboule/confine"
	"traboule/core"
	"traboule/dial"
	"traboule/im"
	"traboule/store"
	"traboule/ui"
	"traboule/ui/i18n"
	"traboule/ui/line"
	"traboule/vault"
)

// eventQueue is how many events may wait for the loop before the readers wait too. Each may be a text of 128 KiB.
const eventQueue = 64

// farewell is how long goodbyes may take after a signal.
const farewell = 2 * time.Second

// session is one start of the client: everything wired together.
type session struct {
	options  options
	settings *config.Settings
	printer  *i18n.Printer
	accounts []account
	dialer   *dial.Dialer
	tor      *dial.Tor // nil where nothing goes through a proxy
	// door does what a confined process can not; nil without tor. It is used once confined is set.
	door     *confine.Door
	confined atomic.Bool
	vault    *vault.Vault // nil where nothing is kept
	mode     vault.Mode   // of the vault, as it was opened
	store    *store.Store
	stored   chan im.Event        // what the store tells
	kept     store.Profile        // what earlier sessions have kept
	known    []store.Conversation // of which messages are kept
	sealed   sealedKeys           // the OTR keys that they have kept
	keys     *keyStore            // what the profile keeps for OTR, nil for nothing
	open     []core.Command       // what the address on the command line opens
	screen   *ui.Screen           // nil in line mode
	unsent   int                  // messages that the end of the client kept from being sent
	unheard  int                  // changes of bookmarks that it kept the server from hearing of
	panic    bool                 // all has to be over at once
	before   *term.State          // of the terminal, nil for none
	// terminal is held by whoever reads from it in line mode.
	terminal sync.Mutex

	opened   chan struct{} // closed when the front end has opened what it needs of this machine
	commands chan core.Command
	updates  chan core.Update
	events   chan im.Event
	wire     chan im.Event // what the accounts' clients tell, before the stage of OTR
}

// run connects the parts, runs them until one ends, waits for all, and returns the exit status.
func (s *session) run(parent context.Context) (int, error) {
	onScreen := !s.options.line && !s.options.json
	s.before, _ = term.GetState(int(os.Stdout.Fd())) // fails where it is no terminal
	front, err := s.front(onScreen)
	if err != nil {
		return 0, err
	}
	// Tor outlives the accounts, which say goodbye through it.
	defer s.findTor(parent)()
	if fault := s.torFault(); fault != nil && onScreen {
		return 0, fault
	}
	if err := s.fetchPasswords(parent); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	var parts sync.WaitGroup
	var frontErr error
	parts.Go(func() {
		defer cancel()
		frontErr = guard(func() error { return front(ctx) })
	})
	status, err := s.runStore(ctx, func(ctx context.Context) (int, error) { return s.converse(ctx, cancel, &parts) })
	cancel()
	parts.Wait()
	for _, fault := range []error{err, frontErr} {
		if fault != nil && !errors.Is(fault, context.Canceled) {
			return 0, s.crashed(fault)
		}
	}
	return status, nil
}

// converse confines the process once the front end has what it needs, and runs the accounts and the loop until core quits.
func (s *session) converse(ctx context.Context, cancel func(), parts *sync.WaitGroup) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-s.opened:
	}
	if s.tor != nil {
		if err := s.confine(ctx); err != nil {
			return 0, err
		}
	}
	tor := s.tellTor(ctx) // before the accounts, which may have to wait for it
	parts.Go(func() { s.watchTor(ctx, tor) })
	var clientErr error
	var once sync.Once
	ended := func(err error) {
		once.Do(func() { clientErr = err })
		cancel()
	}
	clients := s.startOTR(ctx, parts, s.startClients(ctx, parts, ended), ended)
	circuits := s.newCircuits()
	clients[im.JID{}] = circuits // what concerns all accounts
	parts.Go(func() { circuits.run(ctx) })
	parts.Go(func() { s.feed(ctx, cancel) })
	status, err := s.loop(ctx, clients)
	cancel()
	parts.Wait()
	if c := (*crash)(nil); errors.As(clientErr, &c) {
		return 0, clientErr
	}
	if f := (*keyFileError)(nil); errors.As(clientErr, &f) {
		return 0, keyFault(s.printer, f)
	}
	return status, err
}

// loop runs the client until core quits.
func (s *session) loop(ctx context.Context, clients map[im.JID]app.Client) (status int, err error) {
	err = guard(func() error {
		var err error
		c := core.New(s.coreOptions())
		defer func() {
			v := c.View()
			if s.unsent, s.unheard = v.Unsent, v.Unheard; v.Panic {
				s.panicked()
			}
		}()
		status, err = app.Run(ctx, app.Config{
			Core: c, Clients: clients, Events: s.events, Keeper: s.store, Stored: s.stored,
			Commands: s.commands, Updates: s.updates, ExitWhenFailed: s.screen == nil,
		})
		return err
	})
	return status, err
}

func (s *session) coreOptions() core.Options {
	o := core.Options{
		NewID:    rand.Text,
		Disclose: disclosures(s.settings),
		Standing: s.standing(),
		Unkept:   s.vault == nil,
		Amnesic:  s.options.amnesiaAsked(),
		Linked:   s.options.passedOver(),
	}
	for _, a := range s.accounts {
		account := a.options()
		account.Fingerprints = s.knownFingerprints(account.JID)
		account.PasswordKept = a.passwordKept
		o.Accounts = append(o.Accounts, account)
	}
	s.remember(&o)
	return o
}

// startClients runs the accounts; ended hears why one has ended.
func (s *session) startClients(ctx context.Context, parts *sync.WaitGroup, ended func(error)) map[im.JID]app.Client {
	clients := map[im.JID]app.Client{}
	for _, a := range s.accounts {
		client := s.client(ctx, a)
		clients[a.JID.JID] = client
		parts.Go(func() { ended(guard(func() error { return client.Run(ctx) })) })
	}
	return clients
}

// front makes the front end that the flags ask for: a function that shows until ctx ends or the client quits.
func (s *session) front(onScreen bool) (func(context.Context) error, error) {
	if !onScreen {
		// A reader who goes away is an error of the write, which ends the client politely, rather than a signal to die of.
		signal.Ignore(syscall.SIGPIPE)
		close(s.opened)
		o := line.Options{In: s.input(), Out: os.Stdout, Printer: s.printer, JSON: s.options.json}
		return func(ctx context.Context) error { return line.Run(ctx, o, s.commands, s.updates) }, nil
	}
	if !term.IsTerminal(int(os.Stdout.Fd())) {
		return nil, &usageError{kind: noTerminal}
	}
	keys, err := ui.NewKeyMap(s.settings.Keys)
	if err != nil {
		return nil, fmt.Errorf("config.toml: keys: %w", err)
	}
	look := s.settings.Screen
	s.screen = ui.New(ui.Options{
		Printer: s.printer,
		Keys:    keys,
		Theme:   ui.Theme{Name: look.Theme.Value, Colours: look.Colors},
		NoMouse: look.Mouse != nil && !*look.Mouse,
		Env:     os.Getenv,
		Opened:  func() { close(s.opened) },
		Notifications: ui.Notifications{
			Bell:    ui.Occasion(s.settings.Notifications.Bell.Value),
			Desktop: ui.Desktop(s.settings.Notifications.Desktop.Value),
			Show:    ui.Showing(s.settings.Notifications.Show.Value),
		},
	})
	return func(ctx context.Context) error { return s.screen.Run(ctx, s.commands, s.updates) }, nil
}

// feed gives the commands of the command line, and turns a signal into a polite end, which does not wait for ever.
func (s *session) feed(ctx context.Context, cancel func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT)
	defer signal.Stop(signals)
	for _, c := range s.open {
		if !s.give(ctx, c) {
			return
		}
	}
	select {
	case <-ctx.Done():
	case <-signals:
		time.AfterFunc(farewell, cancel)
		s.give(ctx, core.Quit{})
	}
}

func (s *session) give(ctx context.Context, c core.Command) bool {
	select {
	case s.commands <- c:
		return true
	case <-ctx.Done():
		return false
	}
}

// input is standard input, shared with questions for secrets if it is a terminal.
func (s *session) input() io.Reader {
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		return &sharedInput{fd, &s.terminal}
	}
	return os.Stdin
}

// fetchPasswords gets the passwords before anything starts, but for those that the screen asks for once the server has
// proved who it is: other programs want the terminal as it is, and line mode writes to it later.
func (s *session) fetchPasswords(ctx context.Context) error {
	if s.torFault() != nil {
		return nil // nothing will connect, and line mode says why
	}
	for _, a := range s.accounts {
		if a.JID.Local() == "" || !a.Connects() || a.password.person && s.screen != nil {
			continue
		}
		if _, err := a.password.get(ctx); err != nil {
			return s.noPassword(a.JID.JID, err)
		}
	}
	return nil
}

// noPassword words why there is no password.
func (s *session) noPassword(account im.JID, err error) error {
	reason := err.Error()
	if secret := (*secretError)(nil); errors.As(err, &secret) {
		reason = secret.words(s.printer)
	}
	return errors.New(s.printer.Format(i18n.StartSecretFailed, account.String(), reason))
}

// askPassword asks the user, where they look just now.
func (s *session) askPassword(ctx context.Context, jid im.JID) (string, error) {
	prompt := s.printer.Format(i18n.StartPassword, core.CleanJID(jid))
	if s.screen != nil {
		return s.screen.AskSecret(ctx, prompt)
	}
	s.terminal.Lock()
	defer s.terminal.Unlock()
	return askSecret(ctx, prompt+" ")
}
