package tornet

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// The files in the network's folder beside those of the nodes.
const (
	fragmentFile  = "network"
	resolverFile  = "resolver"
	bandwidthFile = "bandwidths"
)

// portsNeeded are two for each authority, for relays and for the directory, and one for each exit.
const portsNeeded = 2*authorityCount + exitCount

// plan chooses all ports and writes all settings.
func (n *Network) plan(ctx context.Context, keys []authority) error {
	ports, err := freePorts(portsNeeded)
	if err != nil {
		return err
	}
	all := slices.Clone(keys)
	for i := range all {
		all[i].orPort, all[i].dirPort, ports = ports[0], ports[1], ports[2:]
	}
	relay, client, err := n.tools.settings(ctx, all)
	if err != nil {
		return err
	}
	n.settings = client
	if err := n.writeShared(); err != nil {
		return err
	}
	for i, a := range all {
		if err := n.planAuthority(relay, i, a); err != nil {
			return err
		}
	}
	for i := range exitCount {
		if err := n.planExit(relay, i, ports[i]); err != nil {
			return err
		}
	}
	if n.services, err = newNode(n.folder.path, "services", client+nodeSettings+"SocksPort 0\n", nil); err != nil {
		return err
	}
	n.Client, err = n.planClient()
	return err
}

func authorityName(i int) string { return fmt.Sprintf("authority%d", i) }

// writeShared writes the files that do not belong to one node.
func (n *Network) writeShared() error {
	n.Fragment = n.file(fragmentFile)
	if err := os.WriteFile(n.Fragment, []byte(n.settings), 0o600); err != nil {
		return err
	}
	return os.WriteFile(n.file(resolverFile), fmt.Appendf(nil, "nameserver 127.0.0.1:%d\n", n.Names.Port), 0o600)
}

func (n *Network) planAuthority(relay string, i int, a authority) error {
	settings := relay + authoritySettings + quiet(time.Now()).torrc() +
		fmt.Sprintf("ORPort 127.0.0.1:%d\nDirPort 127.0.0.1:%d\nV3BandwidthsFile \"%s\"\n", a.orPort, a.dirPort, n.file(bandwidthFile))
	node, err := newNode(n.folder.path, authorityName(i), settings, a.keys, a.orPort, a.dirPort)
	n.authorities = append(n.authorities, node)
	return err
}

func (n *Network) planExit(relay string, i int, orPort uint16) error {
	settings := relay + exitSettings +
		fmt.Sprintf("ORPort 127.0.0.1:%d\nServerDNSResolvConfFile \"%s\"\n", orPort, n.file(resolverFile))
	node, err := newNode(n.folder.path, fmt.Sprintf("exit%d", i), settings, nil, orPort)
	n.exits = append(n.exits, node)
	return err
}
