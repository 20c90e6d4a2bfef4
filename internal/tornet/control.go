package tornet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"traboule/dial"
)

// pollEvery is the time between two looks.
const pollEvery = 100 * time.Millisecond

// control opens the control port of a node.
func (n *node) control(ctx context.Context) (*dial.Control, error) {
	return dial.OpenControl(ctx, "unix", n.file(controlSocket), n.file(cookieFile))
}

// ask sends one command over a connection of its own.
func (n *node) ask(ctx context.Context, command string) error {
	control, err := n.control(ctx)
	if err != nil {
		return err
	}
	defer control.Close()
	_, err = control.Ask(command)
	return err
}

// question is something to ask a tor: the answer is to have so many lines with a prefix.
type question struct {
	name, prefix string
	wanted       int
}

func consensus() question   { return question{"ns/all", "r ", relayCount} }
func descriptors() question { return question{"desc/all-recent", "router ", relayCount} }
func circuit() question {
	return question{"status/circuit-established", "status/circuit-established=1", 1}
}

// collected waits until an authority has the descriptors of all relays.
func (n *node) collected(ctx context.Context) error { return n.await(ctx, descriptors()) }

// agreed waits until an authority has a consensus about all relays.
func (n *node) agreed(ctx context.Context) error { return n.await(ctx, consensus()) }

// informed waits until a relay has all that it may be asked for.
func (n *node) informed(ctx context.Context) error { return n.await(ctx, consensus(), descriptors()) }

// connected waits until a tor knows all relays and has a circuit.
func (n *node) connected(ctx context.Context) error { return n.await(ctx, consensus(), circuit()) }

// await waits until the answers to all questions are complete. Its error is that the tor can not be asked.
func (n *node) await(ctx context.Context, questions ...question) error {
	control, err := n.control(ctx)
	if err != nil {
		return err
	}
	defer control.Close()
	for _, q := range questions {
		for {
			lines, err := control.Ask("GETINFO " + q.name)
			if err != nil {
				return err
			}
			known := count(lines, q.prefix)
			if known == q.wanted {
				break
			}
			if !sleep(ctx, pollEvery) {
				return fmt.Errorf("%s: %d of %d", q.name, known, q.wanted)
			}
		}
	}
	return nil
}

func count(lines []string, prefix string) int {
	n := 0
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}
