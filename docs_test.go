package traboule_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"traboule/config"
	"traboule/core"
	"traboule/ui"
	"traboule/ui/i18n"
)

func manual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("docs/manual.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names reports whether the manual has a word in backquotes, as a whole word of the quoted piece.
func names(text, word string) bool {
	return regexp.MustCompile("`[^`\n]*" + regexp.QuoteMeta(word) + "([^-a-z`][^`\n]*)?`").MatchString(text)
}

func TestManualNamesEveryCommand(t *testing.T) {
	text := manual(t)
	for _, c := range core.Commands() {
		if !names(text, "/"+c.Name) {
			t.Errorf("the manual lacks /%s", c.Name)
		}
	}
}

func TestManualNamesEveryKey(t *testing.T) {
	text := manual(t)
	for _, b := range ui.DefaultBindings() {
		action := string(b.Action)
		if strings.HasPrefix(action, "window-") {
			action = "window-1"
		}
		if !names(text, action) {
			t.Errorf("the manual lacks the action %q", action)
		}
	}
}

func TestManualNamesEveryFlag(t *testing.T) {
	text := manual(t)
	for _, lang := range []string{i18n.English, i18n.French} {
		flags := regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(i18n.New(lang).Usage(), -1)
		if len(flags) < 14 {
			t.Errorf("%s: --help lists only %d flags", lang, len(flags))
		}
		for _, flag := range flags {
			if !names(text, flag) {
				t.Errorf("the manual lacks %s", flag)
			}
		}
	}
}

func TestManualNamesEverySetting(t *testing.T) {
	_, example, found := strings.Cut(manual(t), "```toml\n")
	if !found {
		t.Fatal("the manual lacks an example of the settings")
	}
	for _, key := range settingNames(reflect.TypeFor[config.Settings]()) {
		if !regexp.MustCompile(`(?m)^(\[+([a-z_.]+\.)?` + key + `\]+|` + key + ` =)`).MatchString(example) {
			t.Errorf("the manual's example lacks %q", key)
		}
	}
}

// settingNames lists the TOML names of a struct's fields and of those of the tables inside.
func settingNames(of reflect.Type) []string {
	var found []string
	for field := range fields(of) {
		name := field.Tag.Get("toml")
		if name == "" {
			continue
		}
		found = append(found, name)
		inner := field.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			found = append(found, settingNames(inner)...)
		}
	}
	return found
}

func fields(of reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range of.NumField() {
			if !yield(of.Field(i)) {
				return
			}
		}
	}
}

// TestManualExampleIsValid reads the manual's example as the client would.
func TestManualExampleIsValid(t *testing.T) {
	_, example, _ := strings.Cut(manual(t), "```toml\n")
	example, _, _ = strings.Cut(example, "```")
	path := t.TempDir() + "/config.toml"
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	checks := config.Checks{Color: ui.CheckColour, Key: func(action, key string) error {
		_, err := ui.NewKeyMap(map[string]string{action: key})
		return err
	}}
	if _, err := config.Load(path, checks); err != nil {
		t.Error(err)
	}
}

// TestThreatModelTellsWhatIsDisclosed compares the table of what is disclosed with the rows of /privacy.
func TestThreatModelTellsWhatIsDisclosed(t *testing.T) {
	text, err := os.ReadFile("docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "## What is disclosed\n")
	table, _, _ = strings.Cut(table, "\n## ")
	var told []core.Topic
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(table, -1) {
		told = append(told, core.Topic(row[1]))
	}
	if !slices.Equal(told, core.Topics()) {
		t.Errorf("docs/threat-model.md tells of\n%v\n/privacy tells of\n%v", told, core.Topics())
	}
	for _, word := range core.SwitchWords() {
		if !slices.Contains(core.Topics(), core.Topic(word)) {
			t.Errorf("the switch %s has no row", word)
		}
	}
}
