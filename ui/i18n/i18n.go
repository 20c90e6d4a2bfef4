// Package i18n holds every sentence a person reads, in English and French, and turns typed values of im and core into
// them. It owns the catalogues and their template language. It must not decide what is said when, keep state between
// calls, or trust a text: what comes from outside is put into a sentence as it is and never read as a template.
package i18n

import (
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"traboule/core"
	"traboule/im"
)

// The languages.
const (
	English = "en"
	French  = "fr"
)

// Detect returns the language of a POSIX environment: the first of LC_ALL, LC_MESSAGES and LANG that is set decides, and
// whatever is not French is English, "C" and "POSIX" too. env is like os.Getenv.
func Detect(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := env(name)
		if locale == "" {
			continue
		}
		if end := strings.IndexAny(locale, "_.@"); end >= 0 {
			locale = locale[:end]
		}
		if strings.EqualFold(locale, French) {
			return French
		}
		return English
	}
	return English
}

// catalogue is all the sentences of one language.
type catalogue struct {
	screen   map[Key]string
	actions  map[string]string
	notices  map[core.NoticeCode]string
	failures map[im.Code]string
	// commands says what each command does, by its name; arguments are the names of theirs, where they differ from core's.
	commands, arguments map[string]string
	words               words
}

// Printer words values in one language. It holds no state and may be used from any goroutine.
type Printer struct {
	lang    string
	tag     language.Tag
	text    catalogue
	numbers *message.Printer
	zone    *time.Location
	// typeset puts the spaces of the language's typography into a template.
	typeset func(string) string
}

// New returns the Printer of a language, French for "fr" and English for anything else, which tells times in the local zone.
func New(lang string) *Printer { return NewIn(lang, time.Local) }

// NewIn is New for a given time zone.
func NewIn(lang string, zone *time.Location) *Printer {
	if lang == French {
		return newPrinter(language.French, french(), frenchSpaces().Replace, zone)
	}
	return newPrinter(language.English, english(), func(s string) string { return s }, zone)
}

func newPrinter(tag language.Tag, text catalogue, typeset func(string) string, zone *time.Location) *Printer {
	return &Printer{tag.String(), tag, text, message.NewPrinter(tag), zone, typeset}
}

// frenchSpaces puts the unbreakable spaces of French where the catalogue, which people edit, has ordinary ones: a narrow one
// before ; ! and ?, a full one before a colon and inside guillemets.
func frenchSpaces() *strings.Replacer {
	return strings.NewReplacer(" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", " :", "\u00a0:", " %", "\u00a0%", "« ", "«\u00a0", " »", "\u00a0»")
}

// singular reports whether n things take the singular, which for French holds for 0 too.
func (p *Printer) singular(n int) bool {
	return plural.Cardinal.MatchPlural(p.tag, max(n, -n), 0, 0, 0, 0) == plural.One
}

// Number returns n with its digits grouped as the language does.
func (p *Printer) Number(n int) string { return p.numbers.Sprint(n) }

// Text returns the words of a key. A key without words, which the tests rule out, shows as itself.
func (p *Printer) Text(k Key) string { return p.Format(k) }

// Format returns the words of a key with {1}, {2}, … replaced by args, which are strings, numbers or have a String method.
// "{1|person|people}" stands for the one or the other word, depending on the number {1}.
func (p *Printer) Format(k Key, args ...any) string {
	template, known := p.text.screen[k]
	if !known {
		return string(k)
	}
	return p.expand(template, p.positional(args))
}

func english() catalogue {
	return catalogue{
		screen:  merge(screenEnglish(), inputEnglish(), startEnglish(), startOTREnglish(), profileEnglish(), lineEnglish(), otrEnglish()),
		actions: actionsEnglish(), notices: noticesEnglish(), failures: failuresEnglish(),
		commands: commandsEnglish(), arguments: argumentsEnglish(), words: wordsEnglish(),
	}
}

func french() catalogue {
	return catalogue{
		screen:  merge(screenFrench(), inputFrench(), startFrench(), startOTRFrench(), profileFrench(), lineFrench(), otrFrench()),
		actions: actionsFrench(), notices: noticesFrench(), failures: failuresFrench(),
		commands: commandsFrench(), arguments: argumentsFrench(), words: wordsFrench(),
	}
}

// merge puts the entries of all maps into the first.
func merge[K comparable](maps ...map[K]string) map[K]string {
	for _, m := range maps[1:] {
		for k, v := range m {
			maps[0][k] = v
		}
	}
	return maps[0]
}
