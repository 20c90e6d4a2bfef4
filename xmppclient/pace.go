package xmppclient

import "time"

// Pace says how patient a Client is.
type Pace struct {
	// FirstRetry and LongestRetry bound the wait before another attempt to connect; it doubles in between.
	FirstRetry, LongestRetry time.Duration
	// Dial bounds the opening of a stream to one candidate, Login all that follows until the session stands.
	Dial, Login time.Duration
	// Write bounds one write; a connection that takes no bytes for so long is dead.
	Write time.Duration
	// Keepalive is how long nothing is written before a space is (RFC 6120 §4.6.1).
	Keepalive time.Duration
	// Silence is how long nothing is read before the server is asked whether it lives, Answer how long it has to reply.
	Silence, Answer time.Duration
	// Farewell is how long the server has to close the stream after we did.
	Farewell time.Duration
}

// DefaultPace suits a person on a slow and unsteady network, Tor included, and lets an idle machine sleep.
func DefaultPace() Pace {
	return Pace{
		FirstRetry: time.Second, LongestRetry: 2 * time.Minute,
		Dial: time.Minute, Login: time.Minute, Write: 20 * time.Second,
		Keepalive: time.Minute, Silence: 3 * time.Minute, Answer: 30 * time.Second,
		Farewell: 2 * time.Second,
	}
}

func (p Pace) orDefault() Pace {
	d := DefaultPace()
	for _, f := range []struct{ have, want *time.Duration }{
		{&p.FirstRetry, &d.FirstRetry}, {&p.LongestRetry, &d.LongestRetry}, {&p.Dial, &d.Dial}, {&p.Login, &d.Login},
		{&p.Write, &d.Write}, {&p.Keepalive, &d.Keepalive}, {&p.Silence, &d.Silence}, {&p.Answer, &d.Answer},
		{&p.Farewell, &d.Farewell},
	} {
		if *f.have == 0 {
			*f.have = *f.want
		}
	}
	return p
}
