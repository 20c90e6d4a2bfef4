package tornet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// schedule says when authorities without a consensus make one: when the time is a multiple of interval, plus offset. Both
// are in seconds.
type schedule struct{ interval, offset int64 }

// quiet is a schedule by which nothing happens for a quarter of an hour.
func quiet(now time.Time) schedule {
	const interval = 30 * 60
	return schedule{interval, (now.Unix() + interval/2) % interval}
}

// ballot is a schedule by which a vote begins in a second or two, and ends with a consensus 4 s after that.
func ballot(now time.Time) schedule {
	const interval, delays, spare = 10, 4, 2
	return schedule{interval, (now.Unix() + delays + spare) % interval}
}

func (s schedule) torrc() string {
	return fmt.Sprintf("TestingV3AuthInitialVotingInterval %d\nTestingV3AuthVotingStartOffset %d\n", s.interval, s.offset)
}

func (s schedule) command() string {
	return fmt.Sprintf("SETCONF TestingV3AuthInitialVotingInterval=%d TestingV3AuthVotingStartOffset=%d", s.interval, s.offset)
}

// vote has the authorities make a consensus once they know all relays, and waits until all have it. If they made it by
// themselves and too early, it would lack some, and stay in use for long.
func (n *Network) vote(ctx context.Context) error {
	if err := each(ctx, n.authorities, (*node).collected); err != nil {
		return err
	}
	if err := n.writeBandwidths(time.Now()); err != nil {
		return err
	}
	command := ballot(time.Now()).command()
	if err := each(ctx, n.authorities, func(n *node, ctx context.Context) error { return n.ask(ctx, command) }); err != nil {
		return err
	}
	return each(ctx, n.authorities, (*node).agreed)
}

// writeBandwidths tells the authorities how fast the relays are. Without that one relay that has seen some traffic may stand
// against six that have seen none: every circuit would lead to it, and with luck begin elsewhere.
func (n *Network) writeBandwidths(now time.Time) error {
	// As much as an authority has seen by now, in kB/s: what is told about authorities does not count.
	const each = 2
	text := fmt.Appendln(nil, now.Unix())
	for _, relay := range n.exits {
		fingerprint, err := readFingerprint(relay.file(dataFolder))
		if err != nil {
			return err
		}
		text = fmt.Appendf(text, "node_id=$%s bw=%d\n", fingerprint, each)
	}
	return os.WriteFile(n.file(bandwidthFile), text, 0o600)
}

// inform has each exit fetch the consensus, which it had asked for too early and would ask for again by and by, and waits
// until it has the descriptors of all relays too. A tor that gets nothing from an exit asks again after 10 s.
func (n *Network) inform(ctx context.Context) error {
	if err := each(ctx, n.exits, func(n *node, ctx context.Context) error { return n.ask(ctx, "SIGNAL RELOAD") }); err != nil {
		return err
	}
	return each(ctx, n.exits, (*node).informed)
}

// each does something at each of some nodes until it works, one after the other.
func each(ctx context.Context, nodes []*node, do func(*node, context.Context) error) error {
	for _, node := range nodes {
		if err := retry(ctx, func(ctx context.Context) error { return do(node, ctx) }); err != nil {
			return fmt.Errorf("%q of the Tor network: %w", node.name, err)
		}
	}
	return nil
}

// retry does something until it works, or until ctx is done.
func retry(ctx context.Context, do func(context.Context) error) error {
	for {
		err := do(ctx)
		if err == nil {
			return nil
		}
		if !sleep(ctx, pollEvery) {
			return errors.Join(ctx.Err(), err)
		}
	}
}
