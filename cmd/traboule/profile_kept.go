package main

import (
	"context"
	"slices"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/store"
	"traboule/vault"
	"traboule/xmppclient"
)

// mayKnowAccount reports whether there is a vault, which may tell with which account to log in.
func mayKnowAccount(o options, env func(string) string) bool {
	if o.amnesic {
		return false
	}
	data, err := config.DataFolder(o.profile, env)
	if err != nil {
		return false
	}
	mode, err := vault.Look(data)
	return err != nil || mode != vault.NoVault // what is wrong with it is told when it is opened
}

// takeLastAccount has a start for which nothing names an account go on with the one that was last logged in with.
func (s *session) takeLastAccount() error {
	if len(s.accounts) > 0 {
		return nil
	}
	last, found, err := s.store.LastAccount()
	if err != nil {
		return &databaseError{s.vault.Database(), err}
	}
	if !found {
		return &usageError{kind: noAccount}
	}
	s.accounts, err = s.prepare([]config.Account{{JID: config.BareJID{JID: last}}})
	return err
}

// accepted has kept what the server's acceptance of a login has shown to be right.
func (s *session) accepted(ctx context.Context, a account) {
	s.keepPassword(ctx, a)
	s.keepLastAccount(ctx, a)
}

// keepLastAccount has the next start know the account, unless the settings name theirs.
func (s *session) keepLastAccount(ctx context.Context, a account) {
	if s.vault == nil || len(s.settings.Accounts) > 0 {
		return
	}
	if err := s.store.SetLastAccount(a.JID.JID); err != nil {
		s.post(ctx, im.StoreFailed{Err: *store.Failure(err)})
	}
}

// takePasswords gives the accounts the passwords that the profile keeps; those that come from elsewhere come from there.
func (s *session) takePasswords() error {
	for i := range s.accounts {
		a := &s.accounts[i]
		if !a.password.person {
			continue
		}
		password, found, err := s.store.Password(a.JID.JID)
		if err != nil {
			return err
		}
		if found {
			a.password.know(password)
			a.passwordKept = true
		}
	}
	return nil
}

// keepPassword puts a password that was typed and was right into the vault.
func (s *session) keepPassword(ctx context.Context, a account) {
	password, typed := a.password.typedIn()
	if s.vault == nil || !typed || !a.KeepsPassword() {
		return
	}
	if err := s.store.SetPassword(a.JID.JID, password); err != nil {
		s.post(ctx, im.StoreFailed{Err: *store.Failure(err)})
		return
	}
	s.post(ctx, im.PasswordKept{On: im.On{Account: a.JID.JID}})
}

// dropPassword forgets a password that the server has refused, in the vault too.
func (s *session) dropPassword(ctx context.Context, a account) {
	a.password.forget()
	if s.vault == nil || !a.password.person {
		return
	}
	if err := s.store.ForgetPassword(a.JID.JID); err != nil {
		s.post(ctx, im.StoreFailed{Err: *store.Failure(err)})
	}
}

// recall adds to what an account's connection is told what earlier sessions have learned of the server. The settings come
// first: a weaker login or another key is accepted if they say so.
func (s *session) recall(cfg *xmppclient.Config) {
	for _, r := range s.kept.Mechanisms {
		if r.Account == cfg.Account && cfg.Least == "" {
			cfg.Least = r.Mechanism
		}
	}
	for _, r := range s.kept.Pins {
		if r.Account == cfg.Account {
			cfg.Known = r.Pin
		}
	}
}

// takeConversations takes the names of those of which messages are kept.
func (s *session) takeConversations() (err error) {
	s.known, err = s.store.Known()
	return err
}

// remember adds to what core starts with what earlier sessions have kept.
func (s *session) remember(o *core.Options) {
	o.Switches = map[string]bool{}
	for _, r := range s.kept.Switches {
		if r.Account.IsZero() {
			o.Switches[r.Name] = r.On
		}
	}
	o.History = core.HistoryOptions{
		Store: core.MemoryStore, LastSeq: s.kept.LastSeq, Policies: s.kept.History, Marks: s.kept.Archives, Unread: s.kept.Unread,
	}
	for _, k := range s.known {
		o.History.Conversations = append(o.History.Conversations, core.ConversationID{Account: k.Account, Peer: k.Peer})
	}
	if s.vault != nil {
		o.History.Store = core.DiskStore
	}
	for i := range o.Accounts {
		rememberAccount(&o.Accounts[i], s.kept)
	}
}

func rememberAccount(a *core.AccountOptions, kept store.Profile) {
	for _, r := range kept.Rosters {
		if r.Account == a.JID {
			a.Roster, a.RosterVersion = r.Items, r.Version
		}
	}
	for _, r := range kept.Bookmarks {
		if r.Account == a.JID {
			a.Bookmarks, a.RemovedBookmarks = r.Bookmarks, r.Removed
		}
	}
	a.Switches = map[string]bool{}
	for _, r := range kept.Switches {
		if r.Account == a.JID {
			a.Switches[r.Name] = r.On
		}
	}
	a.Drafts = map[im.JID]string{}
	for _, r := range kept.Drafts {
		if r.Account == a.JID {
			a.Drafts[r.Peer] = r.Text
		}
	}
	for _, r := range kept.OTRPolicies {
		if r.Account == a.JID {
			a.Policies = append(a.Policies, core.KnownPolicy{Peer: r.Peer, Policy: r.Policy})
		}
	}
	for _, r := range kept.Fingerprints {
		if r.Account != a.JID {
			continue
		}
		known := core.KnownFingerprint{Peer: r.Peer, Fingerprint: r.Fingerprint, Trust: r.Trust}
		// What was decided here is newer than what came from another program.
		a.Fingerprints = slices.DeleteFunc(a.Fingerprints, func(k core.KnownFingerprint) bool {
			return k.Peer == known.Peer && k.Fingerprint == known.Fingerprint
		})
		a.Fingerprints = append(a.Fingerprints, known)
	}
}
