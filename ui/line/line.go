// Package line is the client without a screen: it prints what happens as lines of text for people, screen readers and
// grep, or as JSON Lines for scripts, and reads commands, one a line. It owns standard input and output while it runs. It
// must not keep chat state, word a sentence (ui/i18n does), or let a byte of foreign origin break a line or steer a
// terminal.
package line

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"

	"traboule/core"
	"traboule/ui/i18n"
)

// Options are what line mode works with.
type Options struct {
	In      io.Reader
	Out     io.Writer
	Printer *i18n.Printer
	// JSON prints JSON Lines rather than text.
	JSON bool
	// Now tells the time at which an event without a time of its own is printed; nil for the clock of the machine.
	Now func() time.Time
}

// After the end of its input the client stays until nothing is on its way and the answers to the last commands had time to
// come, but not for ever.
const (
	calmWait = 2 * time.Second
	lastWait = 60 * time.Second
)

// serviceWait is how long a text waits for a room that is still being looked for.
const serviceWait = 10 * time.Second

// flushWait is how long the end waits for the reader of the last page.
const flushWait = time.Second

// form turns what happens into output.
type form interface {
	// facts writes what happened, whole lines only.
	facts(out *bytes.Buffer, u core.Update)
	// say writes what line mode itself has to say.
	say(out *bytes.Buffer, n *core.Notice)
}

// Run prints every Update and sends every command until the client quits or ctx ends. The end of the input quits the client
// once nothing is on its way, and so does an output that cannot be written to; its error is returned, unless the reader
// simply went away. When Run returns, one goroutine may still wait in In.Read; it sends nothing any more.
func Run(ctx context.Context, o Options, commands chan<- core.Command, updates <-chan core.Update) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{form: newForm(o), lines: make(chan input), printed: make(chan error, 1), pages: make(chan []byte)}
	go read(ctx, o.In, s.lines)
	go write(o.Out, s.pages, s.printed)
	defer close(s.pages)
	return s.loop(ctx, commands, updates)
}

func newForm(o Options) form {
	if o.JSON {
		return &objects{printer: o.Printer, now: o.Now}
	}
	return &text{printer: o.Printer, now: o.Now}
}

// session is the state of one Run; its loop owns it.
type session struct {
	form  form
	lines chan input
	// pages go to the writer, which answers each on printed.
	pages   chan []byte
	printed chan error
	writing bool

	page    bytes.Buffer   // not yet given to the writer
	queue   []core.Command // not yet taken by the client
	pending pending
	current core.ConversationID // where texts go
	met     bool                // current is known
	ended   bool                // no more input
	quit    bool                // Quit is queued or sent
	last    bool                // the View says that the client ends
	settled bool                // the input has ended and what it led to as well
	broken  error

	// searching runs while a /join by a room's short name looks for the room service, or for the connection first: until its
	// window is there, the next line would go to another conversation. It is held.
	searching, calm, timeout <-chan time.Time
	held                     *input
}

// loop serves whatever is ready. It takes no input line before the last command is taken, and no Update before the last
// page is written, so nothing here grows.
func (s *session) loop(ctx context.Context, commands chan<- core.Command, updates <-chan core.Update) error {
	for {
		s.finish()
		if s.last && !s.writing && s.page.Len() == 0 {
			return s.fault()
		}
		pages, page := s.nextPage()
		out, command := s.nextCommand(commands)
		select {
		case <-ctx.Done():
			s.flush()
			return s.fault()
		case u, open := <-unless(s.last || s.writing || s.page.Len() > 0, updates):
			if s.last = s.last || !open || u.View.Quit; open {
				s.take(u)
			}
		case in := <-unless(s.ended || len(s.queue) > 0 || s.held != nil, s.lines):
			s.obey(in)
		case out <- command:
			s.sent(command)
		case <-s.searching:
			s.searched(len(s.pending.connecting) == 0)
		case pages <- page:
			s.writing, s.page = true, bytes.Buffer{}
		case err := <-s.printed:
			s.written(err)
		case <-s.calm:
			s.settled = true
		case <-s.timeout:
			s.settled = true
		}
	}
}

// unless returns the channel, or nil, which is never ready, while it is not its turn.
func unless[T any](wait bool, c <-chan T) <-chan T {
	if wait {
		return nil
	}
	return c
}

func (s *session) nextPage() (chan<- []byte, []byte) {
	if s.writing || s.page.Len() == 0 {
		return nil, nil
	}
	return s.pages, s.page.Bytes()
}

