package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// fields are what a test wants of an event. A name with dots goes into objects; the value nil means that the field is
// absent.
type fields map[string]any

// event is one line of --json.
type event map[string]any

// at returns a field; "error.code" is the code in the error. It is nil if there is none.
func (e event) at(name string) any {
	var value any = map[string]any(e)
	for _, part := range strings.Split(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[part]
	}
	return value
}

func (e event) String() string {
	text, err := json.Marshal(map[string]any(e))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (e event) matches(kind string, want fields) bool {
	if e["type"] != kind {
		return false
	}
	for name, value := range want {
		got := e.at(name)
		if value == nil && got == nil {
			continue
		}
		if value == nil || got == nil || fmt.Sprint(got) != fmt.Sprint(value) {
			return false
		}
	}
	return true
}

// client is the program under test, in --json.
type client struct {
	t       testing.TB
	name    string
	command *exec.Cmd
	input   io.WriteCloser
	errors  *lockedBuffer
	ended   chan struct{} // closed once all output is read
	more    chan struct{} // gets a value when something was read

	// raw is set where the output is not meant to be JSON Lines.
	raw bool

	mutex  sync.Mutex
	events []event
	taken  map[int]bool
	lines  strings.Builder
	broken []string // lines that break the contract
}

// launch says how to start the program.
type launch struct {
	server   server
	account  string // bare JID
	password string
	args     []string // added to the usual ones
}

// arguments are the flags that every test needs. The password comes on descriptor 3.
func (l launch) arguments(profile string) []string {
	return append([]string{
		"--profile", profile, "--lang", "en", "--tor", "off", "--server", l.server.addr, "--ca", l.server.caFile,
		"--account", l.account, "--password-fd", "3",
	}, l.args...)
}

// start runs the program in --json and does not wait for anything.
func start(t testing.TB, l launch) *client {
	t.Helper()
	if l.password == "" {
		l.password = password
	}
	return startProgram(t, l.account, l.password, append([]string{"--json"}, l.arguments(t.TempDir())...)...)
}

// startProgram runs the program with exactly these arguments.
func startProgram(t testing.TB, name, password string, args ...string) *client {
	t.Helper()
	return startCommand(t, name, password, append([]string{binary()}, args...)...)
}

// startCommand runs the program through another one.
func startCommand(t testing.TB, name, password string, argv ...string) *client {
	t.Helper()
	c := &client{
		t: t, name: name, command: exec.Command(argv[0], argv[1:]...), errors: new(lockedBuffer),
		ended: make(chan struct{}), more: make(chan struct{}, 1), taken: map[int]bool{},
	}
	c.command.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "GORACE=halt_on_error=1 exitcode=66")
	c.command.Stderr = c.errors
	c.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.command.ExtraFiles = []*os.File{secret(t, password)}
	input, err := c.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.input = input
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read(output)
	t.Cleanup(c.cleanUp)
	return c
}

// secret returns a file from which one line can be read.
func secret(t testing.TB, line string) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if _, err := writer.WriteString(line + "\n"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	return reader
}

// login runs the program and waits until it is connected.
func login(t testing.TB, s server, name string, args ...string) *client {
	t.Helper()
	c := start(t, launch{server: s, account: name + "@localhost", args: args})
	c.expect("connection", fields{"state": "connected", "account": name + "@localhost"})
	return c
}

func (c *client) read(output io.Reader) {
	defer close(c.ended)
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		e, err := parse(lines.Bytes())
		c.mutex.Lock()
		fmt.Fprintln(&c.lines, lines.Text())
		if err != nil {
			c.broken = append(c.broken, fmt.Sprintf("%v: %q", err, lines.Text()))
		} else {
			c.events = append(c.events, e)
		}
		c.mutex.Unlock()
		select {
		case c.more <- struct{}{}:
		default:
		}
	}
}

// parse reads a line and checks what every line promises.
func parse(line []byte) (event, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, err
	}
	kind, ok := e["type"].(string)
	if !ok || !knownType(kind) {
		return nil, fmt.Errorf("type %v is not in the contract", e["type"])
	}
	stamp, ok := e["time"].(string)
	if _, err := time.Parse("2006-01-02T15:04:05.999999999Z", stamp); !ok || err != nil {
		return nil, fmt.Errorf("time %v is not RFC 3339 in UTC", e["time"])
	}
	if bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 }) {
		return nil, errors.New("a control character in the line")
	}
	return e, nil
}

func knownType(kind string) bool {
	switch kind {
	case "connection", "roster", "presence", "room", "occupant", "subject", "message", "history", "message-state", "otr", "notice":
		return true
	}
	return false
}

