package tornet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The files in the network's folder beside those of the nodes.
const (
	fragmentFile = "network"
	resolverFile = "resolver"
)

// portsNeeded are two for each authority, for relays and for the directory, one for each exit, and for the client's tor
// those of SOCKS and control.
const portsNeeded = 2*authorities + exits + 2

// plan chooses all ports and writes all settings.
func (n *Network) plan(ctx context.Context, keys []authority) error {
	ports, err := freePorts(portsNeeded)
	if err != nil {
		return err
	}
	take := func() uint16 {
		port := ports[0]
		ports = ports[1:]
		return port
	}
	orPorts, dirPorts := make([]uint16, authorities), make([]uint16, authorities)
	var lines strings.Builder
	for i, a := range keys {
		orPorts[i], dirPorts[i] = take(), take()
		lines.WriteString(dirAuthority(authorityName(i), a, orPorts[i], dirPorts[i]))
	}
	common, err := n.tools.known(ctx, commonSettings+lines.String())
	if err != nil {
		return err
	}
	if err := n.writeShared(common); err != nil {
		return err
	}
	common += nodeSettings
	for i, a := range keys {
		if err := n.planAuthority(common, i, a, orPorts[i], dirPorts[i]); err != nil {
			return err
		}
	}
	for i := range exits {
		if err := n.planExit(common, i, take()); err != nil {
			return err
		}
	}
	if n.services, err = newNode(n.dir, "services", common+"SocksPort 0\n", nil); err != nil {
		return err
	}
	return n.planClient(common, take(), take())
}

func authorityName(i int) string { return fmt.Sprintf("authority%d", i) }

// writeShared writes the files that do not belong to one node.
func (n *Network) writeShared(common string) error {
	n.Fragment = n.file(fragmentFile)
	if err := os.WriteFile(n.Fragment, []byte(common), 0o600); err != nil {
		return err
	}
	return os.WriteFile(n.file(resolverFile), fmt.Appendf(nil, "nameserver 127.0.0.1:%d\n", n.Names.Port), 0o600)
}

func (n *Network) planAuthority(common string, i int, a authority, orPort, dirPort uint16) error {
	settings := common + relaySettings + authoritySettings + fmt.Sprintf("ORPort 127.0.0.1:%d\nDirPort 127.0.0.1:%d\n", orPort, dirPort)
	return n.addRelay(newNode(n.dir, authorityName(i), settings, a.keys, orPort, dirPort))
}

func (n *Network) planExit(common string, i int, orPort uint16) error {
	settings := common + relaySettings + exitSettings +
		fmt.Sprintf("ORPort 127.0.0.1:%d\nServerDNSResolvConfFile \"%s\"\n", orPort, n.file(resolverFile))
	return n.addRelay(newNode(n.dir, fmt.Sprintf("exit%d", i), settings, nil, orPort))
}

func (n *Network) addRelay(relay *node, err error) error {
	if err == nil {
		n.relays = append(n.relays, relay)
	}
	return err
}

func (n *Network) planClient(common string, socks, control uint16) error {
	const name = "client"
	n.SOCKS, n.Control = fmt.Sprintf("127.0.0.1:%d", socks), fmt.Sprintf("127.0.0.1:%d", control)
	socket := filepath.Join(n.dir, name, socksSocket)
	settings := common + fmt.Sprintf("SocksPort %s ExtendedErrors\nSocksPort unix:\"%s\" ExtendedErrors\nControlPort %s\n", n.SOCKS, socket, n.Control)
	var err error
	if n.client, err = newNode(n.dir, name, settings, nil, socks, control); err != nil {
		return err
	}
	n.Socket, n.Cookie = "unix:"+socket, n.client.file(cookieFile)
	return nil
}
