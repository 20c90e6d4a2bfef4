package ui

import (
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

const (
	// panelQuiet is how long a new question leaves all keys to the input, and how long the keyboard must have been quiet
	// before it takes one: whoever is typing has not read it yet.
	panelQuiet = 500 * time.Millisecond
	// maxDetailRows is how many rows of what a question is about are shown.
	maxDetailRows = 4
	// maxQuestions bounds how many questions of the screen's own wait.
	maxQuestions = 8
)

// question is asked in a panel above the input.
type question struct {
	title  string
	detail string // what it is about, often in foreign words
	// answers stand in the order shown. The first one is the safe one: Enter alone gives it.
	answers []answer
	escape  int // the answer that Esc gives
}

type answer struct {
	label string
	give  func()
}

// panel shows questions, one at a time, those of the screen before those of core. It never takes a key that was meant for
// the input: letters always go there, and all keys do until the keyboard has been quiet since the question came up.
type panel struct {
	*tview.Box
	common
	words *i18n.Printer
	keys  *KeyMap
	// prepare puts a text into the input of a conversation, if nothing is typed there.
	prepare func(core.ConversationID, string)

	own    []question
	asked  []core.Question
	putOff map[uint64]bool

	current *question // on screen, nil for none
	id      uint64    // of core's question, 0 for one of the screen's own
	chosen  int
	ready   time.Time // when it takes keys
	drawn   []placedAnswer
}

// placedAnswer is where an answer was drawn, for the mouse.
type placedAnswer struct {
	index, row, from, to int
}

func newPanel(c common, words *i18n.Printer, keys *KeyMap) *panel {
	return &panel{Box: newBox(), common: c, words: words, keys: keys, putOff: map[uint64]bool{}, prepare: func(core.ConversationID, string) {}}
}

// ask shows a question, after those that wait already.
func (q *panel) ask(new question) {
	if len(q.own) < maxQuestions {
		q.own = append(q.own, new)
	}
	q.show()
}

// leave gives the safe answer to the screen's own questions: they were about the conversation that is left now, and an
// answer given later would send what was pasted there to somebody else.
func (q *panel) leave() {
	for len(q.own) > 0 {
		first := q.own[0]
		q.own = q.own[1:]
		first.answers[0].give()
	}
	q.show()
}

func (q *panel) follow(v *core.View) {
	q.asked = v.Questions
	still := map[uint64]bool{}
	for _, a := range v.Questions {
		if q.putOff[a.ID] {
			still[a.ID] = true
		}
	}
	q.putOff = still
	q.show()
}

// show puts the next question on screen, unless one is there that still waits.
func (q *panel) show() {
	if q.current != nil && q.waits() {
		return
	}
	q.current, q.id, q.chosen, q.drawn = nil, 0, 0, nil
	if len(q.own) > 0 {
		q.current = &q.own[0]
	} else {
		q.current, q.id = q.next()
	}
	q.ready = q.now().Add(panelQuiet)
}

// waits reports whether the question on screen is still unanswered.
func (q *panel) waits() bool {
	if q.id == 0 {
		return len(q.own) > 0
	}
	for _, a := range q.asked {
		if a.ID == q.id {
			return !q.putOff[a.ID]
		}
	}
	return false
}

// next returns the first of core's questions that was not put off.
func (q *panel) next() (*question, uint64) {
	for _, a := range q.asked {
		if !q.putOff[a.ID] {
			asked := q.word(a)
			return &asked, a.ID
		}
	}
	return nil, 0
}

// word puts a question of core into words.
func (q *panel) word(a core.Question) question {
	title, yes, no, who := i18n.AskSubscription, i18n.AnswerAccept, i18n.AnswerRefuse, a.From
	give := func(yes bool) func() {
		return func() { q.send(core.Answer{Question: a.ID, Yes: yes}) }
	}
	agree := give(true)
	switch a.Kind {
	case core.AskInvitation:
		title, yes, no = i18n.AskInvitation, i18n.AnswerJoin, i18n.AnswerDecline
	case core.AskBookmark:
		title, yes, no = i18n.AskBookmark, i18n.AnswerJoin, i18n.AnswerDecline
	case core.AskOTR:
		title, yes, who = i18n.AskOTR, i18n.AnswerEncrypt, a.Conversation.Peer
	case core.AskSMP:
		title, yes, who = i18n.AskSMP, i18n.AnswerProve, a.Conversation.Peer
		if a.Text == "" {
			title = i18n.AskSecret
		}
		agree = func() {
			q.prepare(a.Conversation, answerCommand)
			give(true)()
		}
	}
	return question{
		title:  q.words.Format(title, core.CleanJID(who), core.CleanJID(a.Room)),
		detail: a.Text,
		answers: []answer{
			{q.words.Text(i18n.AnswerLater), func() {}},
			{q.words.Text(yes), agree},
			{q.words.Text(no), give(false)},
		},
	}
}

// answerCommand begins the command that answers a question of AskSMP.
const answerCommand = "/otr answer "

func (q *panel) key(ev *tcell.EventKey) bool {
	if q.current == nil {
		return false
	}
	now := q.now()
	if now.Before(q.ready) || !q.navigate(ev) {
		q.ready = now.Add(panelQuiet)
		return false
	}
	return true
}

// navigate handles a key and reports whether it is one of the panel's.
func (q *panel) navigate(ev *tcell.EventKey) bool {
	n := len(q.current.answers)
	switch q.keys.action(ev) {
	case ActLeft, ActUp, ActCompleteBack:
		q.chosen = (q.chosen + n - 1) % n
	case ActRight, ActDown, ActComplete:
		q.chosen = (q.chosen + 1) % n
	case ActSend:
		q.answer(q.chosen)
	case ActCancel, ActAbort:
		q.answer(q.current.escape)
	default:
		return false
	}
	return true
}

// answer gives an answer to the question on screen and shows the next one.
func (q *panel) answer(i int) {
	give := q.current.answers[i].give
	if q.id == 0 {
		q.own = q.own[1:]
	} else {
		q.putOff[q.id] = true
	}
	q.current = nil
	give()
	q.show()
}

// InputHandler takes the keys that answer.
func (q *panel) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return q.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) { q.key(ev) })
}

