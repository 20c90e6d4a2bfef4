package tornet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
)

// agreed waits until each authority has published a consensus about all relays.
func (n *Network) agreed(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}, Timeout: probeWait}
	for _, relay := range n.relays[:authorities] {
		// A node's last port is that of the directory.
		url := fmt.Sprintf("http://127.0.0.1:%d/tor/status-vote/current/consensus", relay.ports[len(relay.ports)-1])
		if err := retry(ctx, func(ctx context.Context) error { return complete(ctx, client, url) }); err != nil {
			return fmt.Errorf("%q of the Tor network: %w", relay.name, err)
		}
	}
	return nil
}

// complete reports what a consensus lacks.
func complete(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("no consensus yet: %s", response.Status)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if known := count(strings.Lines(string(text)), "r "); known != authorities+exits {
		return fmt.Errorf("the consensus has %d of %d relays", known, authorities+exits)
	}
	return nil
}

// count counts the lines with a prefix: "r " begins a relay in a consensus (dir-spec §3.4.1).
func count(lines iter.Seq[string], prefix string) int {
	n := 0
	for line := range lines {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
