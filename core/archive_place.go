package core

import "time"

// place gives messages their Seq: behind those before the absence, before those of the session after it, and between those
// that are known.
func (ar *archive) place(id ConversationID, messages []*archived) {
	lower := max(ar.lower, ar.last[id])
	for i := 0; i < len(messages); {
		if messages[i].known {
			lower = max(lower, messages[i].line.Seq)
			i++
			continue
		}
		end := i
		for end < len(messages) && !messages[end].known {
			end++
		}
		lower = placeBetween(messages[i:end], lower, ar.upper(messages[end:], lower))
		i = end
	}
	ar.last[id], ar.above = lower, max(ar.above, lower)
}

// upper is what lines lie below that come before others, and after lower.
func (ar *archive) upper(others []*archived, lower uint64) uint64 {
	upper := ar.absences[len(ar.absences)-1].Upper
	for _, a := range ar.absences {
		if a.Upper > lower {
			upper = a.Upper - roomAfter
			break
		}
	}
	if len(others) > 0 && others[0].line.Seq > lower {
		upper = min(upper, others[0].line.Seq)
	}
	return upper
}

// placeBetween gives messages their Seq between two others, as close as need be, and returns the last.
func placeBetween(messages []*archived, lower, upper uint64) uint64 {
	seqs := spread(timesOf(messages), lower, max(upper, lower+uint64(len(messages))+1))
	for i, m := range messages {
		m.line.Seq = seqs[i]
	}
	return seqs[len(seqs)-1]
}

func timesOf(messages []*archived) []time.Time {
	times := make([]time.Time, len(messages))
	for i, m := range messages {
		times[i] = m.line.Time
	}
	return times
}