// MouseHandler takes presses on an answer.
func (q *panel) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(q.Box, q.press, nil)
}

// press gives the answer at a place of the screen.
func (q *panel) press(x, y int) bool {
	at, _ := placeOf(q.Box)
	q.click(x-at.x, y-at.y)
	return true
}

func (q *panel) click(x, y int) {
	for _, a := range q.drawn {
		if y == a.row && x >= a.from && x < a.to && !q.now().Before(q.ready) {
			q.answer(a.index)
			return
		}
	}
}

func (q *panel) rows(width int) int {
	if q.current == nil {
		return 0
	}
	_, height := q.place(width)
	return len(q.text(width)) + height
}

// text returns the rows of the question itself.
func (q *panel) text(width int) []row {
	rows := wrap([]span{{q.current.title, q.theme.style(Panel)}}, width)
	if q.current.detail == "" {
		return rows
	}
	detail := wrap([]span{{q.current.detail, q.theme.style(Text)}}, max(width-promptCells, 1))
	if len(detail) > maxDetailRows {
		detail = append(detail[:maxDetailRows-1], row{{"…", q.theme.style(Faint)}})
	}
	for _, r := range detail {
		rows = append(rows, append(row{{"│ ", q.theme.style(Faint)}}, r...))
	}
	return rows
}

// place puts the answers beside each other, on as many rows as they need.
func (q *panel) place(cells int) (placed []placedAnswer, rows int) {
	x, y := 0, 0
	for i, a := range q.current.answers {
		w := min(width(a.label)+2, cells)
		if x > 0 && x+w > cells {
			x, y = 0, y+1
		}
		placed = append(placed, placedAnswer{i, y, x, x + w})
		x += w + 1
	}
	return placed, y + 1
}

// Draw draws the question on screen.
func (q *panel) Draw(screen tcell.Screen) {
	q.DrawForSubclass(screen, q)
	if at, visible := placeOf(q.Box); visible && q.current != nil {
		q.draw(painter{screen}, at)
	}
}

// draw fills the rectangle. Where there is not room for all, the answers come before the words.
func (q *panel) draw(p painter, at rect) {
	placed, height := q.place(at.w)
	text := q.text(at.w)
	text = text[:min(len(text), max(0, at.h-height))]
	for i, r := range text {
		p.row(at.x, at.y+i, at.w, r)
	}
	q.drawn = placed
	for i := range q.drawn {
		q.drawn[i].row += len(text)
		q.drawAnswer(p, at, q.drawn[i])
	}
}

// drawAnswer draws an answer, the chosen one in brackets, as colours and reversal may not show.
func (q *panel) drawAnswer(p painter, at rect, a placedAnswer) {
	if a.row >= at.h {
		return
	}
	label, style := " "+q.current.answers[a.index].label+" ", q.theme.style(Text)
	if a.index == q.chosen {
		label, style = "["+q.current.answers[a.index].label+"]", q.theme.style(PanelChoice)
	}
	p.fit(at.x+a.from, at.y+a.row, a.to-a.from, label, style)
}
