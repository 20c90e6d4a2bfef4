package line

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"traboule/core"
)

// TestDocumentationOfObjects compares docs/json.md with the objects: the same fields in the same order, and every word.
func TestDocumentationOfObjects(t *testing.T) {
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := make(map[string]string)
	for _, section := range strings.Split(string(page), "\n### `")[1:] {
		section, _, _ = strings.Cut(section, "\n## ")
		name, body, _ := strings.Cut(section, "`")
		sections[name] = body
	}
	for _, test := range []struct {
		name   string
		object object
		words  [][]string
	}{
		{"connection", connectionObject{}, [][]string{connectionWords(), viaWords()}},
		{"roster", rosterObject{}, [][]string{subscriptionWords()}},
		{"presence", presenceObject{}, [][]string{showWords(), subscriptionKindWords()}},
		{"room", roomObject{}, [][]string{roomWords()}},
		{"occupant", occupantObject{}, [][]string{occupantWords(), core.AffiliationWords(), core.RoleWords()}},
		{"subject", subjectObject{}, nil},
		{"message", messageObject{}, [][]string{kindWords(), encryptionWords(), trustWords(), stateWords(), warningWords()}},
		{"history", historyObject{}, nil},
		{"message-state", messageStateObject{}, [][]string{stateWords()[2:], encryptionWords()[1:], trustWords()[1:]}},
		{"otr", otrObject{}, [][]string{otrWords(), trustWords(), otrReasonWords(), otrEventWords()}},
		{"notice", noticeObject{}, [][]string{levelWords(), refusalWords(), lackWords(), core.PolicyWords(), historyWords()[1:]}},
	} {
		want, always := fieldNames(test.object)
		if got := documentedFields(sections[test.name]); !slices.Equal(got, want) {
			t.Errorf("%s: fields %q are documented, %q exist", test.name, got, want)
		}
		for _, field := range want {
			if says := strings.Contains(sections[test.name], "| `"+field+"` | yes |"); says != slices.Contains(always, field) {
				t.Errorf("%s: %q is documented as always there: %v", test.name, field, says)
			}
		}
		for _, word := range slices.Concat(test.words...) {
			if word != "" && !strings.Contains(sections[test.name], "`"+word+"`") {
				t.Errorf("%s: the word %q is not documented", test.name, word)
			}
		}
		delete(sections, test.name)
	}
	for name := range sections {
		t.Errorf("%q is documented and does not exist", name)
	}
	row, _ := fieldNames(rowObject{})
	for _, field := range row {
		if !regexp.MustCompile("`list`.*`" + field + "`").Match(page) {
			t.Errorf("list: %q is not documented", field)
		}
	}
}

// fieldNames returns the names of an object's own fields, and of those that are always there.
func fieldNames(o any) (all, always []string) {
	for field := range reflect.TypeOf(o).Fields() {
		name, omit, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		all = append(all, name)
		if omit == "" {
			always = append(always, name)
		}
	}
	return all, always
}

func documentedFields(section string) []string {
	var names []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(section, -1) {
		names = append(names, row[1])
	}
	return names
}
