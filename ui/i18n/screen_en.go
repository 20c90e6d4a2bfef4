package i18n

func screenEnglish() map[Key]string {
	return map[Key]string{
		Rooms:  "ROOMS",
		People: "PEOPLE",
	}
}
