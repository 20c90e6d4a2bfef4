package i18n

func lineFrench() map[Key]string {
	return map[Key]string{
		LineFailed:      "« {1} » n’est pas parti[ : {2}]",
		LineUnconfirmed: "« {1} » reste sans confirmation[ : {2}]",
	}
}
