package i18n

func otrFrench() map[Key]string {
	return map[Key]string{
		TitleVersion:         "{1} (OTR {2})",
		ShortRequired:        "en attente",
		ReadersRequired:      "pas encore chiffré : ce que tu écris attend que ce le soit",
		ReadersRequiredShort: "pas encore chiffré : tout attend",
		ReadersFinishedShort: "terminé : rien ne partira",
		RemedyFinished:       "/otr start ou /otr end",
		AskOTR:               "{1} propose de chiffrer votre conversation",
		AskSMP:               "{1} veut savoir si c’est bien toi, et demande :",
		AskSecret:            "{1} veut savoir si c’est bien toi, par un secret que vous partagez",
		AnswerEncrypt:        "chiffrer",
		AnswerProve:          "répondre",
		GivenBack:            "pas envoyé : ton texte est revenu ici",
	}
}
