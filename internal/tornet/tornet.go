// Package tornet runs a private Tor network on loopback, for tests and the demo: three directory authorities, four exits
// with a name server of their own, a tor that offers onion services, and the client's tor. It owns all their processes and
// files; only the authorities' keys outlive it, in the user's cache folder. It must not touch the system's tor, and nothing
// of it leaves this machine.
package tornet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what may be different from one network to another.
type Options struct {
	// Progress is told how far the start is, in per cent, and what it does; nil for nobody.
	Progress func(percent int, doing string)
}

// Network is a running Tor network. Its fields do not change; its methods may be called from any goroutine.
type Network struct {
	// Client is a client's tor that is always there. Who wants to kill one, or to see what goes through it, takes a NewClient.
	Client *Client
	// Fragment is a file of settings with which any other tor joins this network.
	Fragment string
	// Names is asked by the exits; and it can be asked through Tor by Names.Port and Names.TLSPort of ResolverName.
	Names *NameServer

	tools              tools
	folder             *folder
	progress           func(int, string)
	authorities, exits []*node
	services           *node
	settings           string // that every tor needs to join

	mu      sync.Mutex // over clients
	clients []*Client
}

// attempts is how often other ports are tried: somebody may take a port between our look and tor's.
const attempts = 3

// Start runs a network and waits until a connection goes through it; the caller must Stop it. With the keys in the cache
// that takes 12 to 20 s on an idle machine, so give it minutes on a busy one.
func Start(ctx context.Context, options Options) (*Network, error) {
	t, err := findTools()
	if err != nil {
		return nil, err
	}
	progress := options.Progress
	if progress == nil {
		progress = func(int, string) {}
	}
	progress(0, "keys")
	keys, err := loadAuthorities(ctx, t)
	if err != nil {
		return nil, err
	}
	for range attempts {
		n := &Network{tools: t, progress: progress}
		if err = n.start(ctx, keys); err == nil {
			return n, nil
		}
		err = fmt.Errorf("%w\n%s", err, n.Log())
		err = errors.Join(err, n.Stop())
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

// findTools finds tor's programs, which are often where the PATH of a user does not lead.
func findTools() (tools, error) {
	tor, err1 := findProgram("tor")
	gencert, err2 := findProgram("tor-gencert")
	return tools{tor, gencert}, errors.Join(err1, err2)
}

func findProgram(name string) (string, error) {
	for _, path := range []string{name, "/usr/sbin/" + name, "/usr/bin/" + name, "/usr/local/sbin/" + name, "/usr/local/bin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%q is not installed: run internal/packages/install test", name)
}

// Installed reports whether the programs are there that a network needs.
func Installed() bool {
	_, err := findTools()
	return err == nil
}

func (n *Network) start(ctx context.Context, keys []authority) error {
	var err error
	if n.folder, err = newFolder(os.TempDir()); err != nil {
		return err
	}
	if n.Names, err = NewNameServer(); err != nil {
		return err
	}
	if err := n.plan(ctx, keys); err != nil {
		return err
	}
	n.progress(10, "directory authorities")
	if err := n.open(ctx); err != nil {
		return err
	}
	n.progress(90, "a first connection")
	if err := each(ctx, []*node{n.services}, (*node).connected); err != nil {
		return err
	}
	if err := n.Client.Ready(ctx); err != nil {
		return err
	}
	n.progress(100, "ready")
	return nil
}

// open starts all nodes: the authorities first, as the exits tell them about themselves at once; the rest when all relays
// know all others. Who asks earlier is left with half an answer for a while.
func (n *Network) open(ctx context.Context) error {
	if err := n.run(ctx, n.authorities...); err != nil {
		return err
	}
	n.progress(20, "exits")
	if err := n.run(ctx, n.exits...); err != nil {
		return err
	}
	n.progress(30, "a consensus")
	if err := n.vote(ctx); err != nil {
		return err
	}
	n.progress(60, "descriptors of all relays")
	if err := n.inform(ctx); err != nil {
		return err
	}
	n.progress(70, "the client's tor")
	return n.run(ctx, n.services, n.Client.node)
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// run starts some nodes at the same time.
func (n *Network) run(ctx context.Context, nodes ...*node) error {
	errs := make([]error, len(nodes))
	var wait sync.WaitGroup
	for i, node := range nodes {
		wait.Go(func() { errs[i] = node.start(ctx, n.tools.tor) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// Stop ends the network and removes all that belongs to it.
func (n *Network) Stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var wait sync.WaitGroup
	for _, node := range n.nodes() {
		wait.Go(node.kill)
	}
	wait.Wait()
	var err error
	if n.Names != nil {
		err = n.Names.Close()
	}
	return errors.Join(err, n.folder.remove())
}

// nodes returns all there are so far. The caller holds mu.
func (n *Network) nodes() []*node {
	all := slices.Concat(n.authorities, n.exits, []*node{n.services})
	for _, c := range n.clients {
		all = append(all, c.node)
	}
	return slices.DeleteFunc(all, func(n *node) bool { return n == nil })
}

// Log returns the last lines of every node's log.
func (n *Network) Log() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var text strings.Builder
	for _, node := range n.nodes() {
		text.WriteString(node.log())
	}
	return text.String()
}

func (n *Network) file(name string) string { return filepath.Join(n.folder.path, name) }
