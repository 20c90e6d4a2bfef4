package core

import (
	"reflect"
	"strings"
	"testing"

	"traboule/im"
)

func TestSizesCoverTheTypes(t *testing.T) {
	for of, size := range map[reflect.Type]int{
		reflect.TypeFor[Line]():   lineSize,
		reflect.TypeFor[Notice](): noticeSize,
		reflect.TypeFor[Row]():    rowSize,
		reflect.TypeFor[origin](): originSize,

		reflect.TypeFor[im.Failure](): failureSize, reflect.TypeFor[OTRNotice](): otrSize,
	} {
		if real := int(of.Size()); real > size || size > real+128 {
			t.Errorf("%s takes %d bytes, weighed as %d", of, real, size)
		}
	}
}

// TestEveryTextIsWeighed fills each text of a line in turn: what is not weighed could grow without end.
func TestEveryTextIsWeighed(t *testing.T) {
	long := strings.Repeat("x", 1000)
	jid := im.MustJID("a@example.org/" + long)
	for name, line := range map[string]Line{
		"body": {Body: long}, "from": {From: long}, "id": {ID: long}, "sender": {origin: &origin{sender: long}}, "archive's id": {origin: &origin{stanzaID: long}},
		"address": {JID: jid},
		"failure": {Err: &im.Failure{Text: long}}, "detail": {Err: &im.Failure{Detail: long}},
		"condition": {Err: &im.Failure{Condition: long}}, "fingerprint": {Err: &im.Failure{Fingerprint: long}},
		"pinned": {Err: &im.Failure{Pinned: long}},

		"notice's text": {Notice: &Notice{Text: long}}, "reason": {Notice: &Notice{Reason: long}},
		"nick": {Notice: &Notice{Nick: long}}, "new nick": {Notice: &Notice{NewNick: long}}, "actor": {Notice: &Notice{Actor: long}},
		"argument": {Notice: &Notice{Argument: long}}, "suggestion": {Notice: &Notice{Suggestion: long}},
		"notice's address": {Notice: &Notice{JID: jid}}, "room": {Notice: &Notice{Room: jid}},
		"notice's failure": {Notice: &Notice{Err: &im.Failure{Text: long}}},
		"key":              {Notice: &Notice{OTR: &OTRNotice{Theirs: long}}}, "link": {Notice: &Notice{OTR: &OTRNotice{URI: long}}},
		"row's name":    {Notice: &Notice{List: []Row{{Name: long}}}},
		"row's status":  {Notice: &Notice{List: []Row{{Status: long}}}},
		"row's address": {Notice: &Notice{List: []Row{{JID: jid}}}},
	} {
		if w := weightOf(&line); w < lineSize+len(long) {
			t.Errorf("%s of %d bytes: weighs %d", name, len(long), w)
		}
	}
}

// A line that grows as it is changed, such as by a correction, may cost the oldest lines their place. It stays the line that
// was changed.
func TestChangedLinesMakeRoom(t *testing.T) {
	c := newTestCore()
	conv := c.open(ConversationID{ana, paulette}, Person)
	text := strings.Repeat("x", maxLogBytes/(chunkSize+50))
	for range chunkSize + 40 {
		c.append(conv, Line{Body: text})
	}
	line := *conv.log.At(conv.log.Len() - 1)
	line.Body = text + strings.Repeat(text, 20)
	changed := c.replace(conv, line)
	if conv.log.Len() != 40 || conv.log.At(39) != changed || changed.Seq != line.Seq || conv.weight > maxLogBytes {
		t.Errorf("%d lines of %d bytes; line %d became %d", conv.log.Len(), conv.weight, line.Seq, changed.Seq)
	}
}
