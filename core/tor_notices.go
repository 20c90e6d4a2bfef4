package core

// About Tor and what the kernel refuses. Text is the SOCKS port; it is not set for a Tor that the client started itself. The first
// seven tell how Tor is: as news, in the consoles of all accounts, and as an answer to /tor.
const (
	// NoticeTorUnused: this session does not go through Tor; Text a SOCKS port that it uses instead, of which nobody knows
	// that it is Tor's.
	NoticeTorUnused NoticeCode = "tor-unused"
	// NoticeTorLooking: a Tor that runs is looked for. Nothing set.
	NoticeTorLooking NoticeCode = "tor-looking"
	// NoticeTorStarting: none runs, so the client starts one of its own. Nothing set.
	NoticeTorStarting NoticeCode = "tor-starting"
	// NoticeTorBootstrapping: Tor runs but is not ready; Text; Count the progress in per cent; Reason the step, in Tor's words.
	NoticeTorBootstrapping NoticeCode = "tor-bootstrapping"
	// NoticeTorReady: Tor can be used; Text.
	NoticeTorReady NoticeCode = "tor-ready"
	// NoticeTorGone: Tor has ended and is waited for; Text.
	NoticeTorGone NoticeCode = "tor-gone"
	// NoticeTorMissing: there is no Tor, and none could be started; Err. As news it is told only while no account waits for it.
	NoticeTorMissing NoticeCode = "tor-missing"

	// NoticeTorNoNetwork: Tor reaches nobody. Nothing set.
	NoticeTorNoNetwork NoticeCode = "tor-no-network"
	// NoticeTorClockWrong: the clock of this machine is wrong; Wait by how much, zero if that is not known.
	NoticeTorClockWrong NoticeCode = "tor-clock-wrong"
	// NoticeTorBlocked: Tor does not get through. Nothing set.
	NoticeTorBlocked NoticeCode = "tor-blocked"
	// NoticeTorAsked: Tor can be asked how it is (control port). Nothing set.
	NoticeTorAsked NoticeCode = "tor-asked"
	// NoticeTorNotAsked: Tor cannot be asked how it is, nor for new circuits, which does no harm. Nothing set.
	NoticeTorNotAsked NoticeCode = "tor-not-asked"

	// NoticeNewCircuits answers /tor new: all connections from now on have other circuits; Count connections are made anew.
	NoticeNewCircuits NoticeCode = "new-circuits"
	// NoticeNoCircuits: /tor new, and the session goes out directly. Nothing set.
	NoticeNoCircuits NoticeCode = "no-circuits"
	// NoticeCircuitsFailed: there are no new circuits, or JID keeps its old ones; Err.
	NoticeCircuitsFailed NoticeCode = "circuits-failed"

	// NoticeConfined: Confinement tells what the kernel refuses to the client.
	NoticeConfined NoticeCode = "confined"
	// NoticeConfinementLacks: Confinement tells what the kernel does not refuse, and why.
	NoticeConfinementLacks NoticeCode = "confinement-lacks"
	// NoticeNotConfined: the client is not confined, for it does not go through Tor alone. Nothing set.
	NoticeNotConfined NoticeCode = "not-confined"
)

// torNoticeCodes lists the notices about Tor and the confinement.
func torNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticeTorUnused, NoticeTorLooking, NoticeTorStarting, NoticeTorBootstrapping, NoticeTorReady, NoticeTorGone,
		NoticeTorMissing, NoticeTorNoNetwork, NoticeTorClockWrong, NoticeTorBlocked, NoticeTorAsked,
		NoticeTorNotAsked, NoticeNewCircuits, NoticeNoCircuits, NoticeCircuitsFailed, NoticeConfined, NoticeConfinementLacks,
		NoticeNotConfined,
	}
}
