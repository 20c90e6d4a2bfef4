package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"traboule/internal/prosody"
	"traboule/internal/tornet"
	"traboule/ui/i18n"
)

// torPatience is how long the private Tor network may take to start on a busy machine.
const torPatience = 3 * time.Minute

// passage is a private Tor network with an onion service that leads to the server.
type passage struct {
	network *tornet.Network
	onion   string
}

// openPassage starts the network and tells how far it is.
func openPassage(ctx context.Context, server *prosody.Server, out io.Writer, onTerminal bool) (*passage, error) {
	ctx, cancel := context.WithTimeout(ctx, torPatience)
	defer cancel()
	told := progress{out: out, onTerminal: onTerminal, french: language() == i18n.French}
	network, err := tornet.Start(ctx, tornet.Options{Progress: told.tell})
	if err != nil {
		return nil, fmt.Errorf("private Tor network: %w: `make demo TOR=0` does without", err)
	}
	onion, err := network.Onion(ctx, 5222, server.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("private Tor network: %w: `make demo TOR=0` does without", err), network.Stop())
	}
	told.end()
	return &passage{network, onion}, nil
}

func (p *passage) close() error {
	if p == nil {
		return nil
	}
	return p.network.Stop()
}

// arguments lead the client to the server: through the onion service that its list has for the server's domain, or directly.
func (p *passage) arguments(profile string, server *prosody.Server) ([]string, error) {
	if p == nil {
		return []string{"--tor", "off", "--server", server.Addr}, nil
	}
	if err := os.Mkdir(profile, 0o700); err != nil {
		return nil, err
	}
	list := []byte("localhost " + strings.TrimSuffix(p.onion, ".onion") + "\n")
	return []string{"--tor", "required", "--socks", p.network.Client.SOCKS}, os.WriteFile(filepath.Join(profile, "onions"), list, 0o600)
}

// progress tells how far the network is: in one line on a terminal.
type progress struct {
	out        io.Writer
	onTerminal bool
	french     bool
	told       bool
}

func (p *progress) tell(percent int, _ string) {
	words := "a private Tor network starts on this machine: %d%%"
	if p.french {
		words = "un réseau Tor privé démarre sur cette machine : %d %%"
	}
	end := "\n"
	if p.onTerminal {
		words, end = "\r"+words, ""
	}
	fmt.Fprintf(p.out, words+end, percent)
	p.told = true
}

func (p *progress) end() {
	if p.told && p.onTerminal {
		fmt.Fprintln(p.out)
	}
}
