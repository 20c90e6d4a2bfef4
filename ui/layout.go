package ui

// The sizes from which on things have their place.
const (
	minWidth, minHeight = 40, 10 // below, only messages and input
	listFrom            = 60     // the conversations stand beside the messages
	peopleFrom          = 80     // the occupants too
	subjectFrom         = 14     // the subject has a row
	ruleFrom            = 12     // a rule parts messages and input
	hintFrom            = 14
)

// layout is where everything stands. A rectangle without cells is not drawn.
type layout struct {
	top, list, title, subject, messages, people, rule, readers, hint rect

	parts []rect // in the order of Screen.parts
	// narrow is set if the side columns have no place beside the messages.
	narrow bool
	// overlay is where a side column or the help covers the messages.
	overlay rect
}

// wishes are what a layout depends on, besides the size.
type wishes struct {
	list, people, subject bool
	parts                 []int // rows
}

// arrange shares out a screen of w by h cells.
func arrange(w, h int, want wishes) layout {
	var l layout
	l.narrow = w < listFrom
	bottom := l.placeParts(w, h, want.parts)
	if w < minWidth || h < minHeight {
		l.messages = rect{0, 0, w, bottom}
		l.overlay, l.narrow = l.messages, true
		return l
	}
	if h >= hintFrom {
		// The hints stand below the parts, which move up by a row.
		l.hint = rect{0, h - 1, w, 1}
		for i := range l.parts {
			l.parts[i].y--
		}
		bottom--
	}
	bottom--
	l.readers = rect{0, bottom, w, 1}
	if h >= ruleFrom {
		bottom--
		l.rule = rect{0, bottom, w, 1}
	}
	l.top = rect{0, 0, w, 1}
	l.placeColumns(rect{0, 1, w, bottom - 1}, h >= subjectFrom, want)
	return l
}

// placeParts puts the parts at the bottom, the last one lowest, and returns the row above which there is room. They get
// at most half of the screen; the last one, where texts are typed, always has a row and at most a third.
func (l *layout) placeParts(w, h int, rows []int) (bottom int) {
	bottom = h
	left := max(h/2, 1)
	l.parts = make([]rect, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		n := min(rows[i], left)
		if i == len(rows)-1 {
			n = min(n, max(h/3, 1))
		}
		left -= n
		bottom -= n
		l.parts[i] = rect{0, bottom, w, n}
	}
	return bottom
}

// placeColumns shares out the middle of the screen.
func (l *layout) placeColumns(at rect, roomy bool, want wishes) {
	if want.list && !l.narrow {
		l.list = rect{at.x, at.y, listWidth(at.w), at.h}
		at.x += l.list.w + 2
		at.w -= l.list.w + 2
	}
	l.title = rect{at.x, at.y, at.w, 1}
	at.y, at.h = at.y+1, at.h-1
	if want.subject && roomy {
		l.subject = rect{at.x, at.y, at.w, 1}
		at.y, at.h = at.y+1, at.h-1
	}
	l.overlay = rect{0, 1, at.x + at.w, at.y + at.h - 1}
	if screenWidth := at.x + at.w; want.people && screenWidth >= peopleFrom {
		l.people = rect{at.x + at.w - peopleWidth(screenWidth), at.y, peopleWidth(screenWidth), at.h}
		at.w -= l.people.w + 2
	}
	l.messages = at
}

func listWidth(screen int) int {
	switch {
	case screen >= 160:
		return 28
	case screen >= 100:
		return 24
	}
	return 19
}

func peopleWidth(screen int) int {
	switch {
	case screen >= 160:
		return 26
	case screen >= 100:
		return 20
	}
	return 13
}
