package line

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

func TestExport(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 30, 0, 0, time.UTC)
	fact := core.KeptMessage(im.MustJID("ana@example.org"), im.StoredMessage{
		Peer: im.MustJID("grenoble@conference.example.org"), Kind: im.Groupchat, Seq: 7, Time: at, From: "hubert\x1b[31m", ID: "7", Body: "salut\n\x1b]0;x\a<ana> non",
	})
	for _, several := range []bool{false, true} {
		var out bytes.Buffer
		if err := NewExport(&out, i18n.NewIn(i18n.English, time.UTC), false, several).Write(fact); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		last := lines[len(lines)-1]
		if len(lines) != 1 || !strings.HasPrefix(last, "2026-05-01 12:30 ") || !strings.Contains(last, "salut⏎") || strings.ContainsAny(out.String(), "\x1b\a") {
			t.Errorf("%q", lines)
		}
		if strings.Contains(last, "ana@example.org") != several {
			t.Errorf("%q: the account is wrong", lines)
		}
	}
	var out bytes.Buffer
	if err := NewExport(&out, i18n.New(i18n.English), true, false).Write(fact); err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(out.Bytes(), &object); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%q: %v", out.String(), err)
	}
	if object["type"] != "history" || object["time"] != "2026-05-01T12:30:00Z" || object["account"] != "ana@example.org" || object["kind"] != "groupchat" {
		t.Errorf("%v", object)
	}
}
