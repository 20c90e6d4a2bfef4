package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"traboule/core"
	"traboule/im"
)

// budgets are the greatest lengths of a template, in characters: what still fits its place on a screen of 80 columns, or
// for what is read once, in four rows of it.
const (
	screenBudget  = 160
	noticeBudget  = 200
	failureBudget = 280
	commandBudget = 90
)

func TestFailuresAreWhole(t *testing.T) {
	for lang, catalogue := range map[string]map[im.Code]string{"en": failuresEnglish(), "fr": failuresFrench()} {
		whole(t, lang+" failure", im.Codes(), catalogue)
	}
	alike(t, failuresEnglish(), failuresFrench(), failureBudget)
}

func TestScreenIsWhole(t *testing.T) {
	whole(t, "en", declaredKeys(t), english().screen)
	whole(t, "fr", declaredKeys(t), french().screen)
	alike(t, english().screen, french().screen, screenBudget)
}

func TestNoticesAreWhole(t *testing.T) {
	whole(t, "en notice", core.NoticeCodes(), noticesEnglish())
	whole(t, "fr notice", core.NoticeCodes(), noticesFrench())
	alike(t, noticesEnglish(), noticesFrench(), noticeBudget)
}

func TestCommandsAreWhole(t *testing.T) {
	var names, arguments []string
	for _, info := range core.Commands() {
		names = append(names, info.Name)
		for _, argument := range info.Arguments {
			arguments = append(arguments, argument.Name)
		}
	}
	whole(t, "en command", names, commandsEnglish())
	whole(t, "fr command", names, commandsFrench())
	alike(t, commandsEnglish(), commandsFrench(), commandBudget)
	for name := range argumentsFrench() {
		if !slices.Contains(arguments, name) {
			t.Errorf("no command has an argument %q", name)
		}
	}
}

// TestNoticePlacesExist checks that every place in a notice is one that a notice can fill.
func TestNoticePlacesExist(t *testing.T) {
	full := fullNotice()
	p := New(English)
	for code, template := range noticesEnglish() {
		for _, name := range places(template) {
			if name != "switch" && name != "drop" && p.noticeValue(full, name).none {
				t.Errorf("%q: no notice has a {%s}", code, name)
			}
		}
	}
}

func TestWordsAreWhole(t *testing.T) {
	for lang, w := range map[string]words{"en": wordsEnglish(), "fr": wordsFrench()} {
		lists := [][]string{w.days[:], w.months[:], w.shows[:], w.roles[:], w.affiliations[:], w.subscriptions[:],
			w.connections[:], w.vias[:], w.ways[1:], w.states[1:], w.warnings[1:], w.protections[:], w.conversations[:], w.trusts[:], w.policies[:], w.audiences[:], w.disclosures[1:], w.undisclosed[1:], w.refusals[:], w.lacks[1:],
			slices.Collect(maps.Values(w.flags)), {w.people, w.said, w.unread, w.aliases, w.colon}, w.quotes[:], slices.Collect(maps.Values(w.drops)),
			slices.Collect(maps.Values(w.certificates))}
		for _, word := range slices.Concat(lists...) {
			if word == "" {
				t.Errorf("%s: a word is empty among %q", lang, lists)
			}
			if lang == French {
				frenchTypography(t, word, word)
			}
		}
	}
	alike(t, wordsEnglish().certificates, wordsFrench().certificates, commandBudget)
	if en, fr := wordsEnglish().flags, wordsFrench().flags; len(en) != len(fr) {
		t.Errorf("%d flags in English, %d in French", len(en), len(fr))
	}
}

// whole checks that a catalogue has exactly these keys, each with words.
func whole[K ~string](t *testing.T, lang string, keys []K, catalogue map[K]string) {
	t.Helper()
	for _, k := range keys {
		if catalogue[k] == "" {
			t.Errorf("%s: %q has no words", lang, k)
		}
	}
	for k := range catalogue {
		if !slices.Contains(keys, k) {
			t.Errorf("%s: words for %q, which does not exist", lang, k)
		}
	}
}

// alike checks that two catalogues have the same keys, with the same places to fill in, inside the budget and well formed.
func alike[K ~string](t *testing.T, en, fr map[K]string, budget int) {
	t.Helper()
	for k, sentence := range en {
		other, translated := fr[k]
		if !translated {
			t.Errorf("%q has no French", k)
			continue
		}
		if a, b := placeSet(sentence), placeSet(other); !slices.Equal(a, b) {
			t.Errorf("%q: places %q in English, %q in French", k, a, b)
		}
		wellFormed(t, string(k), sentence, budget)
		wellFormed(t, string(k), other, budget)
		frenchTypography(t, string(k), other)
	}
	for k := range fr {
		if _, known := en[k]; !known {
			t.Errorf("%q has no English", k)
		}
	}
}

