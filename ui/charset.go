package ui

import (
	"github.com/gdamore/tcell/v2"
	"golang.org/x/text/encoding/unicode"
)

// tolerateBytes makes what is no UTF-8 in the input into U+FFFD. The decoder of tcell stops at it for good, and takes no
// key any more, not even those that quit: one Latin-1 letter in a paste is enough.
func tolerateBytes() {
	for _, name := range []string{"utf-8", "utf8"} {
		tcell.RegisterEncoding(name, unicode.UTF8)
	}
}
