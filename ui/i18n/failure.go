package i18n

import "traboule/im"

// Failure returns why something did not happen and what to do, in one sentence or two. Templates may name {detail},
// {said} (the words of the other side) and {condition}.
func (p *Printer) Failure(f *im.Failure) string {
	if f == nil {
		return ""
	}
	template, known := p.text.failures[f.Code]
	if !known {
		return f.Error()
	}
	return p.expand(template+p.text.words.said, func(name string) value {
		switch name {
		case "detail":
			return text(f.Detail)
		case "condition":
			return text(f.Condition)
		case "said":
			return text(p.cited(f.Text))
		}
		return value{none: true}
	})
}