func (s *session) nextCommand(commands chan<- core.Command) (chan<- core.Command, core.Command) {
	if len(s.queue) == 0 {
		return nil, nil
	}
	return commands, s.queue[0]
}

// sent takes note that the client has taken a command.
func (s *session) sent(command core.Command) {
	s.queue = s.queue[1:]
	if join, is := command.(core.Join); is && !strings.Contains(join.Room, "@") {
		s.searching = time.After(serviceWait)
	}
}

// found reports whether the search for a room has ended, well or not.
func found(facts []core.Fact) bool {
	return slices.ContainsFunc(facts, func(fact core.Fact) bool {
		switch f := fact.(type) {
		case core.RoomFact:
			return true
		case core.NoticeFact:
			return f.Notice.Level == core.Error
		}
		return false
	})
}

// take prints an Update, and when another conversation has become the current one, says so: there is no screen to see it on.
func (s *session) take(u core.Update) {
	s.pending.follow(u)
	moved := s.met && u.View.Current.ID != s.current
	s.current, s.met = u.View.Current.ID, true
	if s.searching != nil && found(u.Facts) {
		s.searched(true)
	}
	if s.broken != nil {
		return
	}
	if moved {
		s.form.say(&s.page, &core.Notice{Code: core.NoticeCurrent, Account: s.current.Account, JID: s.current.Peer})
	}
	s.form.facts(&s.page, u)
}

// searched ends the search for a room, or goes on with it, and deals with the line that waited for its end.
func (s *session) searched(over bool) {
	if !over {
		s.searching = time.After(serviceWait)
		return
	}
	s.searching = nil
	if in := s.held; in != nil {
		s.held = nil
		s.obey(*in)
	}
}

// hurries reports whether a line says nothing to anybody and need not wait for a room.
func hurries(line string) bool {
	command, err := core.Parse(line)
	if err != nil {
		return true
	}
	switch command.(type) {
	case core.Quit, core.Panic, core.Help, core.DisconnectAccount, core.TorState:
		return true
	}
	return false
}

// obey turns a line of input into a command.
func (s *session) obey(in input) {
	switch {
	case s.searching != nil && !in.tooLong && (in.end || !hurries(in.line)):
		s.held = &in
	case in.end:
		s.ended = true
		s.timeout = time.After(lastWait)
	case in.tooLong:
		s.form.say(&s.page, &core.Notice{Code: core.NoticeInputTooLong, Level: core.Error, Of: maxLine})
	default:
		s.command(in.line)
	}
}

// command queues the command of one line.
func (s *session) command(line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	command, err := core.Parse(line)
	if wrong := (*core.CommandError)(nil); errors.As(err, &wrong) {
		s.form.say(&s.page, wrong.Notice())
		return
	}
	s.queue = append(s.queue, command)
}

// finish quits once what the input led to is done, or nobody reads the output.
func (s *session) finish() {
	if s.quit || len(s.queue) > 0 {
		return
	}
	switch busy := !s.pending.nothing() || s.searching != nil; {
	case s.broken != nil || s.settled:
		s.quit = true
		s.queue = append(s.queue, core.Quit{})
	case busy:
		s.calm = nil
	case s.ended && s.calm == nil:
		s.calm = time.After(calmWait)
	}
}

// written takes the writer's answer. What cannot be written ends the client, but is not printed again.
func (s *session) written(err error) {
	s.writing = false
	if err != nil {
		s.broken = fmt.Errorf("standard output: %w", err)
		s.page.Reset()
	}
}

// flush gives the reader a moment to take what was printed last.
func (s *session) flush() {
	late := time.After(flushWait)
	for s.writing || s.page.Len() > 0 {
		pages, page := s.nextPage()
		select {
		case pages <- page:
			s.writing, s.page = true, bytes.Buffer{}
		case err := <-s.printed:
			s.written(err)
		case <-late:
			return
		}
	}
}

// fault returns why nothing could be printed, unless that is the reader's own wish, as with "| head".
func (s *session) fault() error {
	if errors.Is(s.broken, syscall.EPIPE) || errors.Is(s.broken, io.ErrClosedPipe) {
		return nil
	}
	return s.broken
}

// write writes each page, and tells when it is done or that it could not be. It is a goroutine of its own so that a
// reader who stalls holds up neither the commands nor the end.
func write(out io.Writer, pages <-chan []byte, printed chan<- error) {
	for page := range pages {
		_, err := out.Write(page)
		printed <- err
	}
}