func placeSet(template string) []string {
	names := places(template)
	slices.Sort(names)
	return slices.Compact(names)
}

func wellFormed(t *testing.T, key, template string, budget int) {
	t.Helper()
	if n := utf8.RuneCountInString(template); n > budget {
		t.Errorf("%q: %d characters, at most %d fit: %q", key, n, budget, template)
	}
	if strings.Count(template, "{") != strings.Count(template, "}") || strings.Count(template, "[") != strings.Count(template, "]") {
		t.Errorf("%q: a bracket is not closed: %q", key, template)
	}
	if strings.TrimSpace(template) != template && !strings.HasPrefix(template, " ") || strings.Contains(template, "  ") {
		t.Errorf("%q: stray space: %q", key, template)
	}
	if regexp.MustCompile(`\[[^\]{]*\]`).MatchString(template) {
		t.Errorf("%q: an optional part without a place is never left out: %q", key, template)
	}
}

// frenchTypography checks what typeset cannot mend: a missing space before a tall mark, straight quotes.
func frenchTypography(t *testing.T, key, template string) {
	t.Helper()
	set := frenchSpaces().Replace(template)
	if bad := regexp.MustCompile(`[^\x{202f}!?][;!?]|[^\x{a0}\x{202f}/]:( |$)|«[^\x{a0}]|[^\x{a0}]»`).FindString(set); bad != "" {
		t.Errorf("%q: French wants an unbreakable space in %q: %q", key, bad, template)
	}
	if bad := regexp.MustCompile(`\pL['"]\pL|"`).FindString(set); bad != "" {
		t.Errorf("%q: straight quote in %q: %q", key, bad, template)
	}
	if strings.Contains(set, "...") {
		t.Errorf("%q: three dots instead of an ellipsis: %q", key, template)
	}
}

// declaredKeys reads the constants of type Key out of the source.
func declaredKeys(t *testing.T) []Key {
	t.Helper()
	var keys []Key
	files, err := filepath.Glob("keys_*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of keys: %v", err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, isValue := n.(*ast.ValueSpec)
			if !isValue {
				return true
			}
			for _, v := range spec.Values {
				key, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(keys, Key(key)) {
					t.Errorf("%s: %q stands for two keys", file, key)
				}
				keys = append(keys, Key(key))
			}
			return true
		})
	}
	return keys
}

func TestActionsAreAlike(t *testing.T) {
	if len(actionsEnglish()) == 0 {
		t.Fatal("no actions")
	}
	alike(t, actionsEnglish(), actionsFrench(), commandBudget)
}

// TestEveryKeyIsUsed looks for each key in the program's source, so that no sentence outlives its place.
func TestEveryKeyIsUsed(t *testing.T) {
	var source strings.Builder
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		source.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range constantNames(t) {
		if !strings.Contains(source.String(), "i18n."+name) {
			t.Errorf("%s is used nowhere", name)
		}
	}
}

// constantNames returns the names of the constants of type Key.
func constantNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("keys_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?m)^\t([A-Z]\w+) +Key = "`).FindAllStringSubmatch(string(text), -1) {
			names = append(names, match[1])
		}
	}
	if len(names) != len(declaredKeys(t)) {
		t.Fatalf("%d names for %d keys", len(names), len(declaredKeys(t)))
	}
	return names
}

// TestFrenchNamesItsCommands checks that no French sentence tells to type a command by its English name where it has a French
// one, and that each command that is named exists.
func TestFrenchNamesItsCommands(t *testing.T) {
	p := New(French)
	names := map[string]string{}
	for _, info := range core.Commands() {
		for _, name := range p.CommandNames(info) {
			names[name] = p.CommandNames(info)[0]
		}
	}
	fr := french()
	lists := [][]string{
		slices.Collect(maps.Values(fr.screen)), slices.Collect(maps.Values(fr.notices)), slices.Collect(maps.Values(fr.failures)),
		slices.Collect(maps.Values(fr.commands)), {usageFrench()},
	}
	seen := 0
	for _, sentence := range slices.Concat(lists...) {
		for _, match := range regexp.MustCompile(`(?:^|[ \[("])/([a-z]+)(?:$|[^/a-z])`).FindAllStringSubmatch(sentence, -1) {
			seen++
			switch name, known := names[match[1]]; {
			case !known && match[1] != "otr":
				t.Errorf("there is no command /%s: %q", match[1], sentence)
			case known && name != match[1]:
				t.Errorf("/%s is /%s in French: %q", match[1], name, sentence)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d commands were found in the sentences", seen)
	}
}
