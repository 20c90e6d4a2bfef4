package xmppclient

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"traboule/im"
)

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestStalledClientReadsLittleAhead: while nobody takes the events, stanzas that are large in memory stay with the server.
func TestStalledClientReadsLittleAhead(t *testing.T) {
	const stanzas, most = 16, 48 << 20 // at 5 MB each
	stanza := `<message from='troll@example.com'><body>x</body>` + strings.Repeat("<x/>", maxNodes-1000) + `</message>`
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		before := heap()
		for range stanzas {
			b.server.Session().Raw(stanza)
		}
		synctest.Wait()
		if grown := heap() - before; grown > most {
			t.Errorf("holds %d bytes", grown)
		}
		for range stanzas {
			if m := await(b, func(im.MessageReceived) bool { return true }); m.Message.Body != "x" {
				t.Fatalf("%+v", m)
			}
		}
	})
}

// TestShortTextKeepsNoLongOne: what is kept of a long text that somebody sent must not keep all of it in memory.
func TestShortTextKeepsNoLongOne(t *testing.T) {
	const stanzas, size = 64, 1 << 20
	s := newTestStanzas()
	long := strings.Repeat("x", size)
	var kept []im.Event
	before := heap()
	for range stanzas {
		root := parse(t, "<presence type='subscribe' from='troll@example.com'><status>"+long+"</status></presence>")
		kept = append(kept, s.receive(testNow(), root).events...)
		root = parse(t, "<message from='troll@example.com' id='"+long+"'><body>x</body></message>")
		kept = append(kept, s.receive(testNow(), root).events...)
	}
	grown := heap() - before
	if len(kept) != 2*stanzas || grown > stanzas*size/8 {
		t.Errorf("%d events keep %d bytes", len(kept), grown)
	}
	runtime.KeepAlive(kept)
}
