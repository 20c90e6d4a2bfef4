package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// socks is a SOCKS5 proxy (RFC 1928) that notes what it is asked for and leads it where the test wants.
type socks struct {
	listener net.Listener
	// routes maps a requested HOST:PORT to a real one; what is not in it is unreachable.
	routes map[string]string
	// other is set for a proxy that does not say that it is Tor.
	other bool

	mutex    sync.Mutex
	asked    []string // HOST:PORT as asked, names in their own form
	resolved []string // those where a name had been turned into an address, but for the resolver
}

// resolver is where the client looks for SRV records, through the proxy.
const resolver = "9.9.9.9:853"

func newSOCKS(t testing.TB, routes map[string]string) *socks {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &socks{listener: listener, routes: routes}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer conn.Close()
				// A client that gives up is no failure of the proxy.
				_ = p.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		done.Wait()
	})
	return p
}

func (p *socks) addr() string { return p.listener.Addr().String() }

func (p *socks) requests() (asked, resolved []string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return append([]string(nil), p.asked...), append([]string(nil), p.resolved...)
}

func (p *socks) serve(conn net.Conn) error {
	reader := bufio.NewReader(conn)
	if first, err := reader.Peek(1); err == nil && first[0] == 'G' && !p.other {
		_, err := io.WriteString(conn, "HTTP/1.0 501 Tor is not an HTTP Proxy\r\n\r\n")
		return err
	}
	conn = &buffered{conn, reader}
	if err := greet(conn); err != nil {
		return err
	}
	target, isName, err := readRequest(conn)
	if err != nil {
		return err
	}
	p.mutex.Lock()
	p.asked = append(p.asked, target)
	if !isName && target != resolver {
		p.resolved = append(p.resolved, target)
	}
	p.mutex.Unlock()
	const succeeded, unreachable = 0, 4
	reply := []byte{5, unreachable, 0, 1, 0, 0, 0, 0, 0, 0}
	real, err := net.Dial("tcp", p.routes[target])
	if err != nil {
		_, err = conn.Write(reply)
		return err
	}
	defer real.Close()
	reply[1] = succeeded
	if _, err := conn.Write(reply); err != nil {
		return err
	}
	go func() {
		defer real.Close()
		_, _ = io.Copy(real, conn)
	}()
	_, err = io.Copy(conn, real)
	return err
}

// buffered is a connection of which something was read ahead.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

// Read reads what was read ahead first.
func (b *buffered) Read(p []byte) (int, error) { return b.reader.Read(p) }

// greet agrees on a method: a user name and password (RFC 1929) if they are offered, else none.
func greet(conn net.Conn) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(conn, methods); err != nil {
		return err
	}
	const none, withPassword = 0, 2
	method := byte(none)
	for _, m := range methods {
		if m == withPassword {
			method = withPassword
		}
	}
	if _, err := conn.Write([]byte{5, method}); err != nil || method == none {
		return err
	}
	// Version, user name, password: what they are does not matter.
	if _, err := io.ReadFull(conn, head[:1]); err != nil {
		return err
	}
	for range 2 {
		if _, err := io.ReadFull(conn, head[:1]); err != nil {
			return err
		}
		if _, err := io.ReadFull(conn, make([]byte, head[0])); err != nil {
			return err
		}
	}
	_, err := conn.Write([]byte{1, 0})
	return err
}

// readRequest reads a CONNECT and returns its target, and whether it is a name.
func readRequest(conn net.Conn) (target string, isName bool, err error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", false, err
	}
	if head[1] != 1 {
		return "", false, fmt.Errorf("command %d", head[1])
	}
	const ipv4, name, ipv6 = 1, 3, 4
	length := map[byte]int{ipv4: 4, ipv6: 16}[head[3]]
	if head[3] == name {
		one := make([]byte, 1)
		if _, err := io.ReadFull(conn, one); err != nil {
			return "", false, err
		}
		length = int(one[0])
	}
	if length == 0 {
		return "", false, errors.New("unknown type of address")
	}
	rest := make([]byte, length+2)
	if _, err := io.ReadFull(conn, rest); err != nil {
		return "", false, err
	}
	host := net.IP(rest[:length]).String()
	if head[3] == name {
		host = string(rest[:length])
	}
	port := strconv.Itoa(int(rest[length])<<8 | int(rest[length+1]))
	return net.JoinHostPort(host, port), head[3] == name, nil
}
