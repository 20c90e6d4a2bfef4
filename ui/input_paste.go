package ui

import (
	"strings"

	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// PasteHandler takes pasted texts.
func (in *input) PasteHandler() func(string, func(tview.Primitive)) {
	return in.WrapPasteHandler(func(text string, _ func(tview.Primitive)) { in.paste(text) })
}

// paste takes a pasted text. Several lines are not put into the text before somebody has said what is to become of them.
func (in *input) paste(raw string) {
	p := cleanPaste(raw)
	in.cycle, in.hint = cycle{}, ""
	switch {
	case p.text == "":
	case p.asks():
		in.ask(in.pasteQuestion(p))
	default:
		in.insert(p.text)
	}
	if p.cut {
		in.say(WarningText, in.words.Text(i18n.PasteCut))
	}
}

// pasteQuestion asks what is to become of several lines. Looking at them first is what cannot go wrong.
func (in *input) pasteQuestion(p pasted) question {
	lines := p.lines()
	q := question{
		title:  in.words.Format(i18n.PasteAsk, len(lines)),
		detail: p.text,
		answers: []answer{
			{in.words.Text(i18n.PasteEdit), func() { in.insert(p.text) }},
			{in.words.Text(i18n.PasteSendOne), func() { in.sendPasted(p) }},
		},
	}
	if in.edit.text == "" && len(lines) <= maxPasteLines {
		q.answers = append(q.answers, answer{in.words.Format(i18n.PasteSendLines, len(lines)), func() { in.deliver(said(lines)...) }})
	}
	q.answers = append(q.answers, answer{in.words.Text(i18n.Cancel), func() {}})
	q.escape = len(q.answers) - 1
	return q
}

// sendPasted sends the text with the paste in it, as one message. A paste alone is said, whatever it begins with: only
// what was typed can be a command.
func (in *input) sendPasted(p pasted) {
	if strings.TrimSpace(in.edit.text) == "" {
		in.edit.clear()
		in.deliver(core.Say{Text: p.text})
		return
	}
	in.insert(p.text)
	if in.hint == "" {
		in.submit()
	}
}
