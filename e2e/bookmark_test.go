package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRoomsComeBack: what was entered by hand is entered again at the next start, under the same nickname, and what was left is
// not; what was switched stays so. What was bookmarked and taken away without a connection, the server hears. A session that keeps nothing does neither.
func TestRoomsComeBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		dir := t.TempDir()
		profileOf(t, 0, dir, []string{passphrase}, "encrypted")
		const other, third = "lyon@conference.localhost", "nantes@conference.localhost"

		ana := withPassphrase(t, s, dir, "ana", passphrase)
		ana.expect("connection", fields{"state": "connected"})
		ana.send("/join %s Ana", room)
		ana.expect("room", fields{"room": room, "state": "joined", "nick": "Ana"})
		ana.send("/join %s", other)
		ana.expect("room", fields{"room": other, "state": "joined"})
		ana.send("/part")
		ana.expect("room", fields{"room": other, "state": "left"})
		ana.send("/privacy typing on")
		ana.expect("notice", fields{"topic": "typing", "on": true})
		ana.quit()

		again := withPassphrase(t, s, dir, "ana", passphrase)
		again.expect("room", fields{"room": room, "state": "joined", "nick": "Ana"})
		again.send("/bookmarks")
		again.expect("notice", fields{"code": "bookmarks", "count": 2})
		again.send("/privacy")
		again.expect("notice", fields{"topic": "typing", "on": true})
		again.send("/disconnect")
		again.expect("connection", fields{"state": "disconnected"})
		if entered := again.all("room", fields{"room": other}); len(entered) > 0 { // all are entered at once
			t.Errorf("a room that was left: %v", entered)
		}
		again.send("/bookmark off %s", room)
		again.expect("notice", fields{"code": "bookmark-removed"})
		again.send("/bookmark auto %s", third)
		again.expect("notice", fields{"code": "bookmarked-auto"})
		again.quit()

		last := withPassphrase(t, s, dir, "ana", passphrase)
		last.expect("room", fields{"room": third, "state": "joined"})
		untilPublished(t, s, third, room)
		last.quit()
		fresh := login(t, s, "ana")
		fresh.expect("room", fields{"room": third, "state": "joined"})
		fresh.send("/bookmarks")
		fresh.expect("notice", fields{"code": "bookmarks", "count": 2})
		fresh.quit()
		for _, c := range []*client{last, fresh} {
			if entered := c.all("room", fields{"room": room}); len(entered) > 0 {
				t.Errorf("a room whose bookmark was taken away: %v", entered)
			}
		}
		understood(ana, again, last, fresh)
	})
}

// TestBookmarksOnTwoDevices: what one device enters, leaves and forgets, the other follows; a room that is new to it is asked
// about. The other one keeps nothing, and changes nothing by itself.
func TestBookmarksOnTwoDevices(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	const other, third = "lyon@conference.localhost", "nantes@conference.localhost"

	desk := withPassphrase(t, s, dir, "ana", passphrase)
	desk.send("/join %s Ana", room)
	desk.expect("room", fields{"room": room, "state": "joined", "nick": "Ana"})
	desk.send("/bookmarks")
	desk.expect("notice", fields{"code": "bookmarks", "count": 1})

	phone := login(t, s, "ana")
	phone.expect("room", fields{"room": room, "state": "joined", "nick": "Ana"})
	desk.send("/part")
	desk.expect("room", fields{"room": room, "state": "left"})
	phone.expect("notice", fields{"code": "room-left-elsewhere", "room": room})
	phone.expect("room", fields{"room": room, "state": "left"})
	desk.send("/join %s", room)
	desk.expect("room", fields{"room": room, "state": "joined"})
	phone.expect("room", fields{"room": room, "state": "joined"})

	desk.send("/join %s", other)
	phone.expect("notice", fields{"code": "bookmark-new", "room": other})
	phone.send("/accept %s", other)
	phone.expect("room", fields{"room": other, "state": "joined"})
	phone.send("/join %s", third)
	phone.expect("room", fields{"room": third, "state": "joined"})
	phone.send("/bookmark off %s", other)
	phone.expect("notice", fields{"code": "bookmark-removed", "room": other})
	desk.expect("notice", fields{"code": "room-left-elsewhere", "room": other})
	if told := desk.all("notice", fields{"code": "bookmark-new"}); len(told) > 0 {
		t.Errorf("a session that keeps nothing has told the server of a room: %v", told)
	}
	phone.quit()
	desk.quit()
	understood(desk, phone)
}

// TestBookmarksInProfanity: what is bookmarked here is there in Profanity on the same account, and the other way round.
func TestBookmarksInProfanity(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		const other = "lyon@conference.localhost"
		ana := login(t, s, "ana")
		ana.send("/bookmark on %s", room)
		ana.expect("notice", fields{"code": "bookmarked", "room": room})
		untilPublished(t, s, room)

		there := newProfanity(t, s, "ana")
		looked := 0
		there.awaitThat("has the room among its bookmarks", func(screen string) bool {
			if looked++; looked%20 == 1 { // it fetches them some time after the login
				there.say("/bookmark list")
			}
			return strings.Contains(screen, room)
		})
		there.say("/bookmark add " + other + " autojoin on")
		there.await("Bookmark added for " + other)
		ana.expect("notice", fields{"code": "bookmark-new", "room": other})
		again := login(t, s, "ana")
		again.expect("room", fields{"room": other, "state": "joined"})
		ana.quit()
		again.quit()
		understood(ana, again)
	})
}

// untilPublished waits until the server tells ana's other clients of a bookmark, which ask once, when they log in, and no more of
// those that are gone.
func untilPublished(t *testing.T, s server, room string, gone ...string) {
	t.Helper()
	asking := raw(t, s, "ana")
	defer asking.Close()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		answer := asking.Ask(t, `<iq type='get' id='marks'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>`, "id='marks'")
		stays := slices.ContainsFunc(gone, func(room string) bool { return strings.Contains(answer, room) })
		if strings.Contains(answer, room) && !stays {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the bookmarks at the server are not %s without %q: %s", room, gone, answer)
		}
	}
}
