package store

import (
	"math"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// clock says what time it is.
type clock func() time.Time

// moment is how a time is kept: in microseconds since 1970, the zero time as NULL.
func moment(t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	return number(t.UnixMicro())
}

// sameMoment reports whether two times are kept as the same.
func sameMoment(a, b time.Time) bool {
	return a.IsZero() == b.IsZero() && a.UnixMicro() == b.UnixMicro()
}

func (c *columns) time() time.Time {
	at := c.next()
	if c.row.ColumnType(at) == sqlite3.NULL {
		return time.Time{}
	}
	return time.UnixMicro(c.row.ColumnInt64(at)).UTC()
}

// place is how a Seq is kept. SQLite counts no further than half of what it could be.
func place(seq uint64) value { return number(int64(min(seq, math.MaxInt64))) }

func (c *columns) place() uint64 { return uint64(c.row.ColumnInt64(c.next())) }
