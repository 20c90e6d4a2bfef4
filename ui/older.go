package ui

import (
	"traboule/core"
	"traboule/ui/i18n"
)

// olderRows returns what stands above the oldest line: whether there is more, and how to have it.
func (m *messages) olderRows() []row {
	w := m.window
	text, style := "", m.theme.style(Faint)
	switch w.Older {
	case core.OlderMore:
		text = m.printer.Format(i18n.OlderMore, m.keys.Key(ActScrollUp))
	case core.OlderLoading:
		text = m.printer.Text(i18n.OlderLoading)
	case core.OlderFailed:
		why := ""
		if w.OlderErr != nil {
			why = m.printer.Failure(w.OlderErr)
		}
		text, style = m.printer.Format(i18n.OlderFailed, why, m.keys.Key(ActScrollUp)), m.theme.style(ErrorText)
	case core.OlderFull:
		text = m.printer.Text(i18n.OlderFull)
	default:
		return nil
	}
	return wrap([]span{{text, style}}, max(m.width, 1))
}

// reach asks for what was said before, if the place from where there is more is in sight.
func (m *messages) reach() {
	top := m.topInSight()
	if top == 0 && (m.window.Older == core.OlderMore || m.window.Older == core.OlderFailed) {
		m.older(core.Older{})
		return
	}
	log := m.window.Log
	last, _ := m.bottom()
	for i := last; i >= top && i >= 0; i-- {
		if line := log.At(i); line.IsGap() && line.Notice.Code != core.NoticeHistoryGapLoading {
			m.older(core.Older{Line: line.Seq})
			return
		}
	}
}

// topInSight returns the index of the highest line of which a row is in sight; -1 if there is none.
func (m *messages) topInSight() int {
	i, hidden := m.bottom()
	for y := m.height; i >= 0; {
		e := m.entryAt(i)
		if y -= len(e.rows) - hidden; y <= 0 || e.first == 0 {
			return e.first
		}
		i, hidden = e.first-1, 0
	}
	return -1
}
