package main

import (
	"context"
	"slices"

	"traboule/core"
	"traboule/im"
	"traboule/store"
	"traboule/xmppclient"
)

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
