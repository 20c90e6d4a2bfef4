package core

import (
	"slices"
	"time"
)

// alarm is something to be done later.
type alarm struct {
	at   time.Time
	what func()
}

// wakeAt has what done at a time, or as soon after as the loop comes round.
func (c *Core) wakeAt(at time.Time, what func()) *alarm {
	a := &alarm{at, what}
	c.alarms = append(c.alarms, a)
	return a
}

// cancel forgets an alarm; one that has rung, or none, is no fault.
func (c *Core) cancel(a *alarm) {
	if a == nil {
		return
	}
	a.what = func() {} // it may be among those that ring just now
	if i := slices.Index(c.alarms, a); i >= 0 {
		c.alarms = slices.Delete(c.alarms, i, i+1)
	}
}

// ring does what has come due, the earliest first. What it sets for the past rings with the next input.
func (c *Core) ring() {
	var due []*alarm
	kept := c.alarms[:0]
	for _, a := range c.alarms {
		if a.at.After(c.now) {
			kept = append(kept, a)
		} else {
			due = append(due, a)
		}
	}
	clear(c.alarms[len(kept):])
	c.alarms = kept
	slices.SortStableFunc(due, func(a, b *alarm) int { return a.at.Compare(b.at) })
	for _, a := range due {
		a.what()
	}
}

// nextAlarm returns when the earliest alarm is due, zero if there is none.
func (c *Core) nextAlarm() time.Time {
	var next time.Time
	for _, a := range c.alarms {
		if next.IsZero() || a.at.Before(next) {
			next = a.at
		}
	}
	return next
}
