package otr

import (
	"strings"
	"testing"
	"time"

	"traboule/im"
)

func TestPlainText(t *testing.T) {
	for text, want := range map[string]string{
		// What somebody typed.
		"":                             "",
		"salut":                        "salut",
		"a < b && c > d":               "a < b && c > d",
		"<3":                           "<3",
		"x <y> z":                      "x <y> z",
		"<script>alert()</script>":     "<script>alert()</script>",
		"if a<b then c":                "if a<b then c",
		"https://example.org/?a=1&b=2": "https://example.org/?a=1&b=2",
		"R&D":                          "R&D",
		"&eacute;":                     "&eacute;",
		"a &amp; b & c":                "a &amp; b & c",
		"<b":                           "<b",
		"<b>a</b> < c":                 "<b>a</b> < c",
		"<b>a</b> -> c":                "<b>a</b> -> c",
		"<b>R&D &copy=1</b>":           "<b>R&D &copy=1</b>",
		"<b>salut":                     "<b>salut",
		"salut</b>":                    "salut</b>",
		"<b><i>salut</b></i>":          "<b><i>salut</b></i>",
		"</b>salut<b>":                 "</b>salut<b>",
		"<ul><li>one</li></ul>":        "<ul><li>one</li></ul>",
		"<a>b</a>":                     "<a>b</a>",
		"<span>b</span>":               "<span>b</span>",
		`<img src="https://example.org/seen.png">salut`: `<img src="https://example.org/seen.png">salut`,
		// What Pidgin, Adium and others write.
		"a &amp; b &lt;c&gt;": "a & b <c>",
		"&amp;lt;":            "&lt;",
		"&amp;amp;amp;":       "&amp;amp;",
		"a -&gt; b":           "a -> b",
		"&quot;oui&quot;":     "\"oui\"",
		"<b>salut</b>":        "*salut*",
		"<b></b>":             "<b></b>",
		"<br>":                "<br>",
		"<s>oui</s> non":      "~oui~ non",
		"<b><i>a</i></b> b":   "*_a_* b",
		"<FONT COLOR=\"#000000\">salut<br/>\u00e0 tous</FONT>":          "salut\n\u00e0 tous",
		`<body bgcolor="#ffffff"><font face="Sans">salut</font></body>`: "salut",
		"one<br>two<BR />three":                                 "one\ntwo\nthree",
		"<p>one</p><p>two</p>":                                  "one\ntwo",
		"<html><body>&eacute;t&#233; &#x1F9F5;</body></html>":   "\u00e9t\u00e9 \U0001f9f5",
		"<b>5 &lt; 6 &amp;&amp; 7</b>":                          "*5 < 6 && 7*",
		"<i>&lt;b&gt;not bold&lt;/b&gt;</i>":                    "_<b>not bold</b>_",
		`<a href="https://example.org/?a=1&amp;b=2">here</a>`:   "here (https://example.org/?a=1&b=2)",
		`<a href="https://example.org/?a=1&b=2">here</a>`:       "here (https://example.org/?a=1&b=2)",
		`<a href='https://example.org'>https://example.org</a>`: "https://example.org",
		`<a href="mailto:a@example.org">a@example.org</a>`:      "a@example.org",
		`<a href="https://example.org/x"><b>here</b></a>`:       "*here* (https://example.org/x)",
		`<span style="a>b">salut</span>`:                        "salut",
	} {
		if got := PlainText(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// TestTagsAreShownAsTyped: what one of us types in OTR reaches another as it was typed, and that of programs that do not write
// HTML does from the moment that they have shown it.
func TestTagsAreShownAsTyped(t *testing.T) {
	_, h, p := together(t)
	for _, text := range []string{
		"<b>x</b>", "a < b && c > d", "&amp;", "<a href=\"https://example.org\">x</a>", "<br>", "<p>one</p>\n", "salut", plainMark, "<b>x</b>" + plainMark,
	} {
		h.say(paulette+"/phone", text)
		h.took()
		p.expect("message tui: " + text + " (OTR)")
	}
	w, h, p := together(t)
	for _, row := range [][2]string{
		{"<b>x</b>", "*x*"}, {"a &amp; b", "a & b"}, {"salut", "salut"}, {"<script>", "<script>"}, {"<u>x</u>", "_x_"}, // perhaps HTML
		{"5 > 4", "5 > 4"}, {"<b>x</b>", "<b>x</b>"}, {"a &amp; b", "a &amp; b"}, // not HTML
	} {
		p.hear(im.Message{From: h.jid, Body: h.sealed(p, row[0])})
		p.expect("message tui: " + row[1] + " (OTR)")
	}
	p.start(h)
	h.took()
	p.took()
	p.hear(im.Message{From: h.jid, Body: h.sealed(p, "<b>still the same</b>")})
	p.expect("message tui: <b>still the same</b> (OTR)")
	p.do(im.EndOTR{For: p.ask(), To: h.jid})
	w.settle()
	h.start(p)
	h.took()
	p.took()
	p.hear(im.Message{From: h.jid, Body: h.sealed(p, "<b>perhaps another program</b>")})
	p.expect("message tui: *perhaps another program* (OTR)")
}

// TestHTMLIsAnsweredInHTML: who writes HTML shows no tags, and so gets none; who has shown not to write it gets texts as they
// are.
func TestHTMLIsAnsweredInHTML(t *testing.T) {
	_, h, p := together(t)
	says := func(text, want string) {
		t.Helper()
		p.sent = nil
		p.say(hubert+"/tui", text)
		if got := p.bodies(); len(got) != 1 || !strings.Contains(fakeText(got[0]), "|"+want) {
			t.Errorf("%q went out as %q", text, got)
		}
	}
	hears := func(text string) {
		t.Helper()
		p.hear(im.Message{From: h.jid, Body: h.sealed(p, text)})
	}
	says("a <b, c\n& d", "a <b, c\n& d")
	hears("l&apos;&eacute;t&eacute;") // not what programs write for what is typed
	says("a <b", "a <b")
	hears("l&apos;été")
	says("a <b, c\n& d > e", "a &lt;b, c<br>&amp; d &gt; e")
	says("salut", "salut")
	h.start(p)
	says("a <b", "a &lt;b")
	hears("1 < 2")
	says("a <b", "a <b")
}

func TestWrittenHTMLIsReadAsTyped(t *testing.T) {
	for _, text := range []string{"<b>x</b>", "a <b & c", "&amp;", "one\ntwo", "salut", "<br>"} {
		if written := hypertext.write(text); PlainText(written) != text {
			t.Errorf("%q went out as %q, which is %q", text, written, PlainText(written))
		}
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add("<b>a</b>&amp;<br>")
	f.Add(`<a href="x">y</a><p>`)
	f.Add(strings.Repeat("<a href='", 100))
	f.Fuzz(func(t *testing.T, text string) {
		begin := time.Now()
		if got := PlainText(text); len(got) > 2*len(text)+100 {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
		if typed, marked := strings.CutSuffix(AsTyped(text), plainMark); typed != text || !marked && PlainText(text) != text {
			t.Errorf("%q goes out as %q", text, AsTyped(text))
		}
		if took := time.Since(begin); took > patience {
			t.Errorf("%d bytes took %v", len(text), took)
		}
	})
}
