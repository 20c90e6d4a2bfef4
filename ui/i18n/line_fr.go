package i18n

func lineFrench() map[Key]string {
	return map[Key]string{
		LineCorrected: "rectifié",
		LineFailed:    "pas envoyé : « {1} »[ : {2}]",
	}
}
