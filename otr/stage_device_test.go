package otr

import (
	"encoding/base64"
	"testing"

	"traboule/im"
)

// devices is somebody with sessions with two devices of one account, all with real engines.
func devices(t *testing.T) (w *world, h, phone, desk *user) {
	t.Helper()
	w, h, phone = realPair(t, inside(t))
	desk = w.joinWithKey(t, inside(t), im.MustJID(paulette+"/desk"), paulette+"/phone")
	desk.policy(hubert, im.OTROpportunistic, true)
	for _, u := range []*user{phone, desk} {
		h.start(u)
		u.expect("tui starting because 2", "tui encrypted because 2")
	}
	h.took()
	return w, h, phone, desk
}

// carried is what u says to another, taken off the way.
func (u *user) carried(to *user, act func()) im.SendMessage {
	u.world.t.Helper()
	var taken []im.SendMessage
	u.world.lose = func(from *user, r im.SendMessage) bool {
		if from == u {
			taken = append(taken, r)
		}
		return from == u
	}
	act()
	u.world.lose = nil
	u.took()
	if len(taken) != 1 || taken[0].To != to.jid {
		u.world.t.Fatal("not one message for ", to.jid, ": ", taken)
	}
	return taken[0]
}

// TestStageForRealOtherDevice: programs that know the account alone, as libotr does, may send to one device what only another
// one can read. It is told of there, and the other one reads it in the copy that it gets.
func TestStageForRealOtherDevice(t *testing.T) {
	w, h, phone, desk := devices(t)
	m := h.carried(phone, func() { h.say(phone.jid.String(), "for the phone") })
	desk.sent, phone.sent = nil, nil
	desk.hear(im.Message{From: h.jid, To: desk.jid, Body: m.Body, WantsReceipt: true})
	desk.expect("message tui:  (hint OTR)")
	phone.hear(im.Message{From: h.jid, To: desk.jid, Carbon: im.CarbonReceived, Body: m.Body})
	phone.expect("message tui: for the phone (OTR)")
	phone.hear(im.Message{From: h.jid, To: desk.jid, Carbon: im.CarbonReceived, Body: m.Body})
	phone.expect("tui note 1") // it is no text the second time

	m = h.carried(phone, func() { h.say(phone.jid.String(), "as usual") })
	phone.hear(im.Message{From: h.jid, To: phone.jid, Body: m.Body})
	phone.expect("message tui: as usual (OTR)")
	desk.hear(im.Message{From: h.jid, To: phone.jid, Carbon: im.CarbonReceived, Body: m.Body})
	desk.expect("message tui:  (hint OTR)")
	phone.silent()
	desk.silent()
	w.ended()
}

// TestStageForRealOtherDevicesSteps: what carries no text is not missed.
func TestStageForRealOtherDevicesSteps(t *testing.T) {
	w, h, phone, desk := devices(t)
	m := h.carried(phone, func() {
		h.do(im.StartSMP{For: h.ask(), To: phone.jid, Question: "quel chat ?", Secret: "noir"})
		w.settle()
	})
	phone.hear(im.Message{From: h.jid, To: phone.jid, Body: m.Body})
	phone.expect("tui SMP 1 quel chat ?")
	desk.hear(im.Message{From: h.jid, To: phone.jid, Carbon: im.CarbonReceived, Body: m.Body})
	desk.hear(im.Message{From: h.jid, To: desk.jid, Body: m.Body})
	stranger := w.joinWithKey(t, inside(t), im.MustJID(paulette+"/third"), paulette+"/phone")
	stranger.hear(im.Message{From: h.jid, To: phone.jid, Carbon: im.CarbonReceived, Body: m.Body})
	desk.expect()
	stranger.expect()
	w.ended()
}

func TestIsMissed(t *testing.T) {
	header3, header2 := "\x00\x03\x03\x00\x00\x01\x01\x00\x00\x01\x02", "\x00\x02\x03"
	encode := func(raw string) string { return encodedPrefix + base64.StdEncoding.EncodeToString([]byte(raw)) + "." }
	for text, want := range map[string]bool{
		encode(header3 + "\x00rest"): true,
		encode(header3 + "\x01rest"): false,
		encode(header3 + "\x03rest"): false,
		encode(header2 + "\x00rest"): true,
		encode(header2 + "\x01rest"): false,
		encode(header3):              true,
		"?OTR:AAMDxyz.":              true,
		"?OTR:AAMD":                  true,
		"?OTR:AAID====":              true,
		"?OTR|101|102,00001,00002," + encode(header3 + "\x01rest")[:25] + ",": false,
		"?OTR|101|102,00001,00002,?OTR:AAMD,":                                 true,
	} {
		if got := isMissed(text); got != want {
			t.Errorf("%q: missed %v, want %v", text, got, want)
		}
	}
}
