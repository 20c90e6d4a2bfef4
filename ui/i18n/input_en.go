package i18n

func inputEnglish() map[Key]string {
	return map[Key]string{
		PasteAsk:        "{1} {1|line was|lines were} pasted. What now?",
		PasteEdit:       "look at the text first",
		PasteSendOne:    "send as one message",
		PasteSendLines:  "send {1} {1|message|messages}",
		PasteCut:        "the paste was too long: its end is missing",
		Cancel:          "cancel",
		HowToQuit:       "to leave, type /quit",
		InputFull:       "the text is full: nothing more has room in one message",
		AskSubscription: "{1} wants to see when you are here, and to talk",
		AskBookmark:     "another device of yours enters {2} now: this one too?",
		AskInvitation:   "{1} invites you to {2}",
		AnswerLater:     "not now",
		AnswerAccept:    "accept",
		AnswerRefuse:    "refuse",
		AnswerJoin:      "join",
		AnswerDecline:   "decline",
		SearchPrompt:    "search:",
		SearchNone:      "not found",
		SearchCount:     "{1} of {2}",
		NewMessage:      "new message",
		NewMessageFrom:  "new message from {1}",
		NewMention:      "somebody mentioned you",
		NewMentionIn:    "{1} mentioned you in {2}",
		SecretHint:      "Enter logs in, Esc cancels",
	}
}
