package otr

import "traboule/im"

// counting is an engine that knows how much it has to do.
type counting struct {
	engine
	pending int
}

func (c *counting) count(done func(Result, error)) func(Result, error) {
	c.pending++
	return func(r Result, err error) {
		c.pending--
		done(r, err)
	}
}

func (c *counting) MakeKey(account im.JID, tag uint32, done func(Key, error)) {
	c.pending++
	c.engine.MakeKey(account, tag, func(k Key, err error) {
		c.pending--
		done(k, err)
	})
}

func (c *counting) Receive(with Conversation, f Flags, text string, done func(Result, error)) {
	c.engine.Receive(with, f, text, c.count(done))
}

func (c *counting) Encrypt(with Conversation, text string, done func(Result, error)) {
	c.engine.Encrypt(with, text, c.count(done))
}

func (c *counting) Query(with Conversation, f Flags, done func(Result, error)) {
	c.engine.Query(with, f, c.count(done))
}

func (c *counting) End(with Conversation, done func(Result, error)) {
	c.engine.End(with, c.count(done))
}

func (c *counting) Forget(with Conversation, done func(Result, error)) {
	c.engine.Forget(with, c.count(done))
}

func (c *counting) StartSMP(with Conversation, question, secret string, done func(Result, error)) {
	c.engine.StartSMP(with, question, secret, c.count(done))
}

func (c *counting) AnswerSMP(with Conversation, secret string, done func(Result, error)) {
	c.engine.AnswerSMP(with, secret, c.count(done))
}

func (c *counting) AbortSMP(with Conversation, done func(Result, error)) {
	c.engine.AbortSMP(with, c.count(done))
}
