package tornet

import (
	"reflect"
	"testing"
)

func TestParseCircuits(t *testing.T) {
	t.Parallel()
	circuits := []string{
		"circuit-status=",
		"16 LAUNCHED BUILD_FLAGS=IS_INTERNAL PURPOSE=HS_VANGUARDS",
		`5 BUILT $AA~authority1,$BB~exit2,$CC~exit0 BUILD_FLAGS=NEED_CAPACITY PURPOSE=GENERAL TIME_CREATED=2026-11-22T20:10:11.000001 SOCKS_USERNAME="ana" SOCKS_PASSWORD="secret"`,
		"OK",
	}
	want := []Circuit{
		{
			ID: "5", Status: "BUILT", Purpose: "GENERAL", Path: []string{"authority1", "exit2", "exit0"}, User: "ana", Password: "secret",
			Targets: []string{"marche.test:5222", "marche.test:5223"},
		},
		{ID: "16", Status: "LAUNCHED", Purpose: "HS_VANGUARDS"},
	}
	streams := []string{"stream-status=", "1 SUCCEEDED 5 marche.test:5222", "2 SUCCEEDED 5 marche.test:5223", "3 SENTCONNECT 5 other.test:80", "4 NEW 0 other.test:80", "OK"}
	if got, err := parseCircuits(circuits, streams); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("several: %+v, %v", got, err)
	}
	// A single one stands in the first line.
	want[0].Targets = []string{"marche.test:5222"}
	got, err := parseCircuits([]string{"circuit-status=" + circuits[2]}, []string{"stream-status=1 SUCCEEDED 5 marche.test:5222"})
	if err != nil || !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("one: %+v, %v", got, err)
	}
	if got, err := parseCircuits([]string{"circuit-status="}, []string{"stream-status="}); err != nil || len(got) > 0 {
		t.Errorf("none: %+v, %v", got, err)
	}
	for _, broken := range [][2]string{{"5", "1 SUCCEEDED 5 a:1"}, {"5 BUILT", "1 SUCCEEDED"}} {
		if got, err := parseCircuits([]string{"circuit-status=" + broken[0]}, []string{"stream-status=" + broken[1]}); err == nil {
			t.Errorf("%q: %+v, want an error", broken, got)
		}
	}
}
