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
		KeyOurs:              "ta clé",
		KeyTheirs:            "clé de {1}",
		KeyTrust:             "{1} : {2}",
		KeyCompare:           "Lisez-les-vous par téléphone ou de vive voix. Si vous voyez les deux mêmes : /otr trust",
		KeyAlone:             "Lis-la à qui la demande, par téléphone ou de vive voix.",
		KeyScan:              "Ou fais scanner ceci, ou envoie le lien par un moyen sûr :",
		KeyNoRoom:            "Ou envoie le lien par un moyen sûr. Pour son code QR, il faut une fenêtre plus grande.",
		KeyClose:             "{1} ferme",
		KeyCloseInvert:       "{1} ferme · {2} échange clair et foncé",
		GivenBack:            "pas envoyé : ton texte est revenu ici",
	}
}
