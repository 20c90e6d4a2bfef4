package main

import (
	"context"
	"crypto/rand"
	"net"
	"sync"

	"traboule/app"
	"traboule/confine"
	"traboule/im"
	"traboule/otr"
)

// startOTR puts the stage of OTR between the clients of the accounts, which post to s.wire, and the loop. The clients of the
// loop are then the stage's.
func (s *session) startOTR(ctx context.Context, parts *sync.WaitGroup, clients map[im.JID]app.Client, ended func(error)) map[im.JID]app.Client {
	senders := map[im.JID]otr.Sender{}
	for account, client := range clients {
		senders[account] = client
	}
	var stage *otr.Stage
	options := otr.Options{Launch: s.launchOTR, Died: func(err error) { stage.Died(err) }}
	s.keepOTRKeys(ctx, &options)
	engine := otr.Start(ctx, options)
	stage = otr.NewStage(otr.StageOptions{
		Engine: engine, Clients: senders, Events: s.wire, Out: s.events, NewID: rand.Text, Heartbeats: s.settings.Disclose.Heartbeats,
	})
	s.loadOTRKeys(engine, ended)
	parts.Go(func() {
		defer engine.Close()
		ended(guard(func() error { return stage.Run(ctx) }))
	})
	staged := map[im.JID]app.Client{}
	for account := range clients {
		staged[account] = stage
	}
	return staged
}

// launchOTR starts the process that holds the keys.
func (s *session) launchOTR(ctx context.Context) (net.Conn, error) {
	if s.confined.Load() {
		return s.door.Attach(ctx, []string{otr.ChildName})
	}
	return confine.Attach(otr.ChildName)
}
