package i18n

func lineEnglish() map[Key]string {
	return map[Key]string{
		LineFailed:      "“{1}” was not sent[: {2}]",
		LineUnconfirmed: "“{1}” is unconfirmed[: {2}]",
	}
}
