package i18n

func inputFrench() map[Key]string {
	return map[Key]string{
		PasteAsk:        "{1} {1|ligne collée|lignes collées}. Qu’en faire ?",
		PasteEdit:       "relire d’abord",
		PasteSendOne:    "envoyer en un message",
		PasteSendLines:  "envoyer {1} {1|message|messages}",
		PasteCut:        "collage trop long : la fin manque",
		Cancel:          "annuler",
		HowToQuit:       "pour partir, tape /quitter",
		InputFull:       "le texte est plein : plus rien ne tient dans un message",
		AskSubscription: "{1} voudrait voir quand tu es là, et te parler",
		AskBookmark:     "un autre de tes appareils entre dans {2} : celui-ci aussi ?",
		AskInvitation:   "{1} t’invite dans {2}",
		AnswerLater:     "pas maintenant",
		AnswerAccept:    "accepter",
		AnswerRefuse:    "refuser",
		AnswerJoin:      "entrer",
		AnswerDecline:   "décliner",
		SearchPrompt:    "chercher :",
		SearchNone:      "rien trouvé",
		SearchCount:     "{1} sur {2}",
		NewMessage:      "nouveau message",
		NewMessageFrom:  "nouveau message de {1}",
		NewMention:      "on a parlé de toi",
		NewMentionIn:    "{1} a parlé de toi dans {2}",
		SecretHint:      "Entrée valide, Échap annule",
	}
}
