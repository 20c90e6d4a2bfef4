package crowd_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"traboule/internal/crowd"
	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

func TestCrowdGreetsAndTalks(t *testing.T) {
	const occupants, password = 50, "secret"
	server := prosody.New(t, prosody.Options{Users: map[string]string{"ana@localhost": password}, Component: crowd.Host})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	service, err := crowd.Connect(ctx, server.ComponentAddr, server.ComponentSecret, occupants)
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	ana, err := rawclient.Dial(ctx, rawclient.Account{
		Addr: server.DirectAddr, Roots: server.CA.Pool(), Local: "ana", Domain: "localhost", Password: password,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer ana.Close()
	if err := ana.Send(`<presence to='` + crowd.Room + `/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`); err != nil {
		t.Fatal(err)
	}
	for i := range occupants {
		next, err := ana.Next()
		if err != nil || !strings.Contains(next, crowd.Nick(i)) {
			t.Fatalf("occupant %d: %q, %v", i, next, err)
		}
	}
	if _, err := ana.Await(ctx, "110"); err != nil {
		t.Fatal(err)
	}
	if err := service.Say(<-service.Joined(), 3, func(i int) string { return fmt.Sprint("texte ", i) }); err != nil {
		t.Fatal(err)
	}
	if _, err := ana.Await(ctx, "texte 2"); err != nil {
		t.Fatal(err)
	}
}
