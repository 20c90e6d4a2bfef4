package otr

import (
	"bytes"
	"errors"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"traboule/im"
)

// FuzzRequest: whatever comes through the socket, a request is taken only if it is written as the parent writes it.
func FuzzRequest(f *testing.F) {
	for _, r := range []request{
		{ID: 1, Task: makeTask, Account: "a@example.org", Tag: 0x100},
		{ID: 2, Task: receiveTask, Account: "a@example.org", Peer: "b@example.org/c", Text: "<&>\u2028", Flags: Flags{V3: true}},
		{ID: 4, Task: openTask, Account: "a", Tag: 0x100, Sealed: []byte("sealed")},
		{ID: 3, Task: startSMPTask, Account: "a", Peer: "b", Text: "secret", Question: "who?"},
	} {
		packet, err := encode(r)
		if err != nil || r.check() != nil {
			f.Fatal(r, err)
		}
		f.Add(packet)
	}
	f.Add([]byte(`{"ID":1,"id":2}`))
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := decode[request](packet)
		if err != nil {
			if !reflect.DeepEqual(r, request{}) {
				t.Errorf("%q: %+v with an error", packet, r)
			}
			return
		}
		if again, err := encode(r); err == nil && !bytes.Equal(again, packet) {
			t.Errorf("%q became %q", packet, again)
		}
	})
}

func FuzzReply(f *testing.F) {
	packet, err := encode(whole())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packet)
	f.Fuzz(func(t *testing.T, packet []byte) {
		r, err := decode[reply](packet)
		if err != nil || r.check() != nil {
			return
		}
		for _, e := range r.Result.result().Events {
			if e == nil {
				t.Errorf("%q has an event that is none", packet)
			}
		}
	})
}

// whole is a reply in which everything is set.
func whole() reply {
	hex := strings.Repeat("0a", 20)
	return reply{
		ID: 7, Fault: busy, File: true, Key: Key{Fingerprint: hex, Tag: 0x12345678},
		Result: outcome{
			Plain: "salut", HasPlain: true, Encrypted: true, Send: []string{"?OTRv3?"},
			Events: []happening{
				happened(Secured{Before: hex}), happened(Ended{}), happened(SMP{Step: im.SMPRequested, Question: "who?", Progress: 25}),
				happened(PeerError{Text: "no"}), happened(Noted{Malformed}),
			},
			State: State{Phase: im.OTREncrypted, Version: 3, Ours: hex, Theirs: hex, SessionID: "0123456789abcdef", OurTag: 0x100, TheirTag: 0x101},
		},
	}
}

func TestReplyComesAsItWasSent(t *testing.T) {
	packet, err := encode(whole())
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode[reply](packet)
	if err != nil || !reflect.DeepEqual(got, whole()) || got.check() != nil {
		t.Errorf("%+v, %v, %v", got, err, got.check())
	}
	want := []Event{
		Secured{strings.Repeat("0a", 20)}, Ended{}, SMP{im.SMPRequested, "who?", 25}, PeerError{"no"}, Noted{Malformed},
	}
	if events := got.Result.result().Events; !reflect.DeepEqual(events, want) {
		t.Errorf("events %+v", events)
	}
}

