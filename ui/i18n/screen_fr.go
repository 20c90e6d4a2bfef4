package i18n

func screenFrench() map[Key]string {
	return map[Key]string{
		Rooms:  "SALONS",
		People: "PERSONNES",
	}
}
