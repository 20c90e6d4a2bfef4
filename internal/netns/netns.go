// Package netns runs programs in a network of their own, cut off from this machine's, and tells every packet they send
// that goes anywhere but to the ports the test allows. It owns the namespaces, the capture and the trap that answers for
// the rest of the world; it must not decide what a leak is beyond that, nor touch the machine's own network.
//
// The program inside has a loopback, an interface with routes to everywhere for IPv4 and IPv6, and a name server that knows
// every name: whatever leaks finds a way to leak on. Beyond that wire is a second namespace in which every address is a
// local one, so that nothing ever leaves the machine. /run is hidden, since sockets in the file system cross namespaces.
//
//	program ── lo ──── allowed ports: listeners that the test serves
//	        └─ eth0 ══ world0: the trap
//
// It works as root, and without root in a user namespace, where the kernel allows these. A test binary that uses the package
// calls Helper first in its TestMain.
package netns

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// startWait bounds the making of a namespace.
	startWait = 20 * time.Second
	// enterProgram starts a program in the namespaces of another. A Go program, which has threads, can not do it itself.
	enterProgram = "nsenter"
)

// Options say what a namespace is like.
type Options struct {
	// Ports are the TCP ports on 127.0.0.1 that programs inside may connect to. The test serves them by Listen; as
	// long as it does not, connections are refused, which is no leak.
	Ports []int
	// Unprivileged makes a user namespace also as root.
	Unprivileged bool
}

// Namespace is a network that is cut off. Its methods may be called from any goroutine.
type Namespace struct {
	helper  *exec.Cmd
	errors  *bytes.Buffer // of the helper, to be read once it has ended
	owned   bool          // a user namespace has been made too
	capture *capture
	trap    *trap

	mutex   sync.Mutex
	channel *net.UnixConn // to the helper
}

// Start makes a namespace; the caller must Close it. An error says why this machine does not allow it.
func Start(ctx context.Context, o Options) (*Namespace, error) {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	if _, err := exec.LookPath(enterProgram); err != nil {
		return nil, fmt.Errorf("install util-linux: %w", err)
	}
	var asRoot error
	if os.Geteuid() == 0 && !o.Unprivileged {
		n, err := start(ctx, o, false)
		if err == nil {
			return n, nil
		}
		asRoot = fmt.Errorf("network namespace as root: %w", err)
	}
	n, err := start(ctx, o, true)
	if err != nil {
		asUser := fmt.Errorf("network namespace in a user namespace, as user %d: %w", os.Geteuid(), err)
		return nil, errors.Join(asRoot, asUser, errors.New(whatItTakes))
	}
	return n, nil
}

// whatItTakes is what to look at where the kernel refuses. It gives one error for many reasons.
const whatItTakes = "this machine allows no namespaces: be root and in no container that forbids them, or set " +
	"user.max_user_namespaces and user.max_net_namespaces above 0, kernel.unprivileged_userns_clone to 1 and " +
	"kernel.apparmor_restrict_unprivileged_userns to 0, where there are such settings"

func start(ctx context.Context, o Options, owned bool) (*Namespace, error) {
	ours, theirs, err := channel()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	program, err := os.Executable()
	if err != nil {
		ours.Close()
		return nil, err
	}
	n := &Namespace{helper: exec.Command(program), errors: new(bytes.Buffer), owned: owned, channel: ours}
	// Where TestMain does not call Helper, the helper runs no test, ends, and so tells of it.
	n.helper.Args = []string{helperName, "-test.run=^$"}
	n.helper.Stderr = n.errors
	n.helper.ExtraFiles = []*os.File{theirs}
	n.helper.SysProcAttr = attributes(owned)
	if err := n.helper.Start(); err != nil {
		ours.Close()
		return nil, err
	}
	if err := n.open(ctx, o); err != nil {
		n.Close()
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(n.errors.Bytes()))
	}
	return n, nil
}

// attributes makes the helper's namespaces. In a user namespace it keeps the user's own number, so that programs started
// inside are no root, and keeps what it needs to set the network up over its start.
func attributes(owned bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS}
	if owned {
		a.Cloneflags |= unix.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		a.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_NET_RAW, unix.CAP_NET_BIND_SERVICE}
	}
	return a
}

// channel makes the two ends of the socket over which the helper is asked for sockets.
func channel() (ours *net.UnixConn, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socket pair: %w", err)
	}
	file := os.NewFile(uintptr(pair[0]), "helper")
	defer file.Close()
	theirs = os.NewFile(uintptr(pair[1]), "helper")
	conn, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// open gets the sockets that every namespace has. The capture comes first, and the network up after it.
func (n *Namespace) open(ctx context.Context, o Options) error {
	packets, err := n.socket(ctx, inside, "packet", "all")
	if err != nil {
		return err
	}
	if n.capture, err = newCapture(packets, o.Ports); err != nil {
		return err
	}
	n.trap, err = newTrap(func(network, address string) (*os.File, error) { return n.socket(ctx, world, network, address) })
	return err
}

// Listen returns a listener inside, on an address such as "127.0.0.1:9050", that is served out here.
func (n *Namespace) Listen(ctx context.Context, address string) (net.Listener, error) {
	file, err := n.socket(ctx, inside, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return net.FileListener(file)
}

// socket asks the helper for a socket.
func (n *Namespace) socket(ctx context.Context, p place, network, address string) (*os.File, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	deadline, _ := ctx.Deadline()
	if err := n.channel.SetDeadline(deadline); err != nil {
		return nil, err
	}
	file, err := ask(n.channel, request{p, network, address})
	if err != nil {
		return nil, fmt.Errorf("%s socket %q in the namespace: %w", network, address, err)
	}
	return file, nil
}

// Enter returns the command line that runs a program inside, in the folder, on the files and with the environment that it
// is started with. The process is the program's own: what is sent to it, the program gets.
func (n *Namespace) Enter(argv ...string) []string {
	line := []string{enterProgram, "--target", strconv.Itoa(n.helper.Process.Pid), "--net", "--mount", "--wd=."}
	if n.owned {
		line = append(line, "--user", "--preserve-credentials")
	}
	return append(append(line, "--"), argv...)
}

// Traffic returns what was sent inside so far. It is an error if the kernel could not show all of it.
func (n *Namespace) Traffic() (Traffic, error) { return n.capture.traffic() }

// Close ends the namespace, once the last program inside has ended. It ends no program, and no listener.
func (n *Namespace) Close() {
	if n.capture != nil {
		n.capture.close()
	}
	if n.trap != nil {
		n.trap.close()
	}
	n.channel.Close()
	// It ends by itself without its channel, unless it hangs while it sets up.
	_ = n.helper.Process.Kill()
	_ = n.helper.Wait()
}
