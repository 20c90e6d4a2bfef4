package dial

import "testing"

// TestWays: only what said that it is Tor can answer for an onion address.
func TestWays(t *testing.T) {
	tor, _ := run(t, TorConfig{SOCKS: newTorStub(t, "tcp", "127.0.0.1:0").Addr().String()})
	other, _ := run(t, TorConfig{SOCKS: newStub(t, "tcp", "127.0.0.1:0", 0, true).Addr().String(), Unproved: true})
	plain := Config{SOCKS: newStub(t, "tcp", "127.0.0.1:0", 0, true).Addr().String()}
	for _, c := range []struct {
		cfg  Config
		host string
		way  Way
	}{
		{Config{Tor: tor}, goodOnion, Onion}, {Config{Tor: tor}, "example.org", ThroughTor},
		{Config{Tor: other}, goodOnion, SOCKS}, {Config{Tor: other}, "example.org", SOCKS}, {plain, goodOnion, SOCKS},
	} {
		conn, way, err := New(c.cfg).Dial(t.Context(), c.host, 5222, "ana@example.org")
		if err != nil || way != c.way {
			t.Errorf("%s by %+v: way %d, %v; want %d", c.host, c.cfg, way, err, c.way)
			continue
		}
		conn.Close()
	}
}
