package ui

import (
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

const (
	// promptCells is the width of the prompt, and of the indent of the rows below it.
	promptCells = 2
	// maxHintRows is how many rows the words above the text may take.
	maxHintRows = 3
	// typingEnds is the pause after which somebody is no longer typing (XEP-0085 §5.2).
	typingEnds = 30 * time.Second
)

// input is the part in which texts are typed. It keeps what is being typed with its conversation.
type input struct {
	*tview.Box
	common
	words *i18n.Printer
	keys  *KeyMap
	// ask shows a question over the input.
	ask func(question)
	// pass takes the actions that are not for the input.
	pass func(Action)
	// sent is called after a text of the current conversation was sent.
	sent func()
	// elsewhere reports whether keys go to another part, and the cursor with them.
	elsewhere func() bool

	view    *core.View
	edit    editor
	drafts  map[core.ConversationID]editor
	told    map[core.ConversationID]string // what core has of the drafts
	met     map[core.ConversationID]bool   // conversations that have been on screen
	history history
	cycle   cycle
	// hint is what stands above the text, until the next key.
	hint      string
	hintStyle Element

	typing  bool
	saving  bool // a timer runs that keeps the draft
	changed time.Time
	// ahead is until when a command that leads to another conversation may be on its way: what is typed meanwhile is
	// meant for where it leads.
	ahead time.Time

	// What was drawn last: the cells of a row, the rows above the text, and the first row of the text.
	cells, aboveRows, top int
}

// cycle is a walk with Tab through several choices.
type cycle struct {
	completion
	before editor // the text before it
	at     int
}

func newInput(c common, words *i18n.Printer, keys *KeyMap) *input {
	return &input{
		Box: newBox(), common: c, words: words, keys: keys, sent: func() {}, ask: func(question) {}, pass: func(Action) {},
		elsewhere: func() bool { return false },
		view:      &core.View{}, drafts: map[core.ConversationID]editor{}, told: map[core.ConversationID]string{}, met: map[core.ConversationID]bool{}, cells: 1,
	}
}

// draft returns the text being typed.
func (in *input) draft() string { return in.edit.text }

func (in *input) follow(v *core.View) {
	last := in.view
	in.view = v
	switch {
	case v.Current.ID == last.Current.ID:
	case v.Current.Window == last.Current.Window && v.Current.Window != 0:
		in.history.rename(last.Current.ID, v.Current.ID)
	default:
		in.turnTo(last.Current.ID, v.Current.ID)
		in.tellDraft(last.Current.ID, in.drafts[last.Current.ID].text)
	}
	in.meet()
	if len(v.Conversations) < len(last.Conversations) {
		in.forgetClosed()
	}
}

// turnTo puts the draft of one conversation away and takes out that of another.
func (in *input) turnTo(last, next core.ConversationID) {
	in.history.leave()
	in.cycle, in.hint, in.top, in.typing = cycle{}, "", 0, false
	delete(in.drafts, last)
	typed, killed := in.edit, in.edit.killed
	in.edit = in.drafts[next]
	delete(in.drafts, next)
	in.edit.killed, in.edit.last = killed, editNone
	switch {
	case typed.text == "":
	case in.now().Before(in.ahead):
		in.edit.insert(typed.text)
	default:
		in.drafts[last] = typed
	}
	in.ahead = time.Time{}
}

// aheadTime is how long after such a command its effect is waited for: much longer than it takes, much shorter than it
// takes to think of going elsewhere.
const aheadTime = 300 * time.Millisecond

// leads reports whether a command may show another conversation at once.
func leads(c core.Command) bool {
	switch c.(type) {
	case core.Win, core.Query, core.Close, core.Join, core.Accept, core.Answer,
		core.Select, core.SelectNext, core.SelectUnread, core.ShowFound:
		return true
	}
	return false
}

// lead notes that a command leads elsewhere. What is in the input by then stays with its conversation, and so does what is
// added to it.
func (in *input) lead() {
	if in.edit.text == "" {
		in.ahead = in.now().Add(aheadTime)
	}
}

// give gives a command in the conversation on screen, or where the last command leads.
func (in *input) give(c core.Command) {
	if !in.now().Before(in.ahead) {
		c = core.At{Window: in.view.Current.Window, Command: c}
	}
	in.send(c)
}

// forgetClosed drops drafts and sent lines of conversations that have no window any more.
func (in *input) forgetClosed() {
	open := map[core.ConversationID]bool{}
	for _, c := range in.view.Conversations {
		open[c.ID] = true
	}
	gone := func(id core.ConversationID) bool { return !open[id] }
	maps.DeleteFunc(in.drafts, func(id core.ConversationID, _ editor) bool { return gone(id) })
	maps.DeleteFunc(in.told, func(id core.ConversationID, _ string) bool { return gone(id) })
	maps.DeleteFunc(in.met, func(id core.ConversationID, _ bool) bool { return gone(id) })
	in.history.forget(gone)
}

// InputHandler takes keys.
func (in *input) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return in.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) {
		if !in.key(ev) {
			in.pass(in.keys.action(ev))
		}
	})
}

// endCompletion leaves the choice as it is.
func (in *input) endCompletion() { in.cycle = cycle{} }

func (in *input) key(ev *tcell.EventKey) bool {
	action := in.keys.action(ev)
	if action != ActComplete && action != ActCompleteBack && action != ActCancel {
		in.cycle = cycle{}
	}
	if r, isText := typedRune(ev); isText {
		in.hint = ""
		in.insert(string(r))
		return true
	}
	return in.do(action)
}

