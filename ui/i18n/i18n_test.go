package i18n

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"traboule/core"
	"traboule/im"
)

func TestDetect(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing set", nil, "en"},
		{"LANG", map[string]string{"LANG": "fr_FR.UTF-8"}, "fr"},
		{"language alone", map[string]string{"LANG": "fr"}, "fr"},
		{"encoding without country", map[string]string{"LANG": "fr.UTF-8"}, "fr"},
		{"modifier", map[string]string{"LANG": "fr@euro"}, "fr"},
		{"messages before LANG", map[string]string{"LC_MESSAGES": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"},
		{"all before messages", map[string]string{"LC_ALL": "fr_CA", "LC_MESSAGES": "en_GB"}, "fr"},
		{"C switches it off", map[string]string{"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"},
		{"C with an encoding", map[string]string{"LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"},
		{"POSIX", map[string]string{"LC_MESSAGES": "POSIX", "LANG": "fr_FR.UTF-8"}, "en"},
		{"empty is not set", map[string]string{"LC_ALL": "", "LANG": "fr_FR.UTF-8"}, "fr"},
		{"another language that begins alike", map[string]string{"LANG": "frp_FR.UTF-8"}, "en"},
		{"another language", map[string]string{"LANG": "de_DE.UTF-8"}, "en"},
	} {
		if got := Detect(func(key string) string { return test.env[key] }); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestTemplates(t *testing.T) {
	of := func(name string) value {
		return map[string]value{
			"nick": text("hubert"), "hostile": text("{nick} [x {gone}] {"), "gone": text(""),
			"zero": {text: "0", none: true}, "one": {text: "1", number: 1}, "two": {text: "2", number: 2},
		}[name]
	}
	for _, test := range []struct{ template, en, fr string }{
		{"plain", "plain", "plain"},
		{"{nick} left", "hubert left", "hubert left"},
		{"out[ by {gone}]", "out", "out"},
		{"out[ by {nick}][: {gone}].", "out by hubert.", "out by hubert."},
		{"[{nick} and {gone}]!", "!", "!"},
		{"{zero} {zero|ami|amis}", "0 amis", "0 ami"},
		{"{one} {one|ami|amis}", "1 ami", "1 ami"},
		{"{two} {two|ami|amis}", "2 amis", "2 amis"},
		{"<{hostile}>", "<{nick} [x {gone}] {>", "<{nick} [x {gone}] {>"},
		{"oui ! « non » ; {nick} : quoi ?", "oui ! « non » ; hubert : quoi ?", "oui\u202f! «\u00a0non\u00a0»\u202f; hubert\u00a0: quoi\u202f?"},
	} {
		if got := New("en").expand(test.template, of); got != test.en {
			t.Errorf("en %q: %q, want %q", test.template, got, test.en)
		}
		if got := New("fr").expand(test.template, of); got != test.fr {
			t.Errorf("fr %q: %q, want %q", test.template, got, test.fr)
		}
	}
}

func TestTypographyLeavesValuesAlone(t *testing.T) {
	got := New("fr").expand("« {1} »", New("fr").positional([]any{"non ?"}))
	if want := "«\u00a0non ?\u00a0»"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFormat(t *testing.T) {
	if got, want := New("en").Format(PasteAsk, 1), "1 line was pasted. What now?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := New("fr").Format(PasteAsk, 1200), "1\u00a0200 lignes collées. Qu’en faire\u202f?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := New("en").Format("no-such-key", 1); got != "no-such-key" {
		t.Errorf("a key without words gives %q", got)
	}
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("two hours east", 2*60*60)
	en, fr := NewIn("en", zone), NewIn("fr", zone)
	evening := time.Date(2026, 11, 20, 23, 5, 0, 0, time.UTC)
	for _, test := range []struct{ got, want string }{
		{en.Clock(evening), "01:05"},
		{fr.Clock(evening), "01:05"},
		{en.Day(evening), "Saturday 21 November"},
		{fr.FullDay(evening), "samedi 21 novembre 2026"},
		{fr.Day(evening), "samedi 21 novembre"},
		{fr.Day(time.Date(2026, 8, 1, 12, 0, 0, 0, zone)), "samedi 1er août"},
		{en.Duration(400 * time.Millisecond), "1\u00a0s"},
		{en.Duration(89 * time.Second), "89\u00a0s"},
		{fr.Duration(3 * time.Minute), "3\u00a0min"},
		{fr.Duration(2 * time.Hour), "2\u00a0h"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
	if en.SameDay(evening, evening.Add(-2*time.Hour)) {
		t.Error("23:05 and 01:05 two hours later are one day")
	}
	if !en.SameDay(evening, evening.Add(time.Hour)) {
		t.Error("01:05 and 02:05 are two days")
	}
}

func TestFailureQuotesTheOtherSide(t *testing.T) {
	f := &im.Failure{Code: im.CodeBanned, Text: "{detail} [ha]"}
	if got, want := New("en").Failure(f), "you are banned from this room. Only its moderators can change that. They wrote: “{detail} [ha]”"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := New("en").Failure(nil); got != "" {
		t.Errorf("no failure gives %q", got)
	}
}

func TestFailuresOfCertificates(t *testing.T) {
	const shown, pinned = "01234567 89abcdef", "76543210 fedcba98"
	for condition, want := range map[string][2]string{
		"wrong-name":        {`who it is: its certificate is for "a.example", "b.example". Somebody`, `qui il est : son certificat vaut pour "a.example", "b.example". Quelqu’un`},
		"unknown-authority": {"nobody trusted here has signed its certificate. ", "personne de confiance n’a signé son certificat. "},
		"expired":           {`ended on "a.example"`, `a pris fin le "a.example"`},
		"not-yet-valid":     {`begins on "a.example"`, `ne commence que le "a.example"`},
		"invalid":           {"not one for a server", "pas celui d’un serveur"},
		"of another day":    {"who it is. Somebody", "qui il est. Quelqu’un"},
	} {
		f := &im.Failure{Code: im.CodeCertificate, Condition: condition, Detail: `"a.example", "b.example"`, Fingerprint: shown}
		for i, lang := range []string{English, French} {
			got := plainSpaces(New(lang).Failure(f))
			if !strings.Contains(got, want[i]) || !strings.Contains(got, shown) || !strings.Contains(got, "config.toml") {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
	nameless := &im.Failure{Code: im.CodeCertificate, Condition: "wrong-name"}
	if got := New(English).Failure(nameless); !strings.Contains(got, "for no name at all") || strings.Contains(got, "whether") {
		t.Errorf("%q", got)
	}
	changed := &im.Failure{Code: im.CodePinMismatch, Fingerprint: shown, Pinned: pinned}
	for lang, want := range map[string]string{
		English: "the server’s key is " + shown + ", but " + pinned + " is pinned.", French: "la clé du serveur est " + shown + ", au lieu de " + pinned + ".",
	} {
		if got := plainSpaces(New(lang).Failure(changed)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestRowsStandInColumns(t *testing.T) {
	rooms := core.Notice{Code: core.NoticeRooms, Count: 2, JID: im.MustJID("conference.localhost"), List: []core.Row{
		{JID: im.MustJID("grenoble@conference.localhost"), Name: "grenoble", Count: 41},
		{JID: im.MustJID("été@conference.localhost"), Name: "été", Count: -1},
	}}
	names := core.Notice{Code: core.NoticeNames, Count: 2, List: []core.Row{
		{Name: "hubert", JID: im.MustJID("h@localhost/phone"), Role: im.Moderator, Affiliation: im.Owner, Show: im.Away, Status: "au marché"},
		{Name: "a name that is far too long for a column", Show: im.Online}, {Name: "max"},
	}}
	second := im.MustJID("ana@second.localhost")
	windows := core.Notice{Code: core.NoticeWindows, List: []core.Row{
		{Name: "ana@second.localhost", Account: second},
		{Name: "hubert", JID: im.MustJID("hubert@localhost"), Account: second, Count: 2},
	}}
	for _, test := range []struct {
		lang   string
		notice core.Notice
		want   []string
	}{
		{"en", windows, []string{"1 ana@second.localhost", "2 hubert  ana@second.localhost, 2 unread"}},
		{"fr", rooms, []string{"grenoble  grenoble@conference.localhost, 41 personnes", "été       été@conference.localhost"}},
		{"en", names, []string{"hubert  h@localhost, away, moderator, owner, “au marché”",
			"“a name that is far too long for a column”  online", "max"}},
	} {
		if got := New(test.lang).NoticeLines(&test.notice)[1:]; !slices.Equal(got, test.want) {
			t.Errorf("got\n%q, want\n%q", got, test.want)
		}
	}
}

// TestUnknownNumbers: a service that does not tell how many people are in a room counts as -1.
func TestUnknownNumbers(t *testing.T) {
	for _, lang := range []string{English, French} {
		for _, n := range []int{-1, -2, -1 << 40} {
			if got := New(lang).Format(TitlePeople, n); got == "" {
				t.Errorf("%s: no words for %d people", lang, n)
			}
		}
	}
}

func TestWhatAProfileAsksFitsATerminalOf80Columns(t *testing.T) {
	for _, lang := range []string{English, French} {
		p := New(lang)
		for _, asked := range []string{p.ProfileWays(), p.Text(ProfileChoose), p.Text(ProfileChooseAgain), p.Text(ProfileAskHistory), p.Text(PassphraseNew)} {
			for line := range strings.Lines(asked) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 79 {
					t.Errorf("%s: %d columns: %q", lang, n, line)
				}
			}
		}
	}
}

// TestFailureOfAFullDisk: what the system calls it says nothing that the sentence does not say, least of all in another language.
func TestFailureOfAFullDisk(t *testing.T) {
	f := &im.Failure{Code: im.CodeStoreFull, Detail: "no room on the disk (778, no space left on device)"}
	for lang, want := range map[string]string{English: "Make room: what waits to be written is lost", French: "Fais de la place : ce qui attend d’être écrit est perdu"} {
		if got := plainSpaces(New(lang).Failure(f)); !strings.Contains(got, want) || strings.Contains(got, "778") {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