// send types a line.
func (c *client) send(format string, args ...any) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.input, format+"\n", args...); err != nil {
		c.t.Fatalf("%s: type %q: %v\n%s", c.name, format, err, c.errors)
	}
}

// expect waits for an event that no earlier expect has taken, takes it and returns it. What a "room" said of the same room
// before is taken with it: a visit is a sequence, and "joined" of an earlier stage proves nothing.
func (c *client) expect(kind string, want fields) event {
	c.t.Helper()
	e := c.find(kind, want, patience)
	if e == nil {
		c.t.Fatalf("%s: no %s %v came.\nall that came:\n%s\non standard error:\n%s", c.name, kind, want, c.transcript(), c.errors)
	}
	return e
}

// find is expect without the failure: it gives nil if nothing comes in time.
func (c *client) find(kind string, want fields, within time.Duration) event {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for seen := 0; ; {
		var e event
		if e, seen = c.takeFrom(seen, kind, want); e != nil {
			return e
		}
		select {
		case <-c.more:
		case <-c.ended:
			return c.take(kind, want)
		case <-deadline.C:
			return nil
		}
	}
}

// expectOneOf is expect for the first of several kinds of event to come.
func (c *client) expectOneOf(kind string, wants ...fields) event {
	c.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		for _, want := range wants {
			if e := c.find(kind, want, 10*time.Millisecond); e != nil {
				return e
			}
		}
	}
	c.t.Fatalf("%s: no %s %v came.\nall that came:\n%s", c.name, kind, wants, c.transcript())
	return nil
}

func (c *client) take(kind string, want fields) event {
	e, _ := c.takeFrom(0, kind, want)
	return e
}

// takeFrom looks at the events from the one with this number on, and returns how many there are.
func (c *client) takeFrom(first int, kind string, want fields) (found event, seen int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i := first; i < len(c.events); i++ {
		if e := c.events[i]; !c.taken[i] && e.matches(kind, want) {
			c.taken[i] = true
			if kind == "room" {
				c.takeVisit(e, i)
			}
			return e, len(c.events)
		}
	}
	return nil, len(c.events)
}

// takeVisit takes what was said of the room of an event before it.
func (c *client) takeVisit(e event, before int) {
	for i, past := range c.events[:before] {
		c.taken[i] = c.taken[i] || past.matches("room", fields{"account": e["account"], "room": e["room"]})
	}
}

// all returns every event so far that matches, taken or not, in order.
func (c *client) all(kind string, want fields) []event {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var found []event
	for _, e := range c.events {
		if e.matches(kind, want) {
			found = append(found, e)
		}
	}
	return found
}

// expectMore waits until there are more than n events of a type.
func (c *client) expectMore(kind string, n int) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); len(c.all(kind, nil)) <= n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("%s: no further %s came.\nall that came:\n%s", c.name, kind, c.transcript())
		}
	}
}

func (c *client) transcript() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var text strings.Builder
	for _, e := range c.events[max(0, len(c.events)-300):] {
		fmt.Fprintln(&text, e)
	}
	return text.String()
}

// output returns all that the program has written to standard output.
func (c *client) output() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.lines.String()
}

func (c *client) pid() string { return strconv.Itoa(c.command.Process.Pid) }

// status waits until the program has ended and returns its exit status.
func (c *client) status() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		c.t.Fatalf("%s: did not end.\nall that came:\n%s\non standard error:\n%s", c.name, c.transcript(), c.errors)
	}
	if c.command.ProcessState == nil {
		var exit *exec.ExitError
		if err := c.command.Wait(); err != nil && !errors.As(err, &exit) {
			c.t.Fatal(err)
		}
	}
	return c.command.ProcessState.ExitCode()
}

// quit leaves as a person does, and checks that all went well.
func (c *client) quit() {
	c.t.Helper()
	c.send("/quit")
	if status := c.status(); status != 0 {
		c.t.Errorf("%s: exit status %d after /quit\n%s", c.name, status, c.errors)
	}
}

func (c *client) cleanUp() {
	if c.command.ProcessState == nil {
		// It may have ended by itself. The group, because another program may have started it.
		_ = syscall.Kill(-c.command.Process.Pid, syscall.SIGKILL)
		<-c.ended
		_ = c.command.Wait()
	}
	for _, line := range c.broken {
		if c.raw {
			break
		}
		c.t.Errorf("%s: breaks the contract: %s", c.name, line)
	}
	if strings.Contains(c.errors.String(), "DATA RACE") || strings.Contains(c.errors.String(), "goroutine ") {
		c.t.Errorf("%s: standard error:\n%s", c.name, c.errors)
	}
	if c.t.Failed() {
		c.t.Logf("%s: all that came:\n%s\non standard error:\n%s", c.name, c.transcript(), c.errors)
	}
}