// do carries an action out and reports whether it was one of the input's.
func (in *input) do(a Action) bool {
	hint := in.hint
	in.hint = ""
	switch a {
	case ActSend:
		in.submit()
	case ActNewline:
		in.insert("\n")
	case ActComplete:
		in.complete(1)
	case ActCompleteBack:
		in.complete(-1)
	case ActUp:
		in.up()
	case ActDown:
		in.down()
	case ActCancel:
		return in.cancel(hint)
	case ActAbort:
		in.abort()
	default:
		return in.editBy(a, hint)
	}
	return true
}

// editBy carries out an action of the editor alone.
func (in *input) editBy(a Action, hint string) bool {
	act := editorAction(a)
	isScroll := in.edit.text == "" && (a == ActLineStart || a == ActLineEnd) // Home and End are for the messages then
	if act == nil || isScroll {
		in.hint = hint
		return false
	}
	text := in.edit.text
	act(&in.edit)
	if in.edit.text != text {
		in.touched()
	}
	return true
}

// editorAction returns what an action does to the text, nil if it is not about it.
func editorAction(a Action) func(*editor) {
	switch a {
	case ActLeft:
		return (*editor).left
	case ActRight:
		return (*editor).right
	case ActWordLeft:
		return (*editor).wordLeft
	case ActWordRight:
		return (*editor).wordRight
	case ActLineStart:
		return (*editor).lineStart
	case ActLineEnd:
		return (*editor).lineEnd
	case ActDeleteLeft:
		return (*editor).deleteLeft
	case ActDeleteRight:
		return (*editor).deleteRight
	case ActDeleteWordLeft:
		return (*editor).killWordLeft
	case ActDeleteWordRight:
		return (*editor).killWordRight
	case ActDeleteToSpace:
		return (*editor).killSpaceLeft
	case ActDeleteToStart:
		return (*editor).killLineLeft
	case ActDeleteToEnd:
		return (*editor).killLineRight
	case ActYank:
		return func(e *editor) { e.yank() }
	case ActTranspose:
		return (*editor).transpose
	case ActUndo:
		return (*editor).undo
	}
	return nil
}

// abort takes the text away. Whoever presses the key to leave the client learns how.
func (in *input) abort() {
	if in.edit.text == "" {
		in.say(NoticeText, in.words.Text(i18n.HowToQuit))
	}
	in.edit.killAll()
	in.history.leave()
	in.touched()
}

func (in *input) insert(s string) {
	whole := in.edit.insert(s)
	in.touched()
	if !whole {
		in.say(WarningText, in.words.Text(i18n.InputFull))
	}
}

// say puts words above the text.
func (in *input) say(e Element, words string) { in.hint, in.hintStyle = words, e }

// cancel takes away what stands above the text, and undoes a completion; hint is what stood there.
func (in *input) cancel(hint string) bool {
	if len(in.cycle.choices) > 0 {
		in.edit = in.cycle.before
		in.cycle = cycle{}
		return true
	}
	return hint != ""
}

// submit sends the text, or keeps it and says why it cannot.
func (in *input) submit() {
	text := in.edit.text
	if strings.TrimSpace(text) == "" {
		return
	}
	command, err := core.Parse(text)
	if err != nil {
		in.say(ErrorText, in.explain(err))
		return
	}
	in.history.add(in.view.Current.ID, text, command)
	in.edit.clear()
	in.tellDraft(in.view.Current.ID, "")
	if core.CarriesSecret(command) {
		in.edit.killed = ""
	}
	in.deliver(command)
}

// explain words why a text is no command.
func (in *input) explain(err error) string {
	var fault *core.CommandError
	if errors.As(err, &fault) {
		return in.words.Notice(fault.Notice())
	}
	return err.Error()
}

// deliver gives commands to the client.
func (in *input) deliver(commands ...core.Command) {
	for _, c := range commands {
		if _, speaks := c.(core.Say); !speaks {
			in.stopTyping()
		}
		in.give(c)
	}
	in.typing, in.top = false, 0
	in.sent()
}

// complete goes n choices further, or begins with the first.
func (in *input) complete(n int) {
	if len(in.cycle.choices) == 0 {
		in.cycle = cycle{complete(in.edit.text, in.edit.cursor, in.view, in.words), in.edit, -1}
		if n < 0 {
			in.cycle.at = 0
		}
	}
	choices := len(in.cycle.choices)
	if choices == 0 {
		return
	}
	in.cycle.at = (in.cycle.at + n + choices) % choices
	in.edit = in.cycle.before
	in.edit.replace(in.cycle.start, in.cycle.end, in.cycle.choices[in.cycle.at].text)
	if choices == 1 {
		in.cycle = cycle{}
	}
	in.touched()
}

// up goes a row up, and above the first to the line sent before.
func (in *input) up() {
	rows := textRows(in.edit.text, in.cells)
	if at := rowAt(rows, in.edit.cursor); at > 0 {
		in.moveToRow(rows, at, at-1)
		return
	}
	if line, found := in.history.older(in.view.Current.ID, in.edit.text); found {
		in.edit.set(line)
	}
}

func (in *input) down() {
	rows := textRows(in.edit.text, in.cells)
	if at := rowAt(rows, in.edit.cursor); at < len(rows)-1 {
		in.moveToRow(rows, at, at+1)
		return
	}
	if line, found := in.history.newer(in.view.Current.ID); found {
		in.edit.set(line)
	}
}

func (in *input) moveToRow(rows []textRow, from, to int) {
	cell := rows[from].cellAt(in.edit.text, in.edit.cursor)
	offset := rows[to].offsetAt(in.edit.text, cell)
	if to+1 < len(rows) && offset == rows[to+1].start {
		offset = before(in.edit.text, offset) // a broken row has no place behind its last cluster
	}
	in.edit.moveTo(offset)
}
