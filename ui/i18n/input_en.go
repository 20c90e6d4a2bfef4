package i18n

func inputEnglish() map[Key]string {
	return map[Key]string{
		PasteAsk: "Send {1} {1|line|lines}?",
	}
}
