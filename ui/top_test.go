package ui

import (
	"fmt"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// waiting is an account that waits for a Tor that is as given.
func waiting(t im.Tor) core.View {
	v := sampleStart()
	v.Tor = t
	return v
}

// online is an account that is connected this way, while Tor is as given.
func online(via im.Via, t im.Tor) core.View {
	v := sampleRoom()
	v.Accounts[0].Via, v.Tor = via, t
	return v
}

// TestTopLine draws the top line of each way out and each trouble with Tor, on narrow screens and on a wide one, in words and
// colours.
func TestTopLine(t *testing.T) {
	ready := im.Tor{Phase: im.TorReady, Progress: 100, Where: "127.0.0.1:9050", Proved: true}
	for _, lang := range []string{"en", "fr"} {
		var out strings.Builder
		for _, v := range []core.View{
			waiting(im.Tor{Phase: im.TorLooking}),
			waiting(im.Tor{Phase: im.TorStarting, Own: true}),
			waiting(im.Tor{Phase: im.TorBootstrapping, Progress: 45, Own: true}),
			waiting(im.Tor{Phase: im.TorBootstrapping, Progress: 5, Own: true, Warning: im.TorNoNetwork}),
			waiting(im.Tor{Phase: im.TorBootstrapping, Progress: 10, Own: true, Warning: im.TorClockWrong}),
			waiting(im.Tor{Phase: im.TorBootstrapping, Progress: 30, Own: true, Warning: im.TorBlocked}),
			waiting(im.Tor{Phase: im.TorGone}),
			online(im.ViaTor, ready), online(im.ViaOnion, ready),
			online(im.ViaTor, im.Tor{Phase: im.TorReady, Warning: im.TorNoNetwork}), online(im.ViaOnion, im.Tor{Phase: im.TorGone}),
			online(im.ViaSOCKS, im.Tor{Phase: im.TorReady, Where: "192.0.2.1:1080"}), online(im.ViaDirect, im.Tor{}),
		} {
			for _, width := range []int{40, 60, 100} {
				s := newStage(t, Options{Printer: printer(lang)}, width, 24)
				s.show(v)
				row, _, _ := strings.Cut(s.text(), "\n")
				look, _, _ := strings.Cut(s.styles(), "\n")
				fmt.Fprintf(&out, "%s\n    %s\n", row, look)
			}
		}
		golden(t, "top-"+lang, out.String())
	}
}

// TestTopLineKeepsItsFacts: the account and the way out can be read at any width, without colour, whatever else is said.
func TestTopLineKeepsItsFacts(t *testing.T) {
	ways := map[im.Via]string{im.ViaTor: "Tor", im.ViaOnion: "Tor (on", im.ViaSOCKS: "unknown", im.ViaDirect: "TOR"}
	for via, word := range ways {
		for state := im.Disconnected; state <= im.Failed; state++ {
			for width := 40; width <= 300; width += 52 {
				v := online(via, im.Tor{Phase: im.TorGone})
				v.Accounts[0].State, v.Accounts[0].Err = state, &im.Failure{Code: im.CodeTorMissing}
				s := newStage(t, Options{Theme: Theme{Name: "mono"}}, width, 24)
				s.show(v)
				row, _, _ := strings.Cut(s.text(), "\n")
				if !strings.HasPrefix(row, " ana@exa") || !strings.Contains(row, word) {
					t.Errorf("state %d, %d columns: %q lacks the account or %q", state, width, row, word)
				}
			}
		}
	}
}
