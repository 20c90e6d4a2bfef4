package core

// Limits on everything that others can make grow. A limit is far above what people do, and low enough that reaching it
// costs nobody but the one who tries.
const (
	// maxText bounds a cleaned body, in bytes: some twenty pages, and the most that one line may weigh in memory.
	maxText = 64 << 10
	// maxSentence bounds a cleaned subject, status, reason or error text, in bytes: they share one line with other things.
	maxSentence = 2 << 10
	// maxName bounds a cleaned name, in bytes: longer ones are only made to push other things off the screen.
	maxName = 256
	// maxAddress bounds a cleaned address, in bytes: three parts of 1023 bytes each, and their separators (RFC 7622 §3.1).
	maxAddress = 3*1023 + 2
	// maxMarks bounds what may be piled on one character: real scripts and emoji families need at most six.
	maxMarks = 8
)
