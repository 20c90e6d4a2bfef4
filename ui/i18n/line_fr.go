package i18n

func lineFrench() map[Key]string {
	return map[Key]string{
		LineCorrected: "rectifié",
		LineFailed:    "« {1} » n’est pas parti[ : {2}]",
	}
}