// TestReplyIsChecked: a child that somebody took over can not have the parent send a text in clear, for one.
func TestReplyIsChecked(t *testing.T) {
	for name, spoil := range map[string]func(*reply){
		"a text in clear":      func(r *reply) { r.Result.Send[0] = "salut" },
		"much to send":         func(r *reply) { r.Result.Send = strings.Split(strings.Repeat("?OTR:,", maxSend), ",") },
		"no event":             func(r *reply) { r.Result.Events[0] = happening{} },
		"a fingerprint":        func(r *reply) { r.Result.State.Theirs = "zz" },
		"our own fingerprint":  func(r *reply) { r.Key.Fingerprint = strings.Repeat("A", 40) },
		"a state":              func(r *reply) { r.Result.State.Phase = 200 },
		"a text and none":      func(r *reply) { r.Result.HasPlain = false },
		"a session's identity": func(r *reply) { r.Result.State.SessionID = "0" },
		"a long text":          func(r *reply) { r.Result.Plain = strings.Repeat("x", MaxMessage+1) },
	} {
		r := whole()
		spoil(&r)
		if err := r.check(); !errors.Is(err, errMessage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRequestIsChecked(t *testing.T) {
	long := strings.Repeat("x", MaxMessage+1)
	for _, row := range []struct {
		request request
		want    error
	}{
		{request{Task: receiveTask, Text: long[1:]}, nil},
		{request{Task: receiveTask, Text: long}, ErrTooLong},
		{request{Task: encryptTask, Text: long[:MaxText]}, nil},
		{request{Task: encryptTask, Text: long[:MaxText+1]}, ErrTooLong},
		{request{Task: startSMPTask, Text: long[:MaxSecret], Question: long[:MaxSecret]}, nil},
		{request{Task: startSMPTask, Question: long[:MaxSecret+1]}, ErrTooLong},
		{request{Task: answerSMPTask, Text: long[:MaxSecret+1]}, ErrTooLong},
		{request{Task: "dance"}, errMessage},
		{request{}, errMessage},
	} {
		if err := row.request.check(); !errors.Is(err, row.want) {
			t.Errorf("%q of %d bytes: %v", row.request.Task, len(row.request.Text), err)
		}
	}
}

// sockets makes both ends of a connection between processes.
func sockets(t *testing.T) (*wire, *wire) {
	t.Helper()
	a, b := socketPair(t)
	left, err := newWire(a)
	if err != nil {
		t.Fatal(err)
	}
	right, err := newWire(b)
	if err != nil {
		t.Fatal(err)
	}
	return left, right
}

func socketPair(t testing.TB) (net.Conn, net.Conn) {
	t.Helper()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ends [2]net.Conn
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "socket")
		if ends[i], err = net.FileConn(file); err != nil {
			t.Fatal(err)
		}
		file.Close()
		t.Cleanup(func() { ends[i].Close() })
	}
	return ends[0], ends[1]
}

func TestWireCarriesMessagesAndFiles(t *testing.T) {
	left, right := sockets(t)
	path := t.TempDir() + "/key"
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	sent := []string{"first", "", strings.Repeat("x", maxFrame), "last"}
	go func() {
		for i, text := range sent {
			var file *os.File
			if i > 0 {
				file, _ = os.Open(path)
			}
			if err := left.write([]byte(text), file); err != nil {
				t.Error(err)
			}
			if file != nil {
				file.Close()
			}
		}
		left.close()
	}()
	for i, want := range sent {
		got, err := right.read()
		if err != nil || string(got) != want {
			t.Fatalf("message %d: %d bytes, %v", i, len(got), err)
		}
		file, err := right.file()
		if i == 0 {
			if err == nil {
				t.Error("a file came that was not sent")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		content := make([]byte, 7)
		if _, err := file.ReadAt(content, 0); err != nil || string(content) != "content" {
			t.Errorf("the file with message %d: %q, %v", i, content, err)
		}
		file.Close()
	}
	if _, err := right.read(); err == nil {
		t.Error("read after the end")
	}
}

func TestWireIsBounded(t *testing.T) {
	left, right := sockets(t)
	if _, err := left.conn.Write([]byte{0xff, 0xff, 0xff, 0xff, 0}); err != nil {
		t.Fatal(err)
	}
	if _, err := right.read(); !errors.Is(err, errMessage) {
		t.Errorf("a message of 4 GiB: %v", err)
	}
	null, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	left, right = sockets(t)
	for range maxWaitingFiles + 1 {
		if err := left.write(nil, null); err != nil {
			t.Fatal(err)
		}
	}
	for range maxWaitingFiles {
		if _, err := right.read(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := right.read(); !errors.Is(err, errMessage) {
		t.Errorf("more files than are waited for: %v", err)
	}
}
