package core

// doHelp answers with all commands, or one.
func (c *Core) doHelp(d Help) {
	if d.Topic == "" {
		c.answer(Notice{Code: NoticeHelp})
		return
	}
	name := commandName(d.Topic)
	if row := lookup(name); row != nil {
		c.answer(Notice{Code: NoticeHelp, Text: row.Name})
		return
	}
	c.refuse(Notice{Code: NoticeUnknownCommand, Text: CleanName(name), Suggestion: nearest(name)})
}
