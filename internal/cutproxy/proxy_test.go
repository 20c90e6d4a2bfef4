package cutproxy_test

import (
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"traboule/internal/cutproxy"
)

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
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
			go func() {
				defer conn.Close()
				io.Copy(conn, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func roundTrip(conn net.Conn, text string) error {
	if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	_, err := io.ReadFull(conn, make([]byte, len(text)))
	return err
}

func start(t *testing.T) (*cutproxy.Proxy, net.Conn) {
	t.Helper()
	p, err := cutproxy.New(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := roundTrip(conn, "bonjour"); err != nil {
		t.Fatal(err)
	}
	return p, conn
}

func TestCutResets(t *testing.T) {
	p, conn := start(t)
	if n := p.Cut(); n != 2 {
		t.Errorf("cut %d ends, want 2", n)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read after the cut: %v, want a reset", err)
	}
	again, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := roundTrip(again, "encore"); err != nil {
		t.Errorf("a new connection after the cut: %v", err)
	}
	if n := p.Accepted(); n != 2 {
		t.Errorf("%d connections relayed, want 2", n)
	}
}

func TestRefuse(t *testing.T) {
	p, conn := start(t)
	p.Refuse(true)
	if err := roundTrip(conn, "encore"); err != nil {
		t.Errorf("the open connection: %v", err)
	}
	refused, err := net.Dial("tcp", p.Addr())
	if err == nil {
		defer refused.Close()
		err = roundTrip(refused, "non")
	}
	if err == nil {
		t.Error("a new connection got through")
	}
	p.Refuse(false)
	allowed, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer allowed.Close()
	if err := roundTrip(allowed, "oui"); err != nil {
		t.Error(err)
	}
}

func TestHold(t *testing.T) {
	p, conn := start(t)
	p.Hold(true)
	const text = "patience"
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); p.Held() < len(text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes are held, want %d", p.Held(), len(text))
		}
	}
	p.Hold(false)
	if _, err := io.ReadFull(conn, make([]byte, len(text))); err != nil {
		t.Fatal(err)
	}
	if p.Held() != 0 {
		t.Errorf("%d bytes are still held", p.Held())
	}
}
