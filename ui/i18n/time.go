package i18n

import (
	"strconv"
	"time"
)

// Clock returns a time of day, "14:02" in both languages.
func (p *Printer) Clock(t time.Time) string { return t.In(p.zone).Format("15:04") }

// Day returns a day in words: "Saturday 21 November", "samedi 21 novembre".
func (p *Printer) Day(t time.Time) string {
	t = t.In(p.zone)
	day := strconv.Itoa(t.Day())
	if p.lang == French && t.Day() == 1 {
		day = "1er"
	}
	return p.text.words.days[t.Weekday()] + " " + day + " " + p.text.words.months[t.Month()-1]
}

// FullDay returns a day in words, with the year: "Saturday 21 November 2026".
func (p *Printer) FullDay(t time.Time) string {
	return p.Day(t) + " " + strconv.Itoa(t.In(p.zone).Year())
}

// Date returns a day as it is typed in a search: "2026-11-21".
func (p *Printer) Date(t time.Time) string { return t.In(p.zone).Format(time.DateOnly) }

// SameDay reports whether two times fall on one day for the reader.
func (p *Printer) SameDay(a, b time.Time) bool {
	ay, am, ad := a.In(p.zone).Date()
	by, bm, bd := b.In(p.zone).Date()
	return ay == by && am == bm && ad == bd
}

// SameYear reports whether two times fall in one year for the reader.
func (p *Printer) SameYear(a, b time.Time) bool { return a.In(p.zone).Year() == b.In(p.zone).Year() }

// Duration returns a span in the largest unit that fits: "40 s", "3 min", "2 h".
func (p *Printer) Duration(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return p.Number(int((d+time.Second-1)/time.Second)) + "\u00a0s"
	case d < 90*time.Minute:
		return p.Number(int((d+30*time.Second)/time.Minute)) + "\u00a0min"
	default:
		return p.Number(int((d+30*time.Minute)/time.Hour)) + "\u00a0h"
	}
}
