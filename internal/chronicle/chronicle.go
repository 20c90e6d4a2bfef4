// Package chronicle makes up what was said in five years, for benchmarks: a million messages in conversations of which some are
// loud, always the same ones. It must not keep them anywhere.
package chronicle

import (
	"fmt"
	"math/rand"
	"strconv"
	"strings"
	"time"

	"traboule/im"
)

// Messages is how many there are to be, and Conversations in how many conversations.
const (
	Messages      = 1_000_000
	Conversations = 50
)

// apart is the time from one message to the next.
const apart = 157 * time.Second

// words is how many there are.
const words = 60000

// Writer makes up messages.
type Writer struct {
	account im.JID
	kind    im.Kind
	peer    func(n int) im.JID

	random *rand.Rand
	words  *rand.Zipf
	peers  *rand.Zipf
	n      int
}

// New returns a Writer of messages of one kind, of which peer n is the other end, below Conversations.
func New(account im.JID, kind im.Kind, peer func(n int) im.JID) *Writer {
	random := rand.New(rand.NewSource(1))
	return &Writer{
		account: account, kind: kind, peer: peer,
		random: random, words: rand.NewZipf(random, 1.1, 3, words), peers: rand.NewZipf(random, 1.2, 2, Conversations-1),
	}
}

// Word spells a number below 60,000, of which the low ones are common, so that common words have common beginnings.
func Word(n uint64) string {
	const first, then = "etaoinshrdlcumfpgwyb", "aeioutrnsl"
	s := []byte{first[n%uint64(len(first))]}
	for n /= 3; n > 0; n /= uint64(len(then)) {
		s = append(s, then[n%uint64(len(then))], first[n%7])
	}
	return string(s)
}

// Records makes up the next n messages.
func (w *Writer) Records(n int) []im.Record {
	all := make([]im.Record, n)
	for i := range all {
		all[i] = w.message()
	}
	return all
}

func (w *Writer) message() im.MessageRecord {
	var body strings.Builder
	for range 4 + w.random.Intn(12) {
		body.WriteString(Word(w.words.Uint64()) + " ")
	}
	peer := int(w.peers.Uint64())
	nick := fmt.Sprintf("nick%d", w.random.Intn(40))
	w.n++
	id := fmt.Sprintf("%08x-%08x-%08x", w.random.Uint32(), w.random.Uint32(), w.random.Uint32())
	return im.MessageRecord{Kept: im.Kept{Account: w.account}, Message: im.StoredMessage{
		Peer: w.peer(peer), Kind: w.kind, Seq: uint64(w.n) << 20,
		Time: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(w.n) * apart),
		From: nick, Sender: "occupant-" + nick, ID: id, OriginID: id, StanzaID: strconv.FormatUint(w.random.Uint64(), 36), Body: body.String(),
	}}
}
