package xmppclient

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

func testNow() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

func ana() im.JID { return im.MustJID("ana@example.org") }

func testRoom() im.JID { return im.MustJID("grenoble@rooms.example.org") }

// newTestStanzas is an account just bound, whose ids are id1, id2 and so on.
func newTestStanzas() *stanzas {
	n := 0
	s := newStanzas(ana(), func() string {
		n++
		return fmt.Sprintf("id%d", n)
	})
	s.bound(im.MustJID("ana@example.org/r1"))
	return s
}

func parse(t testing.TB, text string) *node {
	t.Helper()
	n, err := tryParse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func tryParse(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader("<stream xmlns='jabber:client'>" + text + "</stream>"))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		if start, is := token.(xml.StartElement); is {
			return readTree(d, start)
		}
	}
}

func (s *stanzas) receiveText(t testing.TB, text string) received {
	t.Helper()
	return s.receive(testNow(), parse(t, text))
}

// mustEncode sends a request and returns what goes out.
func (s *stanzas) mustEncode(t testing.TB, r im.Request) string {
	t.Helper()
	out, _, failure := s.encode(testNow(), r)
	if failure != nil {
		t.Fatalf("%T: %v", r, failure)
	}
	return join(out)
}

func join(out [][]byte) string {
	var b strings.Builder
	for _, o := range out {
		b.Write(o)
	}
	return b.String()
}

func request() im.For { return im.For{Account: ana(), ID: 7} }

// TestTranscripts feeds the stanzas of testdata/*.txt to an account and compares what comes out. Each file is a list of
// blocks: lines that start with "<" are a stanza, lines that start with "@" change the account's state, "#" is a comment;
// what follows, "event" and "send" lines, is the result. Run with -update to rewrite the results, and read the diff.
func TestTranscripts(t *testing.T) {
	for file, want := range transcripts(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			got := replay(t, want)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// transcripts reads all transcripts, by file.
func transcripts(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/receive/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	all := map[string]string{}
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = string(script)
	}
	return all
}

func replay(t *testing.T, script string) string {
	s := newTestStanzas()
	s.shown = true
	var out, stanza strings.Builder
	flush := func() {
		if stanza.Len() == 0 {
			return
		}
		r := s.receiveText(t, stanza.String())
		stanza.Reset()
		for _, e := range r.events {
			fmt.Fprintf(&out, "event %s\n", plainly(e))
		}
		for _, o := range r.send {
			fmt.Fprintf(&out, "send %s\n", o)
		}
		if len(r.events)+len(r.send) == 0 {
			out.WriteString("nothing\n")
		}
	}
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "event ") || strings.HasPrefix(line, "send ") || line == "nothing":
			flush()
			continue
		case strings.HasPrefix(line, "@join "):
			room, nick, _ := strings.Cut(strings.TrimPrefix(line, "@join "), "/")
			s.mustEncode(t, im.JoinRoom{For: request(), Room: im.MustJID(room), Nick: nick})
		case strings.HasPrefix(line, "@announce "):
			words := strings.Fields(line)
			s.announce(im.MustJID(words[1]), featureSet(words[2:]...))
		case line == "":
			flush()
		case !strings.HasPrefix(line, "#"):
			stanza.WriteString(line + "\n")
		}
		out.WriteString(line + "\n")
	}
	flush()
	return out.String()
}

func featureSet(names ...string) map[string]bool {
	features := map[string]bool{}
	for _, f := range names {
		features[f] = true
	}
	return features
}

// plainly writes a value with its fields that are not zero.
func plainly(v any) string {
	value := reflect.ValueOf(v)
	return value.Type().Name() + fields(value)
}

func fields(value reflect.Value) string {
	var b strings.Builder
	for i := range value.NumField() {
		f, field := value.Field(i), value.Type().Field(i)
		if field.Anonymous || f.IsZero() {
			continue
		}
		fmt.Fprintf(&b, " %s=%s", field.Name, word(f))
	}
	return b.String()
}

func word(f reflect.Value) string {
	switch v := f.Interface().(type) {
	case im.JID:
		return v.String()
	case time.Time:
		return v.Format(time.RFC3339)
	}
	switch f.Kind() {
	case reflect.Pointer:
		return word(f.Elem())
	case reflect.Struct:
		return "{" + strings.TrimSpace(fields(f)) + "}"
	case reflect.Slice:
		var all []string
		for i := range f.Len() {
			all = append(all, word(f.Index(i)))
		}
		return "[" + strings.Join(all, " ") + "]"
	case reflect.String:
		return fmt.Sprintf("%q", f.String())
	}
	return fmt.Sprint(f.Interface())
}
