package i18n

import "traboule/core"

// torNoticesEnglish words what is said of Tor and of what the kernel refuses.
func torNoticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"tor-unused": "[this session goes through the SOCKS proxy at {text}, which may not be Tor: whoever runs it sees your address|" +
			"this session does not go through Tor: the server and your network see your address]",
		"tor-looking":       "looking for Tor",
		"tor-starting":      "no Tor runs here, so this client starts one of its own",
		"tor-bootstrapping": "[Tor at {text}|this client’s own Tor] is connecting to its network[: {count}%][ (“{reason}”)]",
		"tor-ready":         "Tor is ready: [found at {text}|started by this client]",
		"tor-gone":          "[nothing answers at {text} any more: start Tor again|this client’s own Tor has ended and is started again]; until it is back nothing goes out",
		"tor-missing":       "[{err}|there is no Tor, and none could be started]",

		"tor-no-network":  "Tor reaches nobody: is this machine online?",
		"tor-clock-wrong": "the clock of this machine is wrong[ by about {wait}], and Tor cannot work like that: set date, time and time zone",
		"tor-blocked":     "Tor does not get through: this network may block it. Use another network, or a bridge (bridges.torproject.org)",
		"tor-asked":       "Tor can be asked how it is, and for new circuits (control port)",
		"tor-not-asked":   "Tor itself may not be asked here, as on Tails and Whonix: that does no harm",

		"new-circuits":    "new circuits for everything from now on[; {count} {count|connection moves|connections move} to them]",
		"no-circuits":     "there are no circuits: this session does not go through Tor",
		"circuits-failed": "[{jid} keeps its old circuits|there are no new circuits]: {err}",

		"confined":          "the kernel refuses this client: {refused}",
		"confinement-lacks": "the kernel does not refuse this client: {allowed}[ ({lacks})]; its own code still does",
		"not-confined":      "this client is not confined by the kernel, as it does not go through Tor alone",
	}
}
