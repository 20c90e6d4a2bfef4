package otr

import (
	"strings"
	"testing"
	"time"
)

func TestPlainText(t *testing.T) {
	for text, want := range map[string]string{
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
		"a &amp; b &lt;c&gt;":          "a & b <c>",
		"&amp;lt;":                     "&lt;",
		"&amp;amp;amp;":                "&amp;amp;",
		"a &amp; b & c":                "a &amp; b & c",
		"<b>salut</b>":                 "salut",
		"<FONT COLOR=\"#000000\">salut<br/>\u00e0 tous</FONT>":        "salut\n\u00e0 tous",
		"one<br>two<BR />three":                                       "one\ntwo\nthree",
		"<p>one</p><p>two</p>":                                        "one\ntwo",
		"<html><body>&eacute;t&#233; &#x1F9F5;</body></html>":         "\u00e9t\u00e9 \U0001f9f5",
		"<b>5 &lt; 6 &amp;&amp; 7</b>":                                "5 < 6 && 7",
		"<i>&lt;b&gt;not bold&lt;/b&gt;</i>":                          "<b>not bold</b>",
		`<a href="https://example.org/?a=1&amp;b=2">here</a>`:         "here (https://example.org/?a=1&b=2)",
		`<a href='https://example.org'>https://example.org</a>`:       "https://example.org",
		`<a href="mailto:a@example.org">a@example.org</a>`:            "a@example.org",
		`<img src="https://example.org/seen.png" onerror="x()">salut`: "salut",
		`<span style="a>b">salut</span>`:                              "salut",
		"<b>R&D &copy=1</b>":                                          "R&D &copy=1",
		"<b>salut":                                                    "salut",
		"<b":                                                          "<b",
		"<b>a</b> < c":                                                "<b>a</b> < c",
	} {
		if got := PlainText(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
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
		if took := time.Since(begin); took > patience {
			t.Errorf("%d bytes took %v", len(text), took)
		}
	})
}
