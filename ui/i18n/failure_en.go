package i18n

import "traboule/im"

func failuresEnglish() map[im.Code]string {
	return map[im.Code]string{
		im.CodeTorUnavailable: "Tor is required and does not answer[ ({detail})], so nothing was sent. Start Tor, or name its SOCKS port with --socks. " +
			"To go without it, so that the server and your network see your address: --tor off.",
		im.CodeTorBootstrap: "Tor does not get through to its network[ ({detail})], so nothing was sent. " +
			"If this network blocks Tor, use another one, or a bridge (tor_settings in config.toml).",
		im.CodeNameNotFound:      "the server[ {detail}] was not found under that name: check the address for a typing error.",
		im.CodeConnectionRefused: "nobody answers[ at {detail}]: the server may be down, or the port is wrong. Try later or ask who runs it.",
		im.CodeOnionUnreachable:  "the onion service[ {detail}] does not answer: it may be down, or its address is wrong. Try again in a few minutes.",
		im.CodeTorMissing: "Tor is required, and none runs or is installed here, so nothing was sent. Install it (Debian: sudo apt install tor), " +
			"or start Tor Browser; on Tails, connect to Tor first. To go without it, so that the server and your network see your address: --tor off.",
		im.CodeTorFailed: "the tor program does not run[ ({detail})], so nothing was sent. " +
			"Start Tor yourself, or Tor Browser, then try again (/connect).",
		im.CodeNoNetwork:     "Tor reaches nobody, so nothing was sent: is this machine online?",
		im.CodeClockWrong:    "Tor does not work with a clock that is wrong, so nothing was sent. Set date, time and time zone of this machine.",
		im.CodeOnionNotFound: "Tor knows of no onion service[ {detail}]: it has been down for a while, or the address is wrong. Check it, or try again later.",
		im.CodeOnionDown:     "the onion service[ {detail}] is known but does not answer now. Try again in a few minutes.",
		im.CodeOnionAuth: "the onion service[ {detail}] lets in only those who have a key for it, and Tor has none or another. " +
			"Ask who runs it for one, and give it to Tor.",
		im.CodeOnionAddress: "[{detail}: ]this onion address cannot be right: a letter is wrong or missing. Nothing was sent; copy it anew.",
		im.CodeOnionV2:      "[{detail}: ]onion addresses of 16 letters ended in 2021. Ask for the new one, which has 56.",
		im.CodeExitRefused: "the last relay of Tor could not connect[ to {detail}], or may not. Trying again takes another one, " +
			"and so does /tor new; some servers refuse Tor altogether.",
		im.CodeProxyRefused: "the SOCKS port does not do what was asked of it[, for {detail}]: its settings forbid it, or it is not Tor's.",
		im.CodeNotTor: "what answers[ at {detail}] does not say that it is Tor, and this session goes through Tor or not at all. " +
			"Name the SOCKS port of Tor itself, or say with --tor off that this one will do.",
		im.CodeCircuitsRenewed: "the connection moves to new circuits.",
		im.CodeUnreachable:     "the server[ {detail}] cannot be reached from here: check that this machine is online.",
		im.CodeTLSRequired:     "the server[ {detail}] offers no encryption, so the client did not log in. Do not use it before that is repaired.",
		im.CodeTLS: "encryption with the server could not be set up[ ({detail})], so the client did not log in. " +
			"Try another network; if it stays, tell who runs the server.",
		im.CodeCertificate: "the server could not prove who it is[: {why}]. Somebody may be in between, so the client did not log in. " +
			"Ask who runs it[ whether its key is {fingerprint}]. Only if it is, put “sha256:FINGERPRINT” as certificate " +
			"of this account into config.toml; its own authority goes with --ca.",
		im.CodePinMismatch: "the server’s key is {fingerprint}, but {pinned} is pinned. Somebody may be in between, so the client did not log in. " +
			"Ask who runs it. Only if they confirm the new key, put “sha256:FINGERPRINT” as certificate of this account into config.toml.",
		im.CodeDowngrade: "the server offers only a weaker login than before[ ({detail})], as it would if somebody were in between. " +
			"The client did not log in. Ask who runs the server what changed.",
		im.CodeNoMechanism: "the server offers no way to log in that does not show it your password[ ({detail})], so the client did not. " +
			"Ask who runs it for SCRAM.",
		im.CodeNoAnonymous:    "the server offers no anonymous login. Give the address of an account there, or another server.",
		im.CodeLoginRefused:   "the server refused the login[ ({condition})]: check the address and the password. Type /connect to try again.",
		im.CodeNoPassword:     "there is no password to log in with[ ({detail})]. Type /connect to try again.",
		im.CodeConflict:       "another client took over this connection. Type /connect to take it back.",
		im.CodeStream:         "the server ended the connection[ ({condition})].",
		im.CodeConnectionLost: "the connection broke[ ({detail})].",
		im.CodeTimeout:        "no answer came in time[ from {detail}]: the network or the server is slow. Try again.",
		im.CodeQueueFull:      "too much is waiting to be sent: this was not sent. Wait until the connection is back, then send it again.",
		im.CodeNotConnected:   "there is no connection: nothing was sent. Type /connect.",
		im.CodeNoSuchAccount:  "[{detail}: ]there is no such account here. Start with its address, or put it into config.toml.",
		im.CodeUnconfirmed:    "it may have arrived all the same, though its acknowledgement was lost. Ask before you send it again.",

		im.CodeRoomNotFound:     "there is no such room[: {detail}]. Check its address, or look with /rooms.",
		im.CodeNickTaken:        "somebody in the room already has that nickname. Choose another: /nick NICK, or /join ROOM NICK.",
		im.CodeBanned:           "you are banned from this room. Only its moderators can change that.",
		im.CodeMembersOnly:      "the room is for members only. Ask its owners to make you one.",
		im.CodePasswordRequired: "the room wants a password, or another one: /join ROOM NICK PASSWORD.",
		im.CodeRoomFull:         "the room is full. Try later.",
		im.CodeServiceGone:      "the server[ {detail}] that hosts this does not answer: the connection between the servers may be broken. Try later.",
		im.CodeNotAllowed:       "you are not allowed to do that here.",
		im.CodeNotEncrypted:     "the conversation is not encrypted, so nothing was sent. Type /otr start, or /otr end to go on without.",
		im.CodeUnanswered:       "it was to be encrypted, and nobody answered, so it was not sent. Send it again to send it unencrypted, or type /otr start.",
		im.CodeOTRFault:         "the part of this program that encrypts has failed, and nothing was sent. Try again.",
		im.CodeKeyChanged:       "the other side has another key now, so nothing was sent. Send it again if it is meant for that key too.",

		im.CodeItemNotFound:  "that does not exist[: {detail}].",
		im.CodeNotAcceptable: "the other side does not accept that as it is[: {detail}].",
		im.CodeUnavailable:   "nobody there can answer that: the address is offline, unknown, or lacks the feature.",
		im.CodeRefused:       "the other side refused[ ({condition})].",
		im.CodeTooLarge:      "that is too long[: {detail}]. Send it in pieces.",
		im.CodeBadAnswer:     "the answer made no sense[ ({detail})] and was thrown away.",
		im.CodeInternalFault: "a fault of this program ended the connection[ (at {detail})]. Type /connect to go on, and please report it.",
		im.CodeStoreFull:     "the disk has no room left for what is to be kept, or a limit is reached. Make room: what waits to be written is lost if the client ends before that.",
		im.CodeStoreDamaged:  "what is kept on the disk is damaged[ ({detail})].",
		im.CodeStoreFailed:   "what is kept could not be read or written[ ({detail})].",
	}
}
