package main

import (
	"traboule/config"
	"traboule/core"
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
	if r := s.settings.Resolver.Value; r != config.NoResolver {
		standing.Resolver = r
	}
	return standing
}
