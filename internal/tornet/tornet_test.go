package tornet_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"traboule/dial"
	"traboule/internal/tornet"
)

// startWait is for a busy machine.
const startWait = 3 * time.Minute

// shared is the network of all tests, started by TestMain.
type sharedNetwork struct{ *tornet.Network }

var shared = &sharedNetwork{}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if tornet.Installed() {
		ctx, cancel := context.WithTimeout(context.Background(), startWait)
		defer cancel()
		began := time.Now()
		network, err := tornet.Start(ctx, tornet.Options{Progress: func(percent int, doing string) {
			fmt.Printf("%5.1f s: %d %% %s\n", time.Since(began).Seconds(), percent, doing)
		}})
		if err != nil {
			fmt.Fprintln(os.Stderr, "start the Tor network:", err)
			return 1
		}
		defer network.Stop()
		shared.Network = network
	}
	return m.Run()
}

// running returns the network of all tests.
func running(t *testing.T) *tornet.Network {
	t.Helper()
	switch {
	case shared.Network != nil:
	case os.Getenv("CI") != "":
		t.Fatal("tor is missing: run internal/packages/install test")
	default:
		t.Skip("tor is missing: run internal/packages/install test")
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(shared.Log())
		}
	})
	return shared.Network
}

const greeting = "salut\n"

// greeter is a server that greets and says nothing more, and its port.
func greeter(t *testing.T) (address string, port uint16) {
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
			_, _ = io.WriteString(conn, greeting)
			go func() {
				defer conn.Close()
				_, _ = io.Copy(io.Discard, conn)
			}()
		}
	}()
	address = listener.Addr().String()
	return address, netip.MustParseAddrPort(address).Port()
}

// greeted connects and returns the open connection once it was greeted.
func greeted(ctx context.Context, d *dial.Dialer, host string, port uint16, isolation string) (net.Conn, error) {
	conn, _, err := d.Dial(ctx, host, port, isolation)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	heard := make([]byte, len(greeting))
	if _, err := io.ReadFull(conn, heard); err != nil || string(heard) != greeting {
		conn.Close()
		return nil, fmt.Errorf("heard %q: %w", heard, err)
	}
	return conn, nil
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestExit(t *testing.T) {
	n := running(t)
	_, port := greeter(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	for _, socks := range []string{n.SOCKS, n.Socket} {
		d := dial.New(dial.Config{SOCKS: socks, Required: true})
		conn, err := greeted(within(t, 20*time.Second), d, "marche.test", port, "ana")
		if err != nil {
			t.Fatalf("through %s: %v", socks, err)
		}
		conn.Close()
	}
}

func TestOnion(t *testing.T) {
	n := running(t)
	address, _ := greeter(t)
	began := time.Now()
	host, err := n.Onion(within(t, time.Minute), 5222, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(began))
	began = time.Now()
	d := dial.New(dial.Config{SOCKS: n.SOCKS, Required: true})
	conn, err := greeted(within(t, 30*time.Second), d, host, 5222, "ana")
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(began))
	conn.Close()
}
