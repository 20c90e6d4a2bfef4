package tornet_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"traboule/dial"
)

// TestExitsSurviveRefusals asks for addresses outside this machine, which every exit refuses, and then for one inside.
func TestExitsSurviveRefusals(t *testing.T) {
	n := running(t)
	_, port := greeter(t)
	n.Names.SetHost("refus.test", "127.0.0.1")
	d := dial.New(dial.Config{SOCKS: n.Client.SOCKS, Required: true})
	for i := range 20 {
		_, _, err := d.Dial(within(t, 20*time.Second), "192.0.2.1", 853, fmt.Sprint("refused ", i))
		if refusal := (*dial.Error)(nil); !errors.As(err, &refusal) {
			t.Errorf("an exit let a connection out of this machine: %v", err)
		}
		conn, err := greeted(within(t, 20*time.Second), d, "refus.test", port, fmt.Sprint("allowed ", i))
		if err != nil {
			t.Fatalf("after %d refusals: %v", i+1, err)
		}
		conn.Close()
	}
}
