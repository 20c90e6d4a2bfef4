package xmppclient

import (
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// TestHardCuts cuts the connection again and again while both sides send. Nothing may be lost, doubled or reordered, in
// either direction, and every message ends well.
func TestHardCuts(t *testing.T) {
	for name, listen := range map[string]bool{"in memory": false, "over TCP": true} {
		t.Run(name, func(t *testing.T) {
			if listen { // real sockets need the real clock
				cutHard(t, true)
				return
			}
			bubble(t, func(t *testing.T) { cutHard(t, false) })
		})
	}
}

func cutHard(t *testing.T, listen bool) {
	const cuts, messages = 20, 400
	var got inbox
	b := newBench(t, func(s *xmpptest.Server, c *Config) {
		s.Arrived = got.take
		c.Pace = Pace{FirstRetry: 5 * time.Millisecond, LongestRetry: 50 * time.Millisecond}
	})
	if listen {
		b.net.open["localhost"] = overTCP(t, b.server)
	}
	b.start()
	b.state(im.Connected)

	var sending sync.WaitGroup
	sending.Go(func() {
		for i := range messages {
			b.server.Session().Send(fmt.Sprintf(`<message from='bob@localhost/x' to='ana@localhost' type='chat' id='s%d'><body>s%d</body></message>`, i, i))
			time.Sleep(time.Millisecond)
		}
	})
	sending.Go(func() {
		for i := range messages {
			for b.client.Send(im.SendMessage{For: im.For{Account: owner, ID: im.RequestID(1000 + i)}, To: im.MustJID("bob@localhost"), Stanza: fmt.Sprint("c", i), Body: fmt.Sprint("c", i)}) != nil {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Millisecond)
		}
	})
	sending.Go(func() {
		for i := range cuts {
			time.Sleep(time.Duration(10+i%7) * time.Millisecond)
			b.server.Session().Cut()
		}
	})

	var received []string
	ended := map[im.RequestID]int{}
	resumed := 0
	timeout := time.After(time.Minute)
	for len(received) < messages || len(ended) < messages {
		select {
		case e := <-b.events:
			switch e := e.(type) {
			case im.MessageReceived:
				received = append(received, e.Message.Body)
			case im.Done:
				if e.Request < 1000 {
					continue
				}
				if ended[e.Request]++; e.Err != nil {
					t.Fatalf("message %d: %v", e.Request, e.Err)
				}
			case im.ConnectionChanged:
				if e.State == im.Resumed {
					resumed++
				}
				if e.State == im.Connected || e.State == im.Failed {
					t.Fatalf("the session was lost: %+v", e)
				}
			}
		case <-timeout:
			t.Fatalf("%d received, %d ended, %d resumed", len(received), len(ended), resumed)
		}
	}
	sending.Wait()
	want := func(prefix string) []string {
		var all []string
		for i := range messages {
			all = append(all, fmt.Sprint(prefix, i))
		}
		return all
	}
	if !slices.Equal(received, want("s")) {
		t.Errorf("received %d: %q", len(received), received)
	}
	if sent := got.bodies(); !slices.Equal(sent, want("c")) {
		t.Errorf("server has %d: %q", len(sent), sent)
	}
	for id, n := range ended {
		if n != 1 {
			t.Errorf("request %d ended %d times", id, n)
		}
	}
	if resumed < 3 {
		t.Errorf("only %d resumptions in %d cuts: the test proves little", resumed, cuts)
	}
}

// overTCP serves on loopback, where a cut is a reset.
func overTCP(t *testing.T, s *xmpptest.Server) func() (net.Conn, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.Serve(conn)
		}
	}()
	return func() (net.Conn, error) { return net.Dial("tcp", listener.Addr().String()) }
}
