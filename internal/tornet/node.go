package tornet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"traboule/internal/daemon"
)

// The files in the folder of a node. The two sockets stand side by side, as those of a system's tor do.
const (
	settingsFile  = "torrc"
	defaultsFile  = "defaults" // empty, in place of the system's
	dataFolder    = "data"
	controlSocket = "control"
	socksSocket   = "socks"
	cookieFile    = "cookie"
)

// node is one tor of the network.
type node struct {
	name  string
	dir   string
	ports []uint16 // that take connections once it runs

	mu      sync.Mutex
	process *daemon.Process // nil before it was started
}

// newNode makes the folder of a node: its settings, and the keys that it shall have.
func newNode(dir, name, settings string, keys map[string][]byte, ports ...uint16) (*node, error) {
	n := &node{name: name, dir: filepath.Join(dir, name), ports: ports}
	data := n.file(dataFolder)
	if err := os.MkdirAll(filepath.Join(data, "keys"), 0o700); err != nil {
		return nil, err
	}
	settings += fmt.Sprintf(`Nickname %s
DataDirectory "%s"
ControlPort unix:"%s"
CookieAuthentication 1
CookieAuthFile "%s"
__OwningControllerProcess %d
`, name, data, n.file(controlSocket), n.file(cookieFile), os.Getpid())
	files := map[string][]byte{settingsFile: []byte(settings), defaultsFile: nil}
	for name, text := range keys {
		files[filepath.Join(dataFolder, "keys", name)] = text
	}
	for name, text := range files {
		if err := os.WriteFile(n.file(name), text, 0o600); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *node) file(name string) string { return filepath.Join(n.dir, name) }

// start runs the node and waits until its ports take connections.
func (n *node) start(ctx context.Context, program string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var ports []int
	for _, port := range n.ports {
		ports = append(ports, int(port))
	}
	process, err := daemon.Start(ctx, daemon.Command{
		Path: program, Dir: n.dir, Ports: ports,
		Args: []string{"-f", n.file(settingsFile), "--defaults-torrc", n.file(defaultsFile)},
	})
	if err != nil {
		return fmt.Errorf("%q of the Tor network: %w", n.name, err)
	}
	n.process = process
	return nil
}

// kill ends the node at once, if it runs.
func (n *node) kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.process != nil {
		n.process.Kill()
	}
}

// log returns the end of what the node has said.
func (n *node) log() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.process == nil {
		return ""
	}
	return fmt.Sprintf("%s:\n%s\n", n.name, daemon.Tail(n.process.Output(), 15))
}

// freePorts are those of daemon.FreePorts.
func freePorts(n int) ([]uint16, error) {
	free, err := daemon.FreePorts(n)
	ports := make([]uint16, len(free))
	for i, port := range free {
		ports[i] = uint16(port)
	}
	return ports, err
}
