package tornet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// schedule is when authorities make a consensus: whenever the time is a multiple of votingInterval, plus the schedule, in
// seconds. It is the same for the first consensus and for later ones. With a short interval for the first, as tor's manual
// proposes, the schedule can not be longer than that either, so the second followed at the next full half hour; and who starts
// after it asks the exits for descriptors that they have not got yet.
type schedule int64

// votingInterval is the longest that a testing network may have, in seconds.
const votingInterval = 30 * 60

// quiet is a schedule by which nothing happens for a quarter of an hour.
func quiet(now time.Time) schedule { return next(now, votingInterval/2) }

// ballot is a schedule by which a vote begins in a second or two, and ends with a consensus 4 s after that; the next is half
// an hour later.
func ballot(now time.Time) schedule {
	const delays, spare = 4, 2
	return next(now, delays+spare)
}

// next is a schedule by which there is a consensus in so many seconds.
func next(now time.Time, seconds int64) schedule {
	return schedule((now.Unix() + seconds) % votingInterval)
}

func (s schedule) torrc() string {
	return fmt.Sprintf("TestingV3AuthInitialVotingInterval %d\nV3AuthVotingInterval %d\nTestingV3AuthVotingStartOffset %d\n",
		votingInterval, votingInterval, s)
}

func (s schedule) command() string {
	return fmt.Sprintf("SETCONF TestingV3AuthVotingStartOffset=%d", s)
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
	for {
		err := n.ballot(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// ballotWait is how long one vote may take. One that an authority was too late for is held again.
const ballotWait = 20 * time.Second

// ballot has the authorities vote once.
func (n *Network) ballot(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ballotWait)
	defer cancel()
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
