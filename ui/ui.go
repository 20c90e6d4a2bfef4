// Package ui is the screen: a program of tview that draws a core.View in a terminal and turns keys into core.Commands. It
// owns the terminal, the cursor, what is scrolled where and what is being typed. It must not open sockets or files, hold
// chat state of its own, word a sentence (ui/i18n does) or hand a text of foreign origin to markup: such text is drawn cell
// by cell.
//
// tview runs the loop and calls everything on one goroutine, the UI goroutine. Beside it only Screen.feed, which brings
// updates there, Screen.deliver, which takes commands away, and tview's own reader of the terminal are running.
package ui
