package core

// seqShift is how far the microseconds of a time are shifted to make a Seq: so many lines of one microsecond have a place
// of their own.
const seqShift = 10

// nextSeq is the Seq that a line of now gets, unless those before it in its conversation have reached it already.
func (c *Core) nextSeq() uint64 {
	micro := c.now.UnixMicro()
	if micro < 0 {
		return c.floor
	}
	return max(uint64(micro)<<seqShift, c.floor)
}
