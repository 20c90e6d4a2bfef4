package i18n

func otrEnglish() map[Key]string {
	return map[Key]string{
		TitleVersion:         "{1} (OTR {2})",
		ShortRequired:        "waiting",
		ReadersRequired:      "not encrypted yet: what you type waits until it is",
		ReadersRequiredShort: "not encrypted yet: texts wait",
		ReadersFinishedShort: "ended: nothing you type is sent",
		RemedyFinished:       "/otr start or /otr end",
		AskOTR:               "{1} offers to encrypt your conversation",
		AskSMP:               "{1} wants to know whether it is really you, and asks:",
		AskSecret:            "{1} wants to know whether it is really you, by a secret that you share",
		AnswerEncrypt:        "encrypt",
		AnswerProve:          "answer",
		KeyOurs:              "your key",
		KeyTheirs:            "key of {1}",
		KeyTrust:             "{1}: {2}",
		KeyCompare:           "Read them to each other by telephone or face to face. If both of you see the same two: /otr trust",
		KeyAlone:             "Read it to whoever asks, by telephone or face to face.",
		KeyScan:              "Or let them scan this, or send the link by a way that you trust:",
		KeyNoRoom:            "Or send the link by a way that you trust. For a QR code of it the window must be larger.",
		KeyClose:             "{1} closes",
		KeyCloseInvert:       "{1} closes · {2} swaps dark and light",
		GivenBack:            "not sent: your text is here again",
	}
}
