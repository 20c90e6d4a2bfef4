package i18n

// The texts of line mode.
const (
	LineCorrected Key = "line-corrected" // before a message that its sender corrected
	LineFailed    Key = "line-failed"    // {1} was not sent, because of {2}, a sentence
)
