package dial

import (
	"cmp"
	"context"
	cryptorand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
)

// Target is a place where a domain's server may answer.
type Target struct {
	Host string
	Port uint16
	// TLS means TLS from the first byte (XEP-0368) rather than STARTTLS.
	TLS bool
}

// The registered ports of clients' connections.
const (
	portSTARTTLS = 5222
	portTLS      = 5223
	portHTTPS    = 443
)

// The services of RFC 6120 §3.2.1 and XEP-0368 §3.
const (
	serviceSTARTTLS = "xmpp-client"
	serviceTLS      = "xmpps-client"
)

// maxTargets bounds how many places of one domain are tried: an answer with thousands would keep the client busy for hours.
const maxTargets = 8

// lookupSRV finds the records of a service of a domain. The look-ups of one circuit share a circuit of the proxy, with nothing
// else.
type lookupSRV func(ctx context.Context, service, domain, circuit string) ([]*net.SRV, error)

// Known returns the onion service of a domain, which only a proxy can reach. Nothing is looked up for it.
func (d *Dialer) Known(domain string) []Target {
	host, err := asciiHost(domain)
	if err != nil || !d.Proxied() {
		return nil
	}
	if onion := d.onions.Find(host); onion != "" {
		return []Target{{Host: onion, Port: portSTARTTLS}}
	}
	return nil
}

// Targets looks up where the server of a domain may answer, in the order to try them (RFC 6120 §3.2, XEP-0368). Through a
// proxy nothing is looked up unless a resolver is set: the two usual ports are tried by name.
func (d *Dialer) Targets(ctx context.Context, domain string) ([]Target, error) {
	if err := d.Usable(); err != nil {
		return nil, err
	}
	host, err := asciiHost(domain)
	if err != nil {
		return nil, err
	}
	return d.found(ctx, host)
}

// found returns what the records say, or the usual ports where there are none to ask for.
func (d *Dialer) found(ctx context.Context, host string) ([]Target, error) {
	usual := []Target{{Host: host, Port: portSTARTTLS}, {Host: host, Port: portTLS, TLS: true}}
	if d.Proxied() {
		slices.Reverse(usual) // TLS from the first byte saves two ways there and back, which are long through Tor
	}
	if d.lookupSRV == nil || isOnion(host) || net.ParseIP(host) != nil {
		return usual, nil
	}
	plain, direct := d.lookupBoth(ctx, host)
	records := append(plain.records, direct.records...)
	switch {
	case len(records) > 0:
		return order(records, rand.IntN), nil
	case plain.refused:
		return nil, &Error{Kind: NotOffered, Target: host, Cause: fmt.Errorf("%q offers no XMPP to clients", host)}
	case direct.refused:
		return slices.DeleteFunc(usual, func(t Target) bool { return t.TLS }), nil
	}
	return usual, nil
}

// Fixed returns the ways to try a server that the user named by host and port: which kind of TLS it speaks is not said, so
// the kind that belongs to the port comes first.
func Fixed(host string, port uint16) []Target {
	starttls, direct := Target{Host: host, Port: port}, Target{Host: host, Port: port, TLS: true}
	if port == portTLS || port == portHTTPS {
		return []Target{direct, starttls}
	}
	return []Target{starttls, direct}
}

// record is an SRV record with the kind of TLS that its service stands for.
type record struct {
	Target
	priority, weight uint16
}

// answer is what was found for one of the two services.
type answer struct {
	records []record
	refused bool
}

// lookupBoth asks for both services, on a circuit of its own: neither two accounts nor two days meet there.
func (d *Dialer) lookupBoth(ctx context.Context, host string) (plain, direct answer) {
	circuit := "look-up " + cryptorand.Text()
	var wait sync.WaitGroup
	wait.Go(func() { plain = d.lookup(ctx, serviceSTARTTLS, host, circuit) })
	wait.Go(func() { direct = d.lookup(ctx, serviceTLS, host, circuit) })
	wait.Wait()
	return plain, direct
}

// lookup takes no answer for no records: the certificate is checked for the domain all the same, so a lie about the
// records can only make the connection fail.
func (d *Dialer) lookup(ctx context.Context, service, host, circuit string) answer {
	found, _ := d.lookupSRV(ctx, service, host, circuit)
	if len(found) == 1 && found[0].Target == "." {
		return answer{refused: true}
	}
	var a answer
	for _, r := range found[:min(len(found), maxRecords)] {
		target := Target{strings.ToLower(strings.TrimSuffix(r.Target, ".")), r.Port, service == serviceTLS}
		if d.reachable(target) {
			a.records = append(a.records, record{target, r.Priority, r.Weight})
		}
	}
	return a
}

// reachable reports whether a record may be tried: it must name a host (RFC 2782), not an address, and an onion service
// only where there is a way to it.
func (d *Dialer) reachable(t Target) bool {
	if t.Port == 0 || !isName(t.Host) || net.ParseIP(t.Host) != nil {
		return false
	}
	return !isOnion(t.Host) || d.Proxied() && CheckOnion(t.Host) == nil
}

// order sorts by priority, both services together, and draws among equals by weight (RFC 2782). No place comes twice. intn
// returns a random number in [0, n).
func order(records []record, intn func(n int) int) []Target {
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(a.priority, b.priority) })
	var targets []Target
	for len(records) > 0 && len(targets) < maxTargets {
		same := 1
		for same < len(records) && records[same].priority == records[0].priority {
			same++
		}
		i := draw(records[:same], intn)
		if t := records[i].Target; !slices.Contains(targets, t) {
			targets = append(targets, t)
		}
		records = slices.Delete(records, i, i+1)
	}
	return targets
}

// draw picks one of several records of equal priority. A weight of 0 counts as a little, so that it is not always last.
func draw(records []record, intn func(n int) int) int {
	const scale = 16
	total := 0
	for _, r := range records {
		total += int(r.weight)*scale + 1
	}
	at := intn(total)
	for i, r := range records {
		at -= int(r.weight)*scale + 1
		if at < 0 {
			return i
		}
	}
	return len(records) - 1
}
