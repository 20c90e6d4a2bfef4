package main

import (
	"slices"

	"traboule/config"
	"traboule/core"
	"traboule/dial"
)

// disclosures are the switches of /privacy as the settings say, where they do.
func disclosures(settings *config.Settings) map[core.Disclosure]bool {
	d := settings.Disclose
	says := map[core.Disclosure]bool{
		core.DiscloseReceipts: d.Receipts,
		core.DiscloseTyping:   d.Typing,
		core.DiscloseMarkers:  d.Markers,
		core.KeepDrafts:       settings.KeepDrafts,
	}
	for which, on := range map[core.Disclosure]*bool{
		core.DisclosePresence:  d.Presence,
		core.DiscloseCaps:      d.Caps,
		core.DiscloseCarbons:   d.Carbons,
		core.DiscloseArchive:   d.Archive,
		core.DiscloseBookmarks: d.Bookmarks,
	} {
		if on != nil {
			says[which] = *on
		}
	}
	return says
}

// standing is what /privacy shows of this start and cannot change.
func (s *session) standing() core.Standing {
	n := s.settings.Notifications
	standing := core.Standing{
		Storage:    s.storage(),
		Guards:     s.settings.KeepGuards && !s.options.amnesic,
		Heartbeats: s.settings.Disclose.Heartbeats,
		Notifies:   s.screen != nil && (n.Bell.Value != "never" || n.Desktop.Value != "none"),
	}
	r := s.settings.Resolver.Value
	switch asks := slices.ContainsFunc(s.accounts, s.asksForServer); {
	case asks && !s.dialer.Proxied():
		standing.AsksSystem = true
	case asks && r != config.NoResolver:
		standing.Resolver = r
	}
	return standing
}

// asksForServer reports whether a name has to be looked up to connect an account: a proxy looks up by itself the one that the
// user gave.
func (s *session) asksForServer(a account) bool {
	host := a.JID.Domain()
	if a.Server.Value != "" {
		if s.dialer.Proxied() {
			return false
		}
		host, _, _ = splitHostPort(a.Server.Value)
	}
	return dial.IsLookedUp(host)
}
