package i18n

func inputFrench() map[Key]string {
	return map[Key]string{
		PasteAsk: "Envoyer {1} {1|ligne|lignes} ?",
	}
}
