package dial

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestTorNeeds(t *testing.T) {
	where, _ := besides(t, controlled("unix:/nowhere", "100"))
	_, socks := splitPlace(where)
	found, _ := run(t, TorConfig{SOCKS: where})
	if err := found.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	// The control port is needed though this one did not let us in: the next Tor at this place may.
	want := []string{"unix " + socks, "unix " + filepath.Join(filepath.Dir(socks), "control")}
	if n := found.Needs(); !slices.Equal(n.Addresses, want) || n.Folder != "" || n.Command != nil {
		t.Errorf("needs %+v, want %q", n, want)
	}

	base := shortTempDir(t)
	mine, _ := run(t, own(base))
	if err := mine.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	n := mine.Needs()
	folder := n.Folder
	want = []string{"unix " + folder + "/socks", "unix " + folder + "/control"}
	if filepath.Dir(folder) != base || !slices.Equal(n.Addresses, want) || len(n.Command) == 0 || n.Cookie != folder+"/cookie" {
		t.Errorf("needs %+v, want %q", n, want)
	}
}

func TestTorWatch(t *testing.T) {
	tor, stop := run(t, TorConfig{Places: []string{}, NoStart: true})
	phases := make(chan TorPhase, 100)
	go func() {
		defer close(phases)
		tor.Watch(t.Context(), func(s TorState) { phases <- s.Phase })
	}()
	for phase := range phases {
		if phase == TorMissing {
			stop()
		}
		if phase == TorStopped {
			return
		}
	}
}
