package tornet

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// The network of tor's manual, section "TESTING NETWORK OPTIONS", made as small and quick as it works.
const (
	authorityCount = 3
	exitCount      = 4
	relayCount     = authorityCount + exitCount

	// A circuit takes milliseconds here: one that does not get on is given up soon, whatever tor learns from a machine whose
	// load changes.
	commonSettings = `TestingTorNetwork 1
AssumeReachable 1
PathsNeededToBuildCircuits 0.25
UseMicrodescriptors 0
ConfluxEnabled 0
VanguardsLiteEnabled 0
LearnCircuitBuildTimeout 0
CircuitBuildTimeout 5
`
	// A guard may be chosen for the last relay too; the one between would lead back to where it was reached from, and must
	// refuse. On a network of this size that happens all the time. Padding would keep circuits open after their end.
	clientSettings = `UseEntryGuards 0
CircuitPadding 0
DormantTimeoutEnabled 0
`
	nodeSettings = `ShutdownWaitLength 0
AvoidDiskWrites 1
Log notice stdout
`
	// Whatever a relay opens begins on loopback, so it ends there too.
	relaySettings = `Address 127.0.0.1
OutboundBindAddress 127.0.0.1
AddressDisableIPv6 1
SocksPort 0
`
	authoritySettings = `AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 12
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
`
	// An exit is kept on loopback by where its connections begin, not by its policy: when an exit refuses an address by its
	// policy, the client's tor takes it for one that refuses everything from then on, and soon has none left. It may get
	// to know the other relays only with the next consensus.
	exitSettings = `ExitRelay 1
ExitPolicyRejectPrivate 0
ExitPolicy accept *:*
ServerDNSDetectHijacking 0
RefuseUnknownExits 0
`
)

// settings are what every relay has, and what every other tor needs to join.
func (t tools) settings(ctx context.Context, all []authority) (relay, client string, err error) {
	var common strings.Builder
	common.WriteString(commonSettings)
	for i, a := range all {
		fmt.Fprintf(&common, "DirAuthority %s orport=%d no-v2 v3ident=%s 127.0.0.1:%d %s\n",
			authorityName(i), a.orPort, a.identity, a.dirPort, a.fingerprint)
	}
	output, err := exec.CommandContext(ctx, t.tor, "--list-torrc-options").Output()
	if err != nil {
		return "", "", fmt.Errorf("tor's settings: %w", err)
	}
	has := strings.Fields(string(output))
	return known(has, common.String()+nodeSettings+relaySettings), known(has, common.String()+clientSettings), nil
}

// known keeps of some settings those that a tor has: not all of them are as old as the tors in use.
func known(has []string, settings string) string {
	var kept strings.Builder
	for line := range strings.Lines(settings) {
		if name, _, _ := strings.Cut(line, " "); slices.Contains(has, name) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
