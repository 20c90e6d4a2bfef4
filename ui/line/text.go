package line

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// text is the form for people:
//
//	14:02 grenoble@conference.localhost <hubert> salut
//	14:02 grenoble@conference.localhost * <hubert> danse
//	14:02 paulette@localhost (encrypted, verified) <paulette> salut
//	14:02 [3] grenoble@conference.localhost <hubert> salut
//	14:02 -!- grenoble@conference.localhost tigrou joined
//
// One event is one line: a line feed inside a text shows as ⏎. What follows the first "> " of a message is its text;
// nothing before it can be forged, because neither a conversation nor a nickname is printed with angle brackets of its own,
// and a conversation holds no space. With several accounts, the account stands before the conversation, in parentheses.
type text struct {
	printer *i18n.Printer
	now     func() time.Time
	// day is that of the line printed last; another one is announced.
	day time.Time
	// several is set if there is more than one account.
	several bool
	// said is what was printed last of what concerns no account: it stands in the console of each.
	said *core.Notice
}

const event = "-!- "

func (t *text) facts(out *bytes.Buffer, u core.Update) {
	t.several = len(u.View.Accounts) > 1
	for _, fact := range u.Facts {
		switch f := fact.(type) {
		case core.LineAdded:
			t.line(out, f.Conversation, f.Line)
		case core.LineChanged:
			if f.Line.State == core.StateFailed {
				t.failed(out, f.Conversation, f.Line)
			}
		case core.HistoryFact:
			t.history(out, f)
		case core.MessageFact:
			// A correction that found its message changed a line rather than adding one.
			if f.Replaces != "" && f.Line.Edited {
				t.message(out, f.Conversation, f.Line, t.now())
			}
		}
	}
}

func (t *text) say(out *bytes.Buffer, n *core.Notice) {
	t.notice(out, core.ConversationID{Account: n.Account}, n, t.now())
}

// line prints a line that is new in a conversation.
func (t *text) line(out *bytes.Buffer, id core.ConversationID, line *core.Line) {
	if n := line.Notice; n != nil {
		if id.IsConsole() && n.Account.IsZero() {
			if n == t.said {
				return
			}
			t.said, id = n, core.ConversationID{}
		}
		t.notice(out, id, n, line.Time)
		return
	}
	t.message(out, id, line, line.Time)
}

// history prints an old message that was asked for, with the number by which a search has found it.
func (t *text) history(out *bytes.Buffer, f core.HistoryFact) {
	t.begin(out, f.Line.Time)
	if f.Number > 0 {
		out.WriteString("[" + strconv.Itoa(f.Number) + "] ")
	} else {
		out.WriteString("[·] ")
	}
	t.words(out, f.Conversation, f.Line)
}

func (t *text) message(out *bytes.Buffer, id core.ConversationID, line *core.Line, at time.Time) {
	t.begin(out, at)
	t.words(out, id, line)
}

// words prints a message as it stands behind the time.
func (t *text) words(out *bytes.Buffer, id core.ConversationID, line *core.Line) {
	t.where(out, id)
	if marks := t.marks(line); len(marks) > 0 {
		out.WriteString("(" + strings.Join(marks, ", ") + ") ")
	}
	if line.Action {
		out.WriteString("* ")
	}
	out.WriteString("<" + name(line.From) + "> " + single(line.Body))
	out.WriteByte('\n')
}

// marks returns what a reader should know about a message before its text.
func (t *text) marks(line *core.Line) []string {
	var marks []string
	if line.Encryption != 0 {
		marks = append(marks, t.printer.Protection(line.Encryption, line.Trust))
	}
	if line.Warning != core.NoWarning {
		marks = append(marks, t.printer.Warning(line.Warning))
	}
	if line.Edited {
		marks = append(marks, t.printer.Text(i18n.Edited))
	}
	return marks
}

// notice prints what the client says; the rows of a list are lines of their own.
func (t *text) notice(out *bytes.Buffer, id core.ConversationID, n *core.Notice, at time.Time) {
	for i, sentence := range t.printer.NoticeLines(n) {
		t.begin(out, at)
		out.WriteString(event)
		t.where(out, id)
		if i > 0 {
			out.WriteString("  ")
		}
		out.WriteString(single(sentence))
		out.WriteByte('\n')
	}
}

// failed prints that a message of ours was not sent, or that nobody knows.
func (t *text) failed(out *bytes.Buffer, id core.ConversationID, line *core.Line) {
	t.begin(out, t.now())
	out.WriteString(event)
	t.where(out, id)
	words := i18n.LineFailed
	if line.Err != nil && line.Err.Code == im.CodeUnconfirmed {
		words = i18n.LineUnconfirmed
	}
	out.WriteString(single(t.printer.Format(words, line.Body, t.printer.Failure(line.Err))))
	out.WriteByte('\n')
}

// begin prints the time of a line, and before it the day if it is another than that of the line before.
func (t *text) begin(out *bytes.Buffer, at time.Time) {
	if t.day.IsZero() {
		t.day = t.now()
	}
	clock := t.printer.Clock(at)
	if !t.printer.SameDay(t.day, at) {
		out.WriteString(clock + " " + event + t.printer.FullDay(at) + "\n")
	}
	t.day = at
	out.WriteString(clock + " ")
}

// where prints the conversation, unless it is the client's own.
func (t *text) where(out *bytes.Buffer, id core.ConversationID) {
	if t.several && !id.Account.IsZero() {
		out.WriteString("(" + address(core.CleanJID(id.Account)) + ") ")
	}
	if !id.IsConsole() {
		out.WriteString(address(core.CleanJID(id.Peer)) + " ")
	}
}

// address returns an address as one word that cannot be taken for another column.
func address(s string) string {
	if s == strings.TrimSpace(event) {
		return "?"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '␣'
		}
		return r
	}, name(s))
}

// name returns a name that cannot be taken for the end of itself.
func name(s string) string {
	return strings.NewReplacer("<", "‹", ">", "›").Replace(single(s))
}

// single returns s as one line that holds nothing but visible characters and what joins them. Core has cleaned all text
// before; this is the last gate before a terminal.
func single(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return '⏎'
		case r == '\t':
			return ' '
		case !printable(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// printable reports whether a rune may be printed as it is: no control, no separator of lines, no direction mark, no tag.
// Of the invisible ones only the joiners of letters and emoji may.
func printable(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == zeroWidthNonJoiner || r == zeroWidthJoiner
}
