// Package ui is the screen: it draws a core.View in a terminal and turns keys into core.Commands. It owns the terminal,
// the cursor, what is scrolled where and what is being typed. It must not open sockets or files, hold chat state of its
// own, word a sentence (ui/i18n does) or hand a text of foreign origin to markup: such text is drawn cell by cell.
package ui
