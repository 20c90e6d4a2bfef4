package i18n

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

var update = flag.Bool("update", false, "rewrite the tables of codes in docs/json.md")

// TestDocumentationOfCodes compares the tables of docs/json.md, from "| code |" on, with the catalogue.
func TestDocumentationOfCodes(t *testing.T) {
	const path = "../../docs/json.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	written, _, _ := strings.Cut(string(page), "| code |")
	want := written + codeTables()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Errorf("%s does not list the codes as they are: go test ./ui/i18n -update", path)
	}
}

// codeTables is the part of docs/json.md that is made from the English catalogue.
func codeTables() string {
	var out strings.Builder
	out.WriteString("| code | text |\n| --- | --- |\n")
	for _, code := range im.Codes() {
		out.WriteString("| `" + string(code) + "` | " + documented(failuresEnglish()[code]) + " |\n")
	}
	out.WriteString("\n## Notices\n\nThe fields that a code has stand in its sentence, by their names in the object.\n" +
		"What stands in brackets is left out\nwhen its field is absent. Some codes appear only in line mode and on the screen, because to scripts another object says the same.\n\n" +
		"| code | text |\n| --- | --- |\n")
	for _, code := range core.NoticeCodes() {
		out.WriteString("| `" + string(code) + "` | " + documented(noticesEnglish()[code]) + " |\n")
	}
	return out.String()
}

// documented writes a template as the page shows it: places by the names of JSON fields, plurals as plurals.
func documented(template string) string {
	template = regexp.MustCompile(`\{[^|}]*\|[^|}]*\|([^}]*)\}`).ReplaceAllString(template, "$1")
	template = regexp.MustCompile(`\{([^}]*)\}`).ReplaceAllStringFunc(template, func(place string) string {
		return "`" + fieldName(strings.Trim(place, "{}")) + "`"
	})
	return strings.ReplaceAll(template, "|", " / ")
}

// fieldName is the JSON name of a place.
func fieldName(place string) string {
	switch place {
	case "new":
		return "new_nick"
	case "text", "command", "device", "switch", "drop", "query":
		return "detail"
	case "err":
		return "error"
	case "theirs":
		return "fingerprint"
	}
	return place
}
