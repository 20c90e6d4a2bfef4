package prosody

import (
	"fmt"
	"strings"
	"text/template"
	"time"
)

// configuration is the whole of Prosody's settings: nothing of the system's own Prosody is read.
var configuration = template.Must(template.New("prosody.cfg.lua").Parse(`run_as_root = true
data_path = "{{.Dir}}/data"
pidfile = "{{.Dir}}/prosody.pid"
log = { { levels = { min = "{{.LogLevel}}" }, to = "console" } }
interfaces = { "127.0.0.1" }
c2s_ports = { {{.Port}} }
c2s_direct_tls_ports = { {{.DirectPort}} }
component_ports = { {{if .Component}}{{.ComponentPort}}{{end}} }
modules_disabled = { "s2s" }
modules_enabled = {
  "roster", "saslauth", "tls", "disco", "posix",
  "blocklist", "bookmarks", "carbons", "csi", "mam", "offline", "pep", "ping", "presence", "smacks", "vcard4", "vcard_legacy",
  "admin_shell",{{if .Stanzas}} "stanza_debug",{{end}}
}
admin_socket = "{{.Dir}}/shell"
c2s_require_encryption = true
ssl = { certificate = "{{.Dir}}/certificate.pem"; key = "{{.Dir}}/key.pem" }
authentication = "internal_plain"
smacks_hibernation_time = {{.Hibernation}}
smacks_max_unacked_stanzas = 0
default_archive_policy = true
storage_archive_item_limit = 1000000
{{if .MemoryArchive}}storage = { archive = "memory"; muc_log = "memory"; offline = "memory" }
gc = { mode = "incremental"; threshold = 1000; speed = 200 }
max_archive_query_results = 250
{{end}}limits = {}
VirtualHost "localhost"
VirtualHost "second.localhost"
VirtualHost "guest.localhost"
  authentication = "anonymous"
Component "conference.localhost" "muc"
  name = "Rooms"
  modules_enabled = { "muc_mam" }
  restrict_room_creation = false
  muc_room_default_change_subject = true
  muc_room_default_public = true
  muc_room_locking = false
  muc_log_by_default = true
{{if .Component}}Component "{{.Component}}"
  component_secret = "{{.ComponentSecret}}"
{{end}}`))

// hosts are the names that the server's certificate is for.
func hosts() []string {
	return []string{"localhost", "second.localhost", "guest.localhost", "conference.localhost"}
}

// settings fill the configuration.
type settings struct {
	Dir              string
	LogLevel         string
	Stanzas          bool
	MemoryArchive    bool
	Port, DirectPort int
	Hibernation      int // seconds
	Component        string
	ComponentPort    int
	ComponentSecret  string
}

func (s settings) String() string {
	var text strings.Builder
	if err := configuration.Execute(&text, s); err != nil {
		panic(fmt.Sprintf("prosody's settings: %v", err)) // the template and its values are ours
	}
	return text.String()
}

func seconds(d time.Duration) int { return int(d / time.Second) }
