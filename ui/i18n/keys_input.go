package i18n

// The texts of the input: the line being typed, completion, questions, paste and search.
const (
	PasteAsk Key = "paste-ask" // {1} lines were pasted: send them?
)
