package dial

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// zone answers SRV look-ups from lines "service target port priority weight".
func zone(records map[string][]*net.SRV) lookupSRV {
	return func(_ context.Context, service, domain, _ string) ([]*net.SRV, error) {
		if found := records["_"+service+"._tcp."+domain]; found != nil {
			return found, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
	}
}

func targets(t *testing.T, domain string, lookup lookupSRV) ([]string, error) {
	t.Helper()
	d := New(Config{})
	d.lookupSRV = lookup
	found, err := d.Targets(t.Context(), domain)
	var names []string
	for _, target := range found {
		name := target.Host
		if target.TLS {
			name += " tls"
		}
		names = append(names, name)
	}
	return names, err
}

func TestTargets(t *testing.T) {
	const plain, direct = "_xmpp-client._tcp.example.org", "_xmpps-client._tcp.example.org"
	refused := []*net.SRV{{Target: "."}}
	for name, c := range map[string]struct {
		domain  string
		records map[string][]*net.SRV
		want    string
	}{
		"none":       {"example.org", nil, "example.org, example.org tls"},
		"one":        {"example.org", map[string][]*net.SRV{plain: {{Target: "a.", Port: 5222}}}, "a"},
		"merged":     {"example.org", map[string][]*net.SRV{plain: {{Target: "a.", Port: 1, Priority: 5}, {Target: "c.", Port: 1, Priority: 20}}, direct: {{Target: "b.", Port: 1, Priority: 10}}}, "a, b tls, c"},
		"one closed": {"example.org", map[string][]*net.SRV{plain: refused, direct: {{Target: "b.", Port: 443}}}, "b tls"},
		"no direct":  {"example.org", map[string][]*net.SRV{direct: refused}, "example.org"},
		"broken":     {"example.org", map[string][]*net.SRV{plain: {{Target: "", Port: 1}, {Target: "a.", Port: 0}}}, "example.org, example.org tls"},
		"twice":      {"example.org", map[string][]*net.SRV{plain: {{Target: "A.", Port: 1}, {Target: "a.", Port: 1, Priority: 9}, {Target: "b.", Port: 1, Priority: 10}}}, "a, b"},
		"no hosts": {"example.org", map[string][]*net.SRV{plain: {
			{Target: "127.0.0.1.", Port: 1}, {Target: "::1", Port: 1}, {Target: "a b.", Port: 1}, {Target: "a\x1b[m.", Port: 1}, {Target: "..", Port: 1}, {Target: ".", Port: 1},
			{Target: strings.Repeat("a.", 128), Port: 1},
		}, direct: {{Target: "b.", Port: 443}}}, "b tls"},
		"an onion without a way to it": {"example.org", map[string][]*net.SRV{plain: {{Target: goodOnion + ".", Port: 5222}, {Target: "a.", Port: 1}}}, "a"},
		"onion":                        {"abc.onion", nil, "abc.onion, abc.onion tls"},
		"address":                      {"127.0.0.1", nil, "127.0.0.1, 127.0.0.1 tls"},
	} {
		lookup := zone(c.records)
		if name == "onion" || name == "address" {
			lookup = noLookup(t)
		}
		got, err := targets(t, c.domain, lookup)
		if err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	for name, records := range map[string]map[string][]*net.SRV{
		"both refused": {plain: refused, direct: refused}, "the older one refused": {plain: refused},
	} {
		_, err := targets(t, "example.org", zone(records))
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != NotOffered {
			t.Errorf("%s: %v, want not offered", name, err)
		}
	}
}

func TestTargetsAreBounded(t *testing.T) {
	var many []*net.SRV
	for i := range 5000 {
		many = append(many, &net.SRV{Target: "a" + strconv.Itoa(i) + ".", Port: 5222})
	}
	got, err := targets(t, "example.org", zone(map[string][]*net.SRV{"_xmpp-client._tcp.example.org": many, "_xmpps-client._tcp.example.org": many}))
	if err != nil || len(got) != maxTargets {
		t.Errorf("%d targets, %v; want %d", len(got), err, maxTargets)
	}
}

func TestOrderByWeight(t *testing.T) {
	first := map[string]int{}
	for i := range 33 {
		records := []record{{Target{"light", 1, false}, 0, 0}, {Target{"heavy", 1, true}, 0, 2}}
		got := order(records, func(n int) int { return i % n })
		if len(got) != 2 || got[0] == got[1] {
			t.Fatalf("%v: want both, once", got)
		}
		first[got[0].Host]++
	}
	if first["heavy"] <= first["light"] || first["light"] == 0 {
		t.Errorf("drawn first: %v; want the heavy one most often and the light one sometimes", first)
	}
}

func TestFixed(t *testing.T) {
	for port, tlsFirst := range map[uint16]bool{5222: false, 5223: true, 443: true, 15222: false} {
		got := Fixed("127.0.0.1", port)
		if len(got) != 2 || got[0].TLS != tlsFirst || got[1].TLS == tlsFirst || !slices.ContainsFunc(got, func(t Target) bool { return t.Port == port }) {
			t.Errorf("port %d: %v", port, got)
		}
	}
}

// TestOnionsFromRecords: a resolver may name an onion service where there is a way to it. The certificate is checked for
// the domain there too.
func TestOnionsFromRecords(t *testing.T) {
	d := New(Config{SOCKS: "127.0.0.1:1"})
	d.lookupSRV = zone(map[string][]*net.SRV{"_xmpp-client._tcp.example.org": {
		{Target: goodOnion + ".", Port: 5222}, {Target: "c" + goodOnion[1:] + ".", Port: 5222, Priority: 1}, {Target: "onion.", Port: 5222, Priority: 2},
	}})
	if found, err := d.Targets(t.Context(), "example.org"); err != nil || len(found) != 1 || found[0].Host != goodOnion {
		t.Errorf("%v, %v", found, err)
	}
}

// TestLookupsShareNoCircuit with an account, nor with other look-ups, of the same domain or another.
func TestLookupsShareNoCircuit(t *testing.T) {
	d := New(Config{SOCKS: "127.0.0.1:1"})
	var mu sync.Mutex
	times := map[string]int{}
	d.lookupSRV = func(_ context.Context, _, _, circuit string) ([]*net.SRV, error) {
		mu.Lock()
		defer mu.Unlock()
		times[circuit]++
		return nil, nil
	}
	for _, domain := range []string{"example.org", "example.org", "example.net"} {
		if _, err := d.Targets(t.Context(), domain); err != nil {
			t.Fatal(err)
		}
	}
	if len(times) != 3 {
		t.Errorf("%d circuits for 3 searches", len(times))
	}
	for circuit, n := range times {
		if n != 2 || !strings.Contains(circuit, " ") { // no address has a space
			t.Errorf("%q for %d look-ups", circuit, n)
		}
	}
}
