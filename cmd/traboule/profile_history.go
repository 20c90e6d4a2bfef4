package main

import (
	"context"
	"strconv"

	"traboule/im"
	"traboule/ui/i18n"
)

// parseHistory reads how long what is said is kept: "off", "on" or a number of days.
func parseHistory(text string) (im.HistoryPolicy, error) {
	switch text {
	case "off":
		return im.HistoryPolicy{Mode: im.HistoryOff}, nil
	case "on":
		return im.HistoryPolicy{Mode: im.HistoryOn}, nil
	}
	days, err := strconv.Atoi(text)
	if err != nil || days < 1 || days > im.MaxHistoryDays {
		return im.HistoryPolicy{}, &usageError{kind: badHistory, value: text}
	}
	return im.HistoryPolicy{Mode: im.HistoryDays, Days: days}, nil
}

// askHistory asks how long what is said is to be kept. Nothing is, unless somebody says so.
func (c *profile) askHistory(ctx context.Context) (im.HistoryPolicy, error) {
	off := im.HistoryPolicy{Mode: im.HistoryOff}
	switch {
	case c.history != "":
		return parseHistory(c.history)
	case !c.asker.canAsk():
		return off, nil
	}
	prompt := i18n.ProfileAskHistory
	for {
		answer, err := c.asker.line(ctx, c.printer.Text(prompt))
		if err != nil || answer == "" {
			return off, err
		}
		if policy, err := parseHistory(c.historyWord(answer)); err == nil {
			return policy, nil
		}
		prompt = i18n.ProfileAskHistoryAgain
	}
}

// historyWord is an answer as the command line has it.
func (c *profile) historyWord(answer string) string {
	switch answer {
	case c.printer.Text(i18n.ProfileYes):
		return "on"
	case c.printer.Text(i18n.ProfileNo):
		return "off"
	}
	return answer
}
