package tornet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Circuit is a circuit of a client's tor.
type Circuit struct {
	ID string // a number, higher than those of circuits before
	// Status is LAUNCHED, BUILT, EXTENDED, …; Purpose is GENERAL, HS_CLIENT_REND, … (control-spec §4.1.1).
	Status, Purpose string
	// Path names the relays from here to the other end: authority0 to authority2 and exit0 to exit3.
	Path []string
	// User and Password are the SOCKS credentials that the circuit is for; empty if it is for nobody yet.
	User, Password string
	// Targets are the "host:port" of its open streams; once an exit has found the address of a name, it stands there instead.
	Targets []string
}

// Circuits returns the circuits of this tor, with the streams on them, in the order in which they were launched.
func (c *Client) Circuits(ctx context.Context) ([]Circuit, error) {
	control, err := c.node.control(ctx)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	lines, err := control.Ask("GETINFO circuit-status")
	if err != nil {
		return nil, err
	}
	streams, err := control.Ask("GETINFO stream-status")
	if err != nil {
		return nil, err
	}
	return parseCircuits(lines, streams)
}

// parseCircuits reads the answers to GETINFO circuit-status and stream-status.
func parseCircuits(lines, streams []string) ([]Circuit, error) {
	targets := map[string][]string{}
	for _, line := range values(streams, "stream-status=") {
		words := strings.Fields(line)
		if len(words) < 4 {
			return nil, fmt.Errorf("stream %q: want id, status, circuit and target", line)
		}
		if words[1] == "SUCCEEDED" {
			targets[words[2]] = append(targets[words[2]], words[3])
		}
	}
	var circuits []Circuit
	for _, line := range values(lines, "circuit-status=") {
		c, err := parseCircuit(line)
		if err != nil {
			return nil, err
		}
		c.Targets = targets[c.ID]
		circuits = append(circuits, c)
	}
	slices.SortFunc(circuits, func(a, b Circuit) int { return cmp.Or(len(a.ID)-len(b.ID), strings.Compare(a.ID, b.ID)) })
	return circuits, nil
}

// values returns the lines of an answer: without its key, after which the first may stand, and the "OK" at the end.
func values(lines []string, key string) []string {
	lines = slices.Clone(lines)
	lines[0] = strings.TrimPrefix(lines[0], key)
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" || line == "OK" })
}

// parseCircuit reads `ID STATUS $FP~NAME,$FP~NAME KEY=VALUE KEY="VALUE" …`. A path comes with the first hop.
func parseCircuit(line string) (Circuit, error) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return Circuit{}, fmt.Errorf("circuit %q: want id and status", line)
	}
	c := Circuit{ID: words[0], Status: words[1]}
	for _, word := range words[2:] {
		key, value, isKeyword := strings.Cut(word, "=")
		value = strings.Trim(value, `"`)
		switch {
		case !isKeyword:
			for relay := range strings.SplitSeq(word, ",") {
				_, name, _ := strings.Cut(relay, "~")
				c.Path = append(c.Path, name)
			}
		case key == "PURPOSE":
			c.Purpose = value
		case key == "SOCKS_USERNAME":
			c.User = value
		case key == "SOCKS_PASSWORD":
			c.Password = value
		}
	}
	return c, nil
}
