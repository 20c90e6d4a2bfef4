package e2e_test

import (
	"testing"
	"time"
)

// TestScreen is the main job: talk in a room, from the screen, with people who use other clients.
func TestScreen(t *testing.T) {
	t.Parallel()
	for language, words := range map[string]struct{ prompt, connected, kicked, invites string }{
		"en": {"Password for ana@localhost:", "connected as ana@localhost", "hubert was kicked by ana", "invites"},
		"fr": {"Mot de passe de ana@localhost :", "connexion établie", "expulsion de hubert par ana", "invite"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, s server) {
				paulette, hubert := newMcabber(t, s, "paulette"), newProfanity(t, s, "hubert")
				ana := newTerminal(t, 120, 40, []string{"TERM=screen-256color"}, binary(), "--profile", t.TempDir(), "--lang", language,
					"--tor", "off", "--server", s.addr, "--ca", s.caFile, "ana@localhost")
				ana.await(words.prompt)
				ana.say(password)
				ana.await(words.connected)

				ana.say("/join grenoble")
				ana.await("▸grenoble")
				paulette.join(room, "paulette")
				hubert.join(room, "hubert")
				ana.await("paulette", "hubert")

				ana.say("salut tout le monde, à ce soir")
				paulette.await("<ana> salut tout le monde, à ce soir")
				hubert.await("ana: salut tout le monde, à ce soir")
				paulette.say("bonjour ana")
				hubert.say("salut ana")
				ana.await("paulette  bonjour ana", "hubert    salut ana")

				hubert.say("/msg ana entre nous")
				ana.await("hubert 1│")
				ana.keys("M-a") // to what is unread
				ana.await("▸grenoble/hubert", "hubert entre nous")
				ana.say("oui ?")
				hubert.await("oui ?")
				ana.say("/win grenoble")

				ana.say("/nick ana38")
				paulette.await("ana38")
				ana.say("/subject Jeudi 18 h")
				paulette.await("Jeudi 18 h")
				ana.await("│ Jeudi 18 h")

				ana.say("/kick hubert pas ce soir")
				ana.await(words.kicked, "pas ce soir")
				hubert.await("pas ce soir")

				paulette.say("/room join lyon@conference.localhost paulette")
				paulette.await("You have joined lyon@conference.localhost")
				paulette.show("lyon@conference.localhost")
				paulette.say("/room invite ana@localhost viens")
				ana.await(words.invites, "lyon@conference.localhost", "viens")
				time.Sleep(time.Second) // the question takes no key that may have been meant for something else
				ana.keys("Right", "Enter")
				ana.await("▸lyon")
				ana.say("/quit")
				ana.awaitEnd()
				paulette.show(room)
				paulette.await("ana38 has left")
			})
		})
	}
}
