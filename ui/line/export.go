package line

import (
	"bytes"
	"io"
	"time"

	"traboule/core"
	"traboule/ui/i18n"
)

// Export prints messages that are kept, a line each: as line mode prints a message, with the date before it, or as JSON mode
// does one that was asked for.
type Export struct {
	out  io.Writer
	form form
}

// NewExport makes an Export. With several accounts the account stands on each line.
func NewExport(out io.Writer, p *i18n.Printer, json, several bool) *Export {
	if json {
		return &Export{out, &objects{printer: p, now: time.Now}}
	}
	return &Export{out, &text{printer: p, now: time.Now, several: several}}
}

// Write prints one message; its error is that of the output.
func (e *Export) Write(f core.HistoryFact) error {
	var page bytes.Buffer
	switch form := e.form.(type) {
	case *text:
		page.WriteString(form.printer.Date(f.Line.Time) + " ")
		form.day = f.Line.Time // it is told already
		form.message(&page, f.Conversation, f.Line, f.Line.Time)
	case *objects:
		page.Write(encode(form.history(f)))
	}
	_, err := e.out.Write(page.Bytes())
	return err
}
