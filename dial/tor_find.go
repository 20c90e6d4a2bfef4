package dial

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	// probeWait bounds each question to what may be a Tor on this machine.
	probeWait = 2 * time.Second
	// maxProof is more than Tor's whole page for those who take it for an HTTP proxy.
	maxProof = 512
)

// proofRequest is a request that no SOCKS proxy understands, and Tor answers in its own words. It is longer than the
// longest SOCKS greeting that begins with the same bytes, so that a careless proxy answers instead of waiting for more.
const proofRequest = "GET / HTTP/1.0\r\nAccept: text/html, text/plain, text/css, text/sgml, */*;q=0.01\r\n\r\n"

// torPlaces are where a Tor is usually found: the system's, that of Tor Browser, and Debian's socket.
func torPlaces() []string { return []string{"127.0.0.1:9050", "127.0.0.1:9150", "unix:/run/tor/socks"} }

// environmentPlace is the SOCKS port that the environment names, as Tor Browser's family does; empty for none.
func environmentPlace(env func(string) string) string {
	if env == nil {
		return ""
	}
	host, port := env("TOR_SOCKS_HOST"), env("TOR_SOCKS_PORT")
	if host == "" && port == "" {
		return ""
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if port == "" {
		port = "9050"
	}
	return net.JoinHostPort(host, port)
}

// places lists where to look, best first.
func (t *Tor) places() []string {
	if t.cfg.SOCKS != "" {
		return []string{t.cfg.SOCKS}
	}
	places := t.cfg.Places
	if places == nil {
		places = torPlaces()
	}
	if named := environmentPlace(t.cfg.Env); named != "" {
		places = append([]string{named}, places...)
	}
	return slices.Compact(places)
}

// find looks for a Tor that runs. It must prove that it is Tor; only a port that the user named may be excused.
func (t *Tor) find(ctx context.Context) (*instance, error) {
	var fault error = &Error{Kind: NoTor}
	for _, place := range t.places() {
		proved, err := t.prove(ctx, place)
		switch {
		case proved:
			found := &instance{where: place, proved: true}
			t.ask(ctx, found)
			return found, nil
		case t.cfg.SOCKS == "":
			continue
		case err != nil:
			return nil, &Error{Kind: ProxyUnreachable, Target: place, Cause: err}
		case !t.speaksSOCKS(ctx, place):
			fault = &Error{Kind: NotSOCKS, Target: place}
		case t.cfg.Unproved:
			return &instance{where: place}, nil
		default:
			fault = &Error{Kind: NotTor, Target: place}
		}
	}
	return nil, fault
}

// splitPlace reads "host:port", or "unix:" and a path. "localhost" is known without asking a resolver.
func splitPlace(place string) (network, address string) {
	if path, isUnix := strings.CutPrefix(place, "unix:"); isUnix {
		return "unix", path
	}
	if port, isLocal := strings.CutPrefix(place, "localhost:"); isLocal {
		return "tcp", "127.0.0.1:" + port
	}
	return "tcp", place
}

// checkPlace refuses a name, which would have to be looked up.
func checkPlace(network, address string) error {
	if host, _, err := net.SplitHostPort(address); network == "tcp" && (err != nil || net.ParseIP(host) == nil) {
		return &net.AddrError{Err: "want an address of digits, a name would have to be looked up", Addr: address}
	}
	return nil
}

// prove asks a SOCKS port for a page, which Tor alone refuses in Tor's words. An error means that nobody is there.
func (t *Tor) prove(ctx context.Context, place string) (bool, error) {
	const before, after = "HTTP/1.", " 501 Tor is not an HTTP Proxy"
	answer, err := t.question(ctx, place, proofRequest, func(answer string) bool {
		// Another proxy would now wait for more of us.
		other := !strings.HasPrefix(answer, before[:min(len(answer), len(before))])
		return other || len(answer) >= maxProof || strings.Contains(answer, "\r\n")
	})
	status, _, _ := strings.Cut(answer, "\r\n")
	return strings.HasPrefix(status, before) && strings.HasSuffix(status, after), err
}

// speaksSOCKS greets in SOCKS 5 (RFC 1928 §3), with a password or without.
func (t *Tor) speaksSOCKS(ctx context.Context, place string) bool {
	answer, err := t.question(ctx, place, greetingAny, func(answer string) bool { return len(answer) >= 2 })
	return err == nil && len(answer) == 2 && answer[0] == 5
}

// question sends text and returns what comes back until that is enough, and an error only if nobody is there.
func (t *Tor) question(ctx context.Context, place, text string, enough func(answer string) bool) (string, error) {
	network, address := splitPlace(place)
	if err := checkPlace(network, address); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	conn, err := t.dial(ctx, network, address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	// Whoever does not take the question gives no answer either.
	_, _ = conn.Write([]byte(text))
	var answer []byte
	for piece := make([]byte, maxProof); !enough(string(answer)); {
		n, err := conn.Read(piece)
		answer = append(answer, piece[:n]...)
		if err != nil {
			break
		}
	}
	return string(answer), nil
}

// ask looks whether the Tor at hand can be asked how it is: where its control port usually is, if we may, and if that says
// that the SOCKS port is its own. Anything else is no fault: Tails and Whonix let programs ask little or nothing.
func (t *Tor) ask(ctx context.Context, i *instance) {
	place := controlPlace(i.where)
	if place == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	network, address := splitPlace(place)
	control, err := findControl(ctx, t.dial, network, address)
	if err != nil {
		return
	}
	lines, err := control.Ask("GETINFO net/listeners/socks")
	_, ours := splitPlace(i.where)
	if err != nil || !strings.Contains(lines[0], ours+`"`) {
		control.Close()
		return
	}
	i.control, i.controlAt = control, place
}

// controlPlace is where the control port of a Tor on this machine usually is.
func controlPlace(socks string) string {
	switch socks {
	case "127.0.0.1:9050", "localhost:9050":
		return "127.0.0.1:9051"
	case "127.0.0.1:9150", "localhost:9150":
		return "127.0.0.1:9151"
	}
	if folder, found := strings.CutSuffix(socks, "/socks"); found && strings.HasPrefix(socks, "unix:") {
		return folder + "/control"
	}
	return ""
}
