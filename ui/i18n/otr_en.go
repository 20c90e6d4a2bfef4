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
		GivenBack:            "not sent: your text is here again",
	}
}
