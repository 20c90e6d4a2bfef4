package daemon

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// FreePorts returns n different TCP ports that were free on 127.0.0.1 a moment ago. They are below those that the system gives
// out by itself, for one of which any connection may be on its way: a server that ends and comes back finds its own free.
func FreePorts(n int) ([]int, error) {
	const lowest, highest, tries = 20000, 32000, 1000
	var ports []int
	for range tries {
		if len(ports) == n {
			return ports, nil
		}
		port := lowest + rand.IntN(highest-lowest)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		// All stay taken until all are found, so that they differ.
		defer listener.Close()
		ports = append(ports, port)
	}
	return nil, fmt.Errorf("no %d free ports from %d to %d", n, lowest, highest)
}
