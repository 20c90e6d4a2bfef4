package tornet

import "testing"

func TestOlderTorsKnowFewerSettings(t *testing.T) {
	t.Parallel()
	has := []string{"ORPort", "ExitPolicy"}
	if got, want := known(has, "ORPort 1\nConfluxEnabled 0\nExitPolicy accept *:*\n"), "ORPort 1\nExitPolicy accept *:*\n"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
}
