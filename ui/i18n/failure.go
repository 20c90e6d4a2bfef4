package i18n

import "traboule/im"

// Failure returns why something did not happen and what to do, in one sentence or two. Templates may name {detail},
// {said} (the words of the other side), {condition}, {why} (the words for a condition, if there are any), and {fingerprint}
// and {pinned} of a server's key.
func (p *Printer) Failure(f *im.Failure) string {
	if f == nil {
		return ""
	}
	template, known := p.text.failures[f.Code]
	if !known {
		return f.Error()
	}
	return p.expand(template+p.text.words.said, func(name string) value { return p.failureValue(f, name) })
}

func (p *Printer) failureValue(f *im.Failure, name string) value {
	switch name {
	case "detail":
		return text(f.Detail)
	case "condition":
		return text(f.Condition)
	case "why":
		template := p.text.words.certificates[f.Condition]
		return text(p.expand(template, func(name string) value { return p.failureValue(f, name) }))
	case "fingerprint":
		return text(f.Fingerprint)
	case "pinned":
		return text(f.Pinned)
	case "said":
		return text(p.cited(f.Text))
	}
	return value{none: true}
}
