package xmppclient

import (
	"slices"
	"testing"

	"mellium.im/xmpp/stream"

	"traboule/im"
)

func streamError(condition, content string) error {
	return stream.Error{Err: condition, Content: content}
}

// sendAll gives everything to a writer.
func sendAll(o *outbox) (sent []string) {
	for {
		stanza, ok := o.next()
		if !ok {
			return sent
		}
		sent = append(sent, string(stanza))
		o.gave()
	}
}

func TestOutboxSendsAgainWhatWasNotAcknowledged(t *testing.T) {
	o := outbox{managed: true}
	for i, s := range []string{"a", "b", "c"} {
		o.push(entry{stanza: []byte(s), request: im.RequestID(i + 1), ends: dueAcknowledged})
	}
	if sent := sendAll(&o); !slices.Equal(sent, []string{"a", "b", "c"}) {
		t.Fatalf("sent %q", sent)
	}
	if ended := o.wrote(3); len(ended) != 0 {
		t.Errorf("ended %v before they were acknowledged", ended)
	}
	if ended, err := o.ack(1); err != nil || !slices.Equal(ended, []im.RequestID{1}) {
		t.Errorf("ended %v, %v", ended, err)
	}
	o.push(entry{stanza: []byte("d"), request: 4, ends: dueAcknowledged})
	o.rewind()
	if ended, err := o.ack(2); err != nil || !slices.Equal(ended, []im.RequestID{2}) {
		t.Errorf("at the resumption ended %v, %v", ended, err)
	}
	if sent := sendAll(&o); !slices.Equal(sent, []string{"c", "d"}) {
		t.Errorf("sent again %q", sent)
	}
	if _, err := o.ack(5); err == nil {
		t.Error("more was acknowledged than was sent")
	}
	if left := o.drain(true); !slices.Equal(left, []lost{{3, true}, {4, true}}) || o.bytes != 0 {
		t.Errorf("left %v, %d bytes", left, o.bytes)
	}
}

func TestOutboxCountsBeyond32Bits(t *testing.T) {
	o := outbox{managed: true, acked: 1<<32 - 1}
	for range 3 {
		o.push(entry{stanza: []byte("x"), request: 1, ends: dueAcknowledged})
	}
	sendAll(&o)
	if ended, err := o.ack(1); err != nil || len(ended) != 2 {
		t.Errorf("%v, %v", ended, err)
	}
	if _, err := o.ack(0); err == nil {
		t.Error("an acknowledgement was taken back")
	}
}

func TestOutboxWithoutManagement(t *testing.T) {
	o := outbox{}
	o.push(entry{stanza: []byte("a"), request: 1, ends: dueAcknowledged})
	o.push(entry{stanza: []byte("b")})
	o.push(entry{stanza: []byte("c"), request: 3, ends: dueWritten})
	sendAll(&o)
	if ended := o.wrote(2); !slices.Equal(ended, []im.RequestID{1}) {
		t.Errorf("ended %v", ended)
	}
	if left := o.drain(false); !slices.Equal(left, []lost{{3, true}}) {
		t.Errorf("left %v", left)
	}
	if _, err := o.ack(0); err == nil {
		t.Error("acknowledged without management")
	}
}

func TestOutboxEndsPresenceOnce(t *testing.T) {
	o := outbox{managed: true}
	o.push(entry{stanza: []byte("p"), request: 1, ends: dueWritten})
	sendAll(&o)
	if ended := o.wrote(1); !slices.Equal(ended, []im.RequestID{1}) {
		t.Errorf("ended %v", ended)
	}
	o.rewind()
	sendAll(&o)
	if ended := o.wrote(1); len(ended) != 0 {
		t.Errorf("ended again %v", ended)
	}
	if ended, err := o.ack(1); len(ended) != 0 || err != nil {
		t.Errorf("ended once more %v, %v", ended, err)
	}
}

func TestOutboxKnowsWhatWasNeverSent(t *testing.T) {
	o := outbox{managed: true}
	o.push(entry{stanza: []byte("a"), request: 1, ends: dueAcknowledged})
	sendAll(&o)
	o.push(entry{stanza: []byte("b"), request: 2, ends: dueAcknowledged})
	if !o.waiting() || o.unacknowledged() != 1 {
		t.Error("does not know that it waits")
	}
	if left := o.drain(true); !slices.Equal(left, []lost{{1, true}, {2, false}}) {
		t.Errorf("left %v", left)
	}
}

// TestOutboxTakesReportsInAnyOrder: an acknowledgement can come before the writer's own report, which is then not about what
// was given to it since.
func TestOutboxTakesReportsInAnyOrder(t *testing.T) {
	o := outbox{managed: true}
	for i := range 2 {
		o.push(entry{stanza: []byte("a"), request: im.RequestID(i + 1), ends: dueWritten})
	}
	sendAll(&o)
	if ended, err := o.ack(2); err != nil || len(ended) != 2 {
		t.Fatalf("ended %v, %v", ended, err)
	}
	o.push(entry{stanza: []byte("b"), request: 3, ends: dueWritten})
	sendAll(&o)
	if ended := o.wrote(2); len(ended) != 0 {
		t.Errorf("%v ended before it was written", ended)
	}
	if ended := o.wrote(1); !slices.Equal(ended, []im.RequestID{3}) {
		t.Errorf("ended %v, want 3", ended)
	}
	o.push(entry{stanza: []byte("c"), request: 4, ends: dueWritten})
	o.push(entry{stanza: []byte("d"), request: 5, ends: dueWritten})
	sendAll(&o)
	o.rewind() // the reports of this connection never come
	if _, err := o.ack(4); err != nil {
		t.Fatal(err)
	}
	sendAll(&o)
	if ended := o.wrote(1); !slices.Equal(ended, []im.RequestID{5}) {
		t.Errorf("ended %v after the resumption, want 5", ended)
	}
}
