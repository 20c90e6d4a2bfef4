package tornet_test

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"traboule/dial"
	"traboule/internal/tornet"
)

// refused connects in vain and returns why.
func refused(t *testing.T, n *tornet.Network, host string, port uint16) *dial.Error {
	t.Helper()
	conn, err := greeted(within(t, patience), through(n.Client.SOCKS), host, port, "ana")
	if err == nil {
		conn.Close()
	}
	fault := new(dial.Error)
	if !errors.As(err, &fault) {
		t.Fatalf("%s: %v", host, err)
	}
	return fault
}

// TestRefusals shows what a real tor answers for each thing that goes wrong.
func TestRefusals(t *testing.T) {
	n := running(t)
	address, _ := greeter(t)
	port := closedPort(t)
	n.Names.SetHost("marche.test", "127.0.0.1")
	n.Names.SetHost("outside.test", "192.0.2.1")
	onion, err := n.Onion(within(t, patience), 5222, address)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		host  string
		port  uint16
		kind  dial.Kind
		reply byte
	}{
		"no such name":          {"nowhere.test", 5222, dial.NameNotFound, 0x04},
		"nobody listens":        {"marche.test", port, dial.ExitRefused, 0x01},
		"outside this machine":  {"outside.test", 5222, dial.ExitRefused, 0x01},
		"port of no service":    {onion, 5223, dial.Refused, 0x05},
		"onion never announced": {unknownOnion, 5222, dial.OnionNotFound, 0xF0},
	} {
		t.Run(name, func(t *testing.T) {
			if fault := refused(t, n, test.host, test.port); fault.Kind != test.kind || fault.Reply != test.reply {
				t.Errorf("kind %d, reply %#x, want %d, %#x", fault.Kind, fault.Reply, test.kind, test.reply)
			}
		})
	}
}

// unknownOnion is the address of a key that nobody has a service for.
const unknownOnion = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"

// closedPort returns a port on which nobody listens.
func closedPort(t *testing.T) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return netip.MustParseAddrPort(listener.Addr().String()).Port()
}

// TestOnionWithKey tries a service that lets in only those who have a key: without, with a wrong one, and with the right.
func TestOnionWithKey(t *testing.T) {
	n := running(t)
	address, _ := greeter(t)
	right, err1 := tornet.NewOnionKey()
	wrong, err2 := tornet.NewOnionKey()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	onion, err := n.Onion(within(t, patience), 5222, address, right)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		key   *tornet.OnionKey
		reply byte
	}{{nil, 0xF4}, {wrong, 0xF5}} {
		if step.key != nil {
			if err := n.Client.Admit(t.Context(), onion, step.key); err != nil {
				t.Fatal(err)
			}
		}
		if fault := refused(t, n, onion, 5222); fault.Kind != dial.OnionAuth || fault.Reply != step.reply {
			t.Errorf("kind %d, reply %#x, want %#x", fault.Kind, fault.Reply, step.reply)
		}
	}
	if err := n.Client.Admit(t.Context(), onion, right); err != nil {
		t.Fatal(err)
	}
	conn, err := greeted(within(t, patience), through(n.Client.SOCKS), onion, 5222, "ana")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
