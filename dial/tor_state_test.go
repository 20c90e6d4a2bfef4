package dial

import (
	"testing"
	"time"
)

func TestTorSays(t *testing.T) {
	at := func(progress int, warning TorWarning) TorState {
		return TorState{Phase: TorBootstrapping, Progress: progress, Warning: warning}
	}
	skewed := at(10, TorClockWrong)
	skewed.Skew = -3600 * time.Second
	const problem = `STATUS_CLIENT WARN BOOTSTRAP PROGRESS=5 TAG=conn SUMMARY="Connecting to a relay" WARNING="Connection timed out" COUNT=12 `
	for name, c := range map[string]struct {
		before   TorState
		line     string
		phase    TorPhase
		progress int
		warning  TorWarning
		skew     time.Duration
	}{
		"asked":             {at(0, NoWarning), `status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=45 TAG=requesting_descriptors SUMMARY="Asking for relay descriptors"`, TorBootstrapping, 45, NoWarning, 0},
		"asked, done":       {at(0, TorNoNetwork), `status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"`, TorReady, 100, NoWarning, 0},
		"asked, in trouble": {at(0, NoWarning), `status/bootstrap-phase=WARN BOOTSTRAP PROGRESS=5 TAG=conn SUMMARY="Connecting" WARNING="No route" REASON=NOROUTE COUNT=9 RECOMMENDATION=warn`, TorBootstrapping, 5, TorNoNetwork, 0},
		"event":             {at(5, TorNoNetwork), `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=10 TAG=conn_done SUMMARY="Connected to a relay"`, TorBootstrapping, 10, NoWarning, 0},
		"same again":        {at(5, TorNoNetwork), `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=5 TAG=conn SUMMARY="Connecting to a relay"`, TorBootstrapping, 5, TorNoNetwork, 0},
		"done":              {skewed, `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"`, TorReady, 100, NoWarning, 0},
		"small problem":     {at(5, NoWarning), problem + "REASON=TIMEOUT RECOMMENDATION=ignore", TorBootstrapping, 5, NoWarning, 0},
		"no answer":         {at(5, NoWarning), problem + "REASON=TIMEOUT RECOMMENDATION=warn", TorBootstrapping, 5, TorNoNetwork, 0},
		"refused":           {at(5, NoWarning), problem + "REASON=CONNECTREFUSED RECOMMENDATION=warn", TorBootstrapping, 5, TorBlocked, 0},
		"clock":             {at(10, TorNoNetwork), `STATUS_GENERAL WARN CLOCK_SKEW SKEW=-3600 SOURCE=DIRSERV:192.0.2.1:9001`, TorBootstrapping, 10, TorClockWrong, -time.Hour},
		"clock, no number":  {at(10, NoWarning), `STATUS_GENERAL WARN CLOCK_SKEW SKEW=x SOURCE=CONSENSUS`, TorBootstrapping, 10, TorClockWrong, 0},
		"clock stays":       {skewed, `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=15 TAG=x SUMMARY="y"`, TorBootstrapping, 15, TorClockWrong, -time.Hour},
		"clock before all":  {skewed, `NETWORK_LIVENESS DOWN`, TorBootstrapping, 10, TorClockWrong, -time.Hour},
		"clock jumped":      {at(100, NoWarning), `STATUS_GENERAL NOTICE CLOCK_JUMPED TIME=7200`, TorBootstrapping, 100, TorClockWrong, 0},
		"no circuits":       {at(100, NoWarning), `STATUS_CLIENT NOTICE CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED`, TorBootstrapping, 100, TorClockWrong, 0},
		"circuits":          {skewed, `STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED`, TorBootstrapping, 10, NoWarning, 0},
		"network down":      {at(100, NoWarning), `NETWORK_LIVENESS DOWN`, TorBootstrapping, 100, TorNoNetwork, 0},
		"network up":        {at(100, TorNoNetwork), `NETWORK_LIVENESS UP`, TorBootstrapping, 100, NoWarning, 0},
		"too much":          {at(10, NoWarning), `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=101 TAG=done SUMMARY="Done"`, TorBootstrapping, 10, NoWarning, 0},
		"too little":        {at(10, NoWarning), `STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=-1`, TorBootstrapping, 10, NoWarning, 0},
		"nothing":           {at(10, NoWarning), `STATUS_CLIENT NOTICE BOOTSTRAP`, TorBootstrapping, 10, NoWarning, 0},
		"other words":       {at(10, NoWarning), `OK`, TorBootstrapping, 10, NoWarning, 0},
		"empty":             {at(10, NoWarning), ``, TorBootstrapping, 10, NoWarning, 0},
	} {
		s := c.before
		s.hear(c.line)
		if s.Phase != c.phase || s.Progress != c.progress || s.Warning != c.warning || s.Skew != c.skew {
			t.Errorf("%s: %+v", name, s)
		}
	}
	s := at(0, NoWarning)
	s.hear(`STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=10 TAG=conn_done SUMMARY="Connected to a relay"`)
	if s.Tag != "conn_done" || s.Summary != "Connected to a relay" {
		t.Errorf("%+v", s)
	}
}
