package dial

import "slices"

// TorNeeds is what the Tor at hand, and the one that takes its place when it ends, take of this machine: for a process
// that gives up all else.
type TorNeeds struct {
	// Addresses are connected to: "tcp 127.0.0.1:9050", "unix /path".
	Addresses []string
	// Cookie is the file that lets us ask a Tor how it is; empty for none.
	Cookie string
	// Folder is that of our own tor: settings, sockets, cache. It is removed at the end. Empty for none.
	Folder string
	// Command starts our own tor; nil for none.
	Command []string
}

// Needs tells what is needed from now on. It is known once the phase is no longer TorLooking, and true as long as a Tor is
// used: what has ended is followed by one at the same place.
func (t *Tor) Needs() TorNeeds {
	s := t.board.now()
	needs := TorNeeds{Cookie: s.cookie, Command: t.Command()}
	if folder := t.own.Load(); folder != nil {
		own := torFolder{path: *folder}
		needs.Folder = own.path
		needs.Addresses = []string{"unix " + own.file(ownSOCKS), "unix " + own.file(ownControl)}
		return needs
	}
	for _, place := range []string{s.Where, s.Control, controlPlace(s.Where)} {
		network, address := splitPlace(place)
		if entry := network + " " + address; place != "" && !slices.Contains(needs.Addresses, entry) {
			needs.Addresses = append(needs.Addresses, entry)
		}
	}
	return needs
}
