package core

// What the fixed parts of a line take in memory, in bytes, rounded up; a test holds them against the compiler.
const (
	lineSize   = 192
	noticeSize = 416
	rowSize    = 192
)

// weightOf estimates the bytes that a line keeps in memory.
func weightOf(l *Line) int {
	n := lineSize + len(l.Body) + len(l.From) + len(l.ID)
	if l.Notice != nil {
		n += noticeSize + len(l.Notice.Text) + len(l.Notice.Reason) +
			len(l.Notice.List)*rowSize
	}
	return n
}

// weigh counts bytes that came into a conversation, and drops the oldest lines where there are too many.
func (c *Core) weigh(conv *conversation, bytes int) {
	conv.weight += bytes
	c.weight += bytes
	for conv.log.Len() > maxLines || conv.weight > maxLogBytes && conv.log.Len() > 1 {
		c.dropOldest(conv)
	}
	for c.weight > maxAllLogBytes {
		most := c.heaviest()
		if most.log.Len() <= 1 {
			return
		}
		c.dropOldest(most)
	}
}

func (c *Core) dropOldest(conv *conversation) {
	before := conv.log
	conv.log = before.DropOldest()
	for i := range before.Len() - conv.log.Len() {
		w := weightOf(before.At(i))
		conv.weight -= w
		c.weight -= w
	}
}

func (c *Core) heaviest() *conversation {
	var most *conversation
	for _, conv := range c.windows {
		if most == nil || conv.weight > most.weight {
			most = conv
		}
	}
	return most
}
