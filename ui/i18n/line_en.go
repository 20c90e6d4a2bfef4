package i18n

func lineEnglish() map[Key]string {
	return map[Key]string{
		LineCorrected: "corrected",
		LineFailed:    "not sent: “{1}”[: {2}]",
	}
}
