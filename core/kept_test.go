package core

import (
	"slices"
	"testing"

	"traboule/im"
)

// codesOf lists the notices that effects show.
func codesOf(e Effects) map[NoticeCode]int {
	found := map[NoticeCode]int{}
	for _, f := range e.Show {
		if n, is := f.(NoticeFact); is {
			found[n.Notice.Code]++
		}
	}
	return found
}

func TestAmnesiaIsTold(t *testing.T) {
	for _, unkept := range []bool{true, false} {
		c := New(Options{Unkept: unkept, Accounts: []AccountOptions{{JID: ana}}, NewID: func() string { return "id" }})
		told := codesOf(c.Handle(noon, Woken{}))[NoticeAmnesic]
		told += codesOf(c.Handle(noon, Woken{}))[NoticeAmnesic]
		if want := map[bool]int{true: 1}[unkept]; told != want {
			t.Errorf("told %d times, want %d", told, want)
		}
	}
}

// TestAskedAmnesiaIsTold: whoever asked for it is told by what, and not how to have a profile that may be there.
func TestAskedAmnesiaIsTold(t *testing.T) {
	c := New(Options{Unkept: true, Amnesic: "--amnesic", Accounts: []AccountOptions{{JID: ana}}, NewID: func() string { return "id" }})
	told := 0
	for _, f := range c.Handle(noon, Woken{}).Show {
		if n, is := f.(NoticeFact); is && n.Notice.Code == NoticeAmnesic {
			told++
			if n.Notice.Text != "--amnesic" {
				t.Errorf("told %+v", n.Notice)
			}
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

func TestKeptPasswordIsTold(t *testing.T) {
	c := onlineCore(t, nil)
	rows := func() map[NoticeCode]bool {
		found := map[NoticeCode]bool{}
		for _, n := range c.disclosed() {
			found[n.Code] = true
		}
		return found
	}
	if before := rows(); before[NoticePrivacyPassword] || !before[NoticePrivacyNoPassword] {
		t.Error("a password is kept that was not")
	}
	e := c.Handle(noon, Received{im.PasswordKept{On: im.On{Account: ana}}})
	if codesOf(e)[NoticePasswordKept] != 1 {
		t.Errorf("shown: %v", e.Show)
	}
	if after := rows(); !after[NoticePrivacyPassword] || after[NoticePrivacyNoPassword] {
		t.Error("/privacy does not tell of the password that is kept")
	}
}

// TestStoreFailureIsTold: that the disk is full is told once to scripts, and to the user also where they look.
func TestStoreFailureIsTold(t *testing.T) {
	c := onlineCore(t, nil)
	c.Handle(noon, Typed{Query{paulette.String()}})
	e := c.Handle(noon, Received{im.StoreFailed{Err: im.Failure{Code: im.CodeStoreFull}}})
	if codesOf(e)[NoticeStoreFailed] != 1 {
		t.Errorf("told %v", e.Show)
	}
	log := c.current.log
	if n := log.At(log.Len() - 1).Notice; n == nil || n.Code != NoticeStoreFailed || n.Level != Error || n.Err.Code != im.CodeStoreFull {
		t.Errorf("shown %+v", n)
	}
}

func TestUnkeptKeyIsTold(t *testing.T) {
	c := onlineCore(t, nil)
	e := c.Handle(noon, Received{im.OTRKeyUnkept{On: im.On{Account: ana}, Err: im.Failure{Code: im.CodeStoreFull}}})
	for _, update := range e.Show {
		if n, is := update.(NoticeFact); is && n.Notice.Code == NoticeOTRKeyUnkept {
			if n.Notice.JID != ana || n.Notice.Level != Error || n.Notice.Err.Code != im.CodeStoreFull {
				t.Errorf("told %+v", n.Notice)
			}
			return
		}
	}
	t.Errorf("not told: %v", e.Show)
}

// TestHistoryTellsWhatBecomesOfEncryptedTexts: to say no more than that what is said is kept, where it is encrypted, would be
// wrong; and so would be to keep encrypted texts without a warning.
func TestHistoryTellsWhatBecomesOfEncryptedTexts(t *testing.T) {
	for _, row := range []struct {
		typed []string
		want  []NoticeCode
	}{
		{[]string{"/history on all", "/query " + paulette.String(), "/history"}, []NoticeCode{NoticeHistoryDisk, NoticeHistory, NoticeHistoryOTR}},
		{[]string{"/history off all", "/query " + paulette.String(), "/history"}, []NoticeCode{NoticeHistoryDisk, NoticeHistory}},
		{[]string{"/history on all", "/otr policy never " + paulette.String(), "/query " + paulette.String(), "/history"}, []NoticeCode{NoticeHistoryDisk, NoticeHistory}},
		{[]string{"/history on all", "/history"}, []NoticeCode{NoticeHistoryDisk, NoticeHistoryOTRAll}},
		{[]string{"/history on all encrypted"}, []NoticeCode{NoticeHistoryDisk, NoticeHistoryOTRAll}},
		{[]string{"/history on " + paulette.String() + " encrypted"}, []NoticeCode{NoticeHistoryOwn, NoticeHistoryOTRKept}},
	} {
		r := newReader(newShelf(), noon)
		for _, line := range row.typed {
			r.facts = nil
			r.types(line)
		}
		var got []NoticeCode
		for _, f := range r.facts {
			if n, is := f.(NoticeFact); is {
				got = append(got, n.Notice.Code)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%q tells %q, want %q", row.typed, got, row.want)
		}
	}
}

// TestPrivacyTellsWhoseEncryptedTextsAreKept names each conversation of which they are.
func TestPrivacyTellsWhoseEncryptedTextsAreKept(t *testing.T) {
	r := newReader(newShelf(), noon)
	r.types("/history on " + paulette.String() + " encrypted")
	for _, n := range r.core.disclosed() {
		if n.Code == NoticeHistoryOTRKept && n.JID == paulette && n.Account == ana {
			return
		}
	}
	t.Error("/privacy says nothing of it")
}

// TestHistoryWithoutAProfile: where nothing is written to a disk, no sentence speaks of a profile, nor of what is off as if it were kept.
func TestHistoryWithoutAProfile(t *testing.T) {
	for line, want := range map[string][]NoticeCode{
		"/history":         {NoticeHistoryMemory, NoticeHistory},
		"/history on":      {NoticeHistoryOwnMemory},
		"/history 30":      {NoticeHistoryOwnMemory},
		"/history off":     {NoticeHistoryOwn},
		"/history off all": {NoticeHistoryMemoryOff},
		"/history on all":  {NoticeHistoryMemory},
		"/history on " + paulette.String() + " encrypted": {NoticeHistoryOwnMemory, NoticeHistoryOTRMemory},
	} {
		c := onlineCore(t, func(o *Options) { o.History.Store = MemoryStore })
		c.Handle(noon, Typed{Query{To: paulette.String()}})
		command, err := Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		var got []NoticeCode
		for _, f := range c.Handle(noon, Typed{command}).Show {
			if n, is := f.(NoticeFact); is {
				got = append(got, n.Notice.Code)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: told %v, want %v", line, got, want)
		}
	}
}

// TestEncryptedTextsAreNotOfferedForLonger: who keeps what is said for a month is not told to type what keeps it for ever.
func TestEncryptedTextsAreNotOfferedForLonger(t *testing.T) {
	for typed, want := range map[string]string{"/history 30 all": "30", "/history on all": "on"} {
		r := newReader(newShelf(), noon)
		r.types(typed)
		if n := r.core.encryptedNotice(ConversationID{ana, paulette}); n.Code != NoticeHistoryOTR || n.Text != want {
			t.Errorf("after %q: %+v", typed, n)
		}
	}
}
