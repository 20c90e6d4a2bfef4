package main

import (
	"context"
	"crypto/x509"
	"os"
	"slices"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/xmppclient"
)

// account is one account as the command line and the settings together make it.
type account struct {
	config.Account
	password *secret
	// passwordKept is set if the profile keeps the password.
	passwordKept bool
	roots        *x509.CertPool
}

// chooseAccounts finds which accounts this start is about, none if nothing names any, and what the address opens.
func chooseAccounts(o options, settings *config.Settings) ([]config.Account, []core.Command, error) {
	commands := o.address.commands
	named := o.account
	if named.IsZero() {
		named = o.address.account
	}
	if plain := o.address.plain; !plain.IsZero() {
		asAccount := named.IsZero() && (len(settings.Accounts) == 0 || configured(settings, plain.Bare()) != nil)
		if asAccount {
			named = plain.Bare()
		} else {
			commands = []core.Command{core.Query{To: plain.String()}}
		}
	}
	chosen := settings.Accounts
	if !named.IsZero() {
		chosen = []config.Account{{JID: config.BareJID{JID: named}}}
		if known := configured(settings, named); known != nil {
			chosen[0] = *known
		}
		always := true
		chosen[0].Connect = &always
	}
	if len(chosen) > 1 && (o.server != "" || o.ca != "" || o.passwordFD >= 0) {
		return nil, nil, &usageError{kind: serverForMany}
	}
	return chosen, commands, nil
}

// passedOver is the account that a link names while --account names another; zero for none.
func (o options) passedOver() im.JID {
	if linked := o.address.account; !o.account.IsZero() && linked != o.account {
		return linked
	}
	return im.JID{}
}

func configured(settings *config.Settings, jid im.JID) *config.Account {
	i := slices.IndexFunc(settings.Accounts, func(a config.Account) bool { return a.JID.JID == jid })
	if i < 0 {
		return nil
	}
	return &settings.Accounts[i]
}

// prepare adds to the chosen accounts what the command line says of them and what they need to log in.
func (s *session) prepare(chosen []config.Account) ([]account, error) {
	o := s.options
	var accounts []account
	for _, c := range chosen {
		if o.server != "" {
			c.Server.Value = o.server
		}
		if o.ca != "" {
			c.CA = o.ca
		}
		roots, err := loadRoots(c.CA)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, account{Account: c, password: s.passwordOf(c), roots: roots})
	}
	return accounts, nil
}

// passwordOf tells where an account's password comes from.
func (s *session) passwordOf(c config.Account) *secret {
	o := s.options
	switch {
	case o.passwordFD >= 0:
		return &secret{fetch: once("--password-fd", func() (string, error) { return secretFD(o.passwordFD) })}
	case len(c.PasswordCommand) > 0:
		return &secret{fetch: func(ctx context.Context) (string, error) { return secretCommand(ctx, s.runProgram, c.PasswordCommand) }}
	default:
		return &secret{person: true, fetch: func(ctx context.Context) (string, error) { return s.askPassword(ctx, c.JID.JID) }}
	}
}

// loadRoots returns the system's certificate authorities and those of a PEM file; nil means the system's alone.
func loadRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, &usageError{kind: badCA, value: file}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &usageError{kind: badCA, value: file}
	}
	return roots, nil
}

// client makes the account's connection.
func (s *session) client(ctx context.Context, a account) *xmppclient.Client {
	cfg := xmppclient.Config{
		Account:    a.JID.JID,
		Password:   a.password.get,
		Refused:    func() { s.dropPassword(ctx, a) },
		Accepted:   func() { s.accepted(ctx, a) },
		Network:    &network{s.dialer, a.Server.Value, a.JID.JID},
		Roots:      a.roots,
		Pins:       a.Certificate.Values,
		AllowPlain: a.AllowPlain,
		Least:      a.LeastMechanism.Value,
	}
	s.recall(&cfg)
	if s.tor != nil {
		cfg.Ready = s.ready
	}
	return xmppclient.New(cfg, s.wire)
}

// options tells core of the account.
func (a account) options() core.AccountOptions {
	o := core.AccountOptions{JID: a.JID.JID, Nick: a.Nick, Connect: a.Connects(), Resource: a.Resource.Value, Archive: a.Archive}
	for _, r := range a.Rooms {
		o.Rooms = append(o.Rooms, core.RoomOptions{Room: r.Room.JID, Nick: r.Nick})
	}
	return o
}
