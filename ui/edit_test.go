package ui

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// play types a script into an editor: text goes in as it is, words in angle brackets are calls.
func play(e *editor, script string) {
	for script != "" {
		if name, rest, found := strings.Cut(strings.TrimPrefix(script, "<"), ">"); script[0] == '<' && found {
			editCalls[name](e)
			script = rest
			continue
		}
		_, n := utf8.DecodeRuneInString(script)
		e.insert(script[:n])
		script = script[n:]
	}
}

var editCalls = map[string]func(*editor){
	"left": (*editor).left, "right": (*editor).right, "word-left": (*editor).wordLeft, "word-right": (*editor).wordRight,
	"start": (*editor).lineStart, "end": (*editor).lineEnd, "bs": (*editor).deleteLeft, "del": (*editor).deleteRight,
	"kill-word-left": (*editor).killWordLeft, "kill-word-right": (*editor).killWordRight, "ctrl-w": (*editor).killSpaceLeft,
	"ctrl-u": (*editor).killLineLeft, "ctrl-k": (*editor).killLineRight, "kill-all": (*editor).killAll,
	"yank": func(e *editor) { e.yank() }, "ctrl-t": (*editor).transpose, "undo": (*editor).undo, "clear": (*editor).clear,
}

func marked(e *editor) string { return e.text[:e.cursor] + "|" + e.text[e.cursor:] }

func TestEditor(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"typing", "salut", "salut|"},
		{"in the middle", "slt<left><left>a<right>u", "salu|t"},
		{"left of the start", "a<left><left>b", "b|a"},
		{"right of the end", "a<right>b", "ab|"},
		{"accent joins its letter", "e\u0301t<left><left>x", "x|e\u0301t"},
		{"backspace takes letter and accent", "te\u0301<bs>", "t|"},
		{"family is one step", "a👩‍👩‍👧b<left><left>|", "a||👩‍👩‍👧b"},
		{"delete a family", "a👩‍👩‍👧b<left><bs>", "a|b"},
		{"flags", "🇫🇷🇩🇪<bs>", "🇫🇷|"},
		{"wide", "日本<left><del>", "日|"},
		{"start and end", "un deux<start>x<end>y", "xun deuxy|"},
		{"words", "un, deux trois<word-left><word-left>x", "un, x|deux trois"},
		{"word right", "un, deux<start><word-right><word-right>x", "un, deuxx|"},
		{"ctrl-w takes to the space", "cd a/b.c<ctrl-w>", "cd |"},
		{"ctrl-w over trailing space", "cd a/b.c  <ctrl-w>", "cd |"},
		{"ctrl-w at a no-break space", "ça\u00a0va<ctrl-w>", "ça\u00a0|"},
		{"ctrl-w at the start", "<ctrl-w>a", "a|"},
		{"alt-backspace takes a word", "cd a/b.c<kill-word-left>", "cd a/b.|"},
		{"alt-d", "un deux<start><kill-word-right>", "| deux"},
		{"ctrl-u and yank", "un deux<left><ctrl-u>x<yank>", "xun deu|x"},
		{"ctrl-k and yank", "un deux<word-left><ctrl-k><start><yank>", "deux|un "},
		{"kills in a row join", "un deux trois<ctrl-w><ctrl-w>:<yank>", "un :deux trois|"},
		{"kills forward join", "un deux trois<start><kill-word-right><kill-word-right><end><yank>", " troisun deux|"},
		{"a move parts kills", "un deux<ctrl-w><left><ctrl-w>x<yank>", "xun| "},
		{"transpose the last", "slau<left><ctrl-t>", "slua|"},
		{"transpose at the end", "salt<ctrl-t>", "satl|"},
		{"transpose", "aslut<start><right><ctrl-t>", "sa|lut"},
		{"transpose at the start", "ab<start><ctrl-t>", "|ab"},
		{"transpose one", "a<ctrl-t>", "a|"},
		{"transpose clusters", "e\u0301日<ctrl-t>", "日e\u0301|"},
		{"undo a word", "un deux<undo>", "un|"},
		{"undo all", "un deux<undo><undo><undo><undo>", "|"},
		{"undo a kill", "un deux<ctrl-u><undo>", "un deux|"},
		{"yank survives clear", "un<ctrl-u><clear><yank>", "un|"},
		{"undo does not cross clear", "secret<clear><undo>", "|"},
		{"lines", "un\ndeux<start>x", "un\nx|deux"},
		{"left over a line break", "un\ndeux<start><left>x", "unx|\ndeux"},
		{"ctrl-k takes the line break at the end", "un\ndeux<start><left><ctrl-k>", "un|deux"},
		{"ctrl-u keeps to its line", "un\ndeux<ctrl-u>", "un\n|"},
		{"transpose does not cross lines", "un\nd<start><ctrl-t>", "un\n|d"},
		{"escape is dropped", "a\x1b[31mb", "a[31mb|"},
		{"NUL, DEL and C1 are dropped", "a\x00\x7f\u009bb", "ab|"},
		{"carriage return is dropped", "a\rb", "ab|"},
		{"direction is not turned", "a\u202eb\u2066c", "abc|"},
		{"joiners are kept", "می\u200cخواهم", "می\u200cخواهم|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var e editor
			play(&e, tt.script)
			if got := marked(&e); got != tt.want {
				t.Errorf("%q gives %q, want %q", tt.script, got, tt.want)
			}
		})
	}
}

func TestEditorHasBounds(t *testing.T) {
	var e editor
	if e.insert(strings.Repeat("é", 1<<20)) {
		t.Error("2 MB are said to fit")
	}
	if len(e.text) > maxDraft || !utf8.ValidString(e.text) {
		t.Errorf("holds %d bytes, at most %d of UTF-8 wanted", len(e.text), maxDraft)
	}
	if e.insert("x") && len(e.text) > maxDraft {
		t.Error("a full text takes one more byte")
	}
	for range 3 * maxUndo {
		e.deleteLeft()
	}
	if len(e.undone) > maxUndo {
		t.Errorf("%d undo steps kept", len(e.undone))
	}
}

func TestEditorReplace(t *testing.T) {
	e := editor{text: "hu le monde", cursor: 2}
	e.replace(0, 2, "hubert:")
	if got := marked(&e); got != "hubert:| le monde" {
		t.Errorf("replaced: %q", got)
	}
	e.undo()
	e.undo()
	if e.text != "hu le monde" {
		t.Errorf("after undo: %q", e.text)
	}
}

func TestEditorInvalidUTF8(t *testing.T) {
	var e editor
	e.insert("a\xffb\xc3")
	if e.text != "a\ufffdb\ufffd" {
		t.Errorf("invalid UTF-8 became %q", e.text)
	}
}

// Whatever is done, the cursor stands on a boundary and nothing that steers a terminal is in the text.
func TestEditorInvariants(t *testing.T) {
	names := make([]string, 0, len(editCalls))
	for name := range editCalls {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		var e editor
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "call") {
				editCalls[rapid.SampledFrom(names).Draw(t, "name")](&e)
			} else {
				e.insert(rapid.SampledFrom([]string{"a", " ", "\n", "e\u0301", "\u0301", "🇫", "🇷", "👩", "\u200d", "\x1b", "日", "\u0600"}).Draw(t, "text"))
			}
			if e.cursor != boundary(e.text, e.cursor) {
				t.Fatalf("cursor %d of %q is inside a cluster", e.cursor, e.text)
			}
			if typable(e.text) != e.text {
				t.Fatalf("%q was let in", e.text)
			}
		}
	})
}
