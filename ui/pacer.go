package ui

import "time"

// frameTime is the shortest time between two frames that nobody asked for by a key.
const frameTime = 16 * time.Millisecond

// pacer spaces the frames that updates ask for. Its timer runs only while a frame is owed.
type pacer struct {
	last  time.Time
	timer *time.Timer
}

// due reports whether to draw now; if it is too early, wait will tell when.
func (p *pacer) due() bool {
	if p.timer != nil {
		return false
	}
	if early := frameTime - time.Since(p.last); early > 0 {
		p.timer = time.NewTimer(early)
		return false
	}
	p.last = time.Now()
	return true
}

// wait returns a channel that tells when the owed frame is due, nil if none is owed.
func (p *pacer) wait() <-chan time.Time {
	if p.timer == nil {
		return nil
	}
	return p.timer.C
}

// drawn notes that a frame is drawn now.
func (p *pacer) drawn() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.last, p.timer = time.Now(), nil
}
