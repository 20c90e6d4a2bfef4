package otr

import "traboule/im"

// verify tells a step of a verification.
func (s *Stage) verify(p *peer, e SMP) {
	p.verifying = e.Step == im.SMPRequested || e.Step == im.SMPProgress
	s.emit(im.SMPChanged{
		On: im.On{Account: p.desk.account}, Peer: p.jid, Step: e.Step, Question: e.Question, Progress: e.Progress,
	})
}

// smp carries out a request about a verification, in the session that there is with a peer.
func (s *Stage) smp(d *desk, r im.Request, to im.JID, op func(Conversation, func(Result, error)), began bool) {
	p := d.peers[to]
	if p == nil {
		s.done(r, &im.Failure{Code: im.CodeNotEncrypted})
		return
	}
	s.inTurn(p, 0, func() {
		if p.phase != im.OTREncrypted {
			s.done(r, &im.Failure{Code: im.CodeNotEncrypted})
			return
		}
		s.ask(p, op, func(res Result, err error) {
			if err == nil && began {
				p.verifying = true
			}
			s.post(p, res.Send)
			s.settle(p, res, err)
			s.done(r, failure(err))
		})
	})
}

// fetchKey tells the fingerprint of an account's own key.
func (s *Stage) fetchKey(d *desk, r im.FetchOTRKey) {
	s.engine.MakeKey(d.account, 0, func(k Key, err error) {
		if err != nil {
			s.done(r, failure(err))
			return
		}
		s.emit(im.Done{On: im.On{Account: d.account}, Request: r.ID, Result: im.OTRKeyResult{Fingerprint: k.Fingerprint}})
	})
}
