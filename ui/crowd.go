package ui

import (
	"strings"

	"traboule/ui/i18n"
)

// crowdRow tells of many comings and goings on one row: with names while they fit, in numbers beyond that. It has one row
// however long the run gets, so that it never pushes anything away.
func (m *messages) crowdRow(first, last int) row {
	style := m.theme.style(NoticeText)
	line := m.window.Log.At(last)
	room := m.width - m.columns().indent()
	text := m.crowdNames(first, last, room)
	if text == "" {
		text = m.crowdNumbers(first, last)
	}
	h := head{time: line.Time, mark: " ", markStyle: style, prefix: row{{"- ", style}}}
	return m.layOut(h, []span{{text, style}})[0]
}

// crowdNames names everybody, or returns nothing if that does not fit.
func (m *messages) crowdNames(first, last, room int) string {
	var came, left []string
	for i, used := first, 0; i <= last; i++ {
		l := m.window.Log.At(i)
		if used += width(l.Notice.Nick) + 2; used > room {
			return ""
		}
		if coming(l) > 0 {
			came = append(came, l.Notice.Nick)
		} else {
			left = append(left, l.Notice.Nick)
		}
	}
	text := m.crowdText(i18n.JoinedNames, strings.Join(came, ", "), i18n.LeftNames, strings.Join(left, ", "))
	if width(text) > room {
		return ""
	}
	return text
}

func (m *messages) crowdNumbers(first, last int) string {
	came, left := 0, 0
	for i := first; i <= last; i++ {
		if coming(m.window.Log.At(i)) > 0 {
			came++
		} else {
			left++
		}
	}
	var parts []string
	if came > 0 {
		parts = append(parts, m.printer.Format(i18n.JoinedCount, came))
	}
	if left > 0 {
		parts = append(parts, m.printer.Format(i18n.LeftCount, left))
	}
	return strings.Join(parts, ", ")
}

func (m *messages) crowdText(came i18n.Key, names string, left i18n.Key, others string) string {
	var parts []string
	if names != "" {
		parts = append(parts, m.printer.Format(came, names))
	}
	if others != "" {
		parts = append(parts, m.printer.Format(left, others))
	}
	return strings.Join(parts, " · ")
}
