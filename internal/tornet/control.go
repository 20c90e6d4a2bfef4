package tornet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"traboule/dial"
)

// pollEvery is the time between two looks.
const pollEvery = 100 * time.Millisecond

// retry does something until it works, or until ctx is done.
func retry(ctx context.Context, do func(context.Context) error) error {
	for {
		err := do(ctx)
		if err == nil {
			return nil
		}
		if !sleep(ctx, pollEvery) {
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		}
	}
}

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

// connected waits until a tor knows all relays and has a circuit. Its error is that it can not be asked.
func (n *node) connected(ctx context.Context) error {
	return n.await(ctx, "GETINFO ns/all", "r ", "GETINFO status/circuit-established", "status/circuit-established=1")
}

// described waits until a relay has the descriptors of all relays. Its error is that it can not be asked.
func (n *node) described(ctx context.Context) error {
	return n.await(ctx, "GETINFO desc/all-recent", "router ", "GETINFO status/enough-dir-info", "status/enough-dir-info=1")
}

// await waits until the answer to one question has a line with a prefix for each relay, and the answer to another is right.
func (n *node) await(ctx context.Context, list, prefix, question, right string) error {
	control, err := n.control(ctx)
	if err != nil {
		return err
	}
	defer control.Close()
	for {
		relays, err := control.Ask(list)
		if err != nil {
			return err
		}
		answer, err := control.Ask(question)
		if err != nil {
			return err
		}
		known := count(slices.Values(relays), prefix)
		if known == authorities+exits && answer[0] == right {
			return nil
		}
		if !sleep(ctx, pollEvery) {
			return fmt.Errorf("%d of %d relays known, %s", known, authorities+exits, answer[0])
		}
	}
}

// informed has each exit fetch the consensus, which it had asked for too early and would ask for again by and by, and
// waits until it has the descriptors too. Clients get them from the exits.
func (n *Network) informed(ctx context.Context) error {
	for _, exit := range n.relays[authorities:] {
		if err := exit.ask(ctx, "SIGNAL RELOAD"); err != nil {
			return fmt.Errorf("%q of the Tor network: %w", exit.name, err)
		}
	}
	for _, exit := range n.relays[authorities:] {
		if err := retry(ctx, exit.described); err != nil {
			return fmt.Errorf("%q of the Tor network: %w", exit.name, err)
		}
	}
	return nil
}
