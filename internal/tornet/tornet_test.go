package tornet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"traboule/dial"
	"traboule/internal/tornet"
)

// For a busy machine.
const (
	startWait = 3 * time.Minute
	patience  = time.Minute
)

// shared is one network for all tests, started by the first that needs it.
type shared struct {
	once    sync.Once
	network *tornet.Network
	err     error
	steps   []string
}

var network = &shared{}

func (s *shared) start() {
	ctx, cancel := context.WithTimeout(context.Background(), startWait)
	defer cancel()
	began := time.Now()
	s.network, s.err = tornet.Start(ctx, tornet.Options{Progress: func(percent int, doing string) {
		s.steps = append(s.steps, fmt.Sprintf("%4.1f s %3d %% %s", time.Since(began).Seconds(), percent, doing))
	}})
}

func TestMain(m *testing.M) {
	status := m.Run()
	if network.network != nil {
		if err := network.network.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the Tor network:", err)
			status = 1
		}
	}
	os.Exit(status)
}

// running returns the network of all tests.
func running(t *testing.T) *tornet.Network {
	t.Helper()
	switch {
	case tornet.Installed():
	case os.Getenv("CI") != "":
		t.Fatal("tor is missing: run internal/packages/install test")
	default:
		t.Skip("tor is missing: run internal/packages/install test")
	}
	network.once.Do(func() {
		network.start()
		t.Logf("the Tor network:\n%s", strings.Join(network.steps, "\n"))
	})
	if network.err != nil {
		t.Fatal("start the Tor network:", network.err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(network.network.Log())
		}
	})
	return network.network
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

// through is a dialer through a SOCKS port of the network.
func through(socks string) *dial.Dialer { return dial.New(dial.Config{SOCKS: socks, Required: true}) }

func TestExit(t *testing.T) {
	n := running(t)
	_, port := greeter(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	for _, socks := range []string{n.Client.SOCKS, n.Client.Socket} {
		conn, err := greeted(within(t, patience), through(socks), "marche.test", port, "ana")
		if err != nil {
			t.Fatalf("through %s: %v", socks, err)
		}
		conn.Close()
	}
}

func TestOnion(t *testing.T) {
	n := running(t)
	address, _ := greeter(t)
	host, err := n.Onion(within(t, patience), 5222, address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := greeted(within(t, patience), through(n.Client.SOCKS), host, 5222, "ana")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// TestCredentials shows on which circuits the connections of two accounts and a new start go.
func TestCredentials(t *testing.T) {
	n := running(t)
	_, port := greeter(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	d := through(n.Client.SOCKS)
	var circuits []tornet.Circuit
	for _, account := range []string{"ana", "ana", "paulette", "a new start"} {
		if account == "a new start" {
			d.NewIdentity()
			account = "ana"
		}
		conn, err := greeted(within(t, patience), d, "marche.test", port, account)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		circuits = append(circuits, newest(t, n.Client, port))
	}
	if circuits[0].ID != circuits[1].ID {
		t.Errorf("one account on two circuits: %+v", circuits[:2])
	}
	for i, c := range circuits[1:] {
		if len(c.Path) != 3 || c.User == "" {
			t.Errorf("circuit %+v, want a path of 3 and a user", c)
		}
		for _, other := range circuits[i+2:] {
			if c.ID == other.ID || c.User == other.User || c.Password == other.Password {
				t.Errorf("circuits for two: %+v and %+v", c, other)
			}
		}
	}
}

// newest returns the circuit of the newest connection to a port.
func newest(t *testing.T, c *tornet.Client, port uint16) tornet.Circuit {
	t.Helper()
	circuits, err := c.Circuits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found tornet.Circuit
	for _, circuit := range circuits {
		if slices.ContainsFunc(circuit.Targets, func(target string) bool { return strings.HasSuffix(target, fmt.Sprintf(":%d", port)) }) {
			found = circuit
		}
	}
	return found
}

// TestServiceRecords asks the exits' name server through Tor for what Tor itself can not look up.
func TestServiceRecords(t *testing.T) {
	n := running(t)
	n.Names.SetService("_xmpps-client._tcp.srv.test", net.SRV{Target: "marche.test", Port: 5270, Priority: 5})
	for scheme, resolver := range map[string]dial.Resolver{
		"tcp": {Host: tornet.ResolverName, Port: n.Names.Port},
		"tls": {Host: tornet.ResolverName, Port: n.Names.TLSPort, TLS: true},
	} {
		d := dial.New(dial.Config{SOCKS: n.Client.SOCKS, Required: true, Resolver: &resolver, Roots: n.Names.CA.Pool()})
		found, err := d.Targets(within(t, patience), "srv.test")
		if want := []dial.Target{{Host: "marche.test", Port: 5270, TLS: true}}; err != nil || !slices.Equal(found, want) {
			t.Errorf("by %s: %v, %v", scheme, found, err)
		}
	}
}

// TestClientIsKilled takes the client's tor away and brings it back.
func TestClientIsKilled(t *testing.T) {
	n := running(t)
	_, port := greeter(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	client, err := n.NewClient(within(t, startWait))
	if err != nil {
		t.Fatal(err)
	}
	d := through(client.SOCKS)
	conn, err := greeted(within(t, patience), d, "marche.test", port, "ana")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	client.Kill()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection outlived tor")
	}
	fault := new(dial.Error)
	if _, err := greeted(within(t, patience), d, "marche.test", port, "ana"); !errors.As(err, &fault) || fault.Kind != dial.ProxyUnreachable {
		t.Errorf("without tor: %v", err)
	}
	if err := client.Start(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if err := client.Ready(within(t, startWait)); err != nil {
		t.Fatal(err)
	}
	again, err := greeted(within(t, patience), d, "marche.test", port, "ana")
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// TestFragment lets the client start a tor of its own, which joins the network.
func TestFragment(t *testing.T) {
	n := running(t)
	address, port := greeter(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	host, err := n.Onion(within(t, patience), 5222, address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	own := dial.NewTor(dial.TorConfig{Places: []string{}, Include: n.Fragment})
	running.Go(func() { own.Run(ctx) })
	if err := own.Ready(within(t, startWait), nil); err != nil {
		t.Fatal(err)
	}
	d := dial.New(dial.Config{Tor: own, Required: true})
	for host, port := range map[string]uint16{"marche.test": port, host: 5222} {
		conn, err := greeted(within(t, patience), d, host, port, "ana")
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
}
