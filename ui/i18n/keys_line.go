package i18n

// The texts of line mode.
const (
	LineFailed      Key = "line-failed"      // {1} was not sent, because of {2}, a sentence
	LineUnconfirmed Key = "line-unconfirmed" // {1} may have been sent, {2} says why nobody knows
)
