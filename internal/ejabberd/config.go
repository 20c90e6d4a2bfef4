package ejabberd

import (
	"fmt"
	"strings"
	"text/template"
)

// configuration is the whole of ejabberd's settings: nothing of the system's own ejabberd is read. Passwords are kept as
// they are, so that every SCRAM variant is offered. However much a client has not acknowledged, its session goes on.
var configuration = template.Must(template.New("ejabberd.yml").Parse(`loglevel: {{.LogLevel}}
log_rotate_count: 0
hosts:
  - localhost
  - guest.localhost
certfiles:
  - "{{.Dir}}/server.pem"
ca_file: "{{.Dir}}/ca.pem"
acme:
  auto: false
auth_password_format: plain
disable_sasl_mechanisms:
  - digest-md5
  - X-OAUTH2
host_config:
  guest.localhost:
    auth_method:
      - anonymous
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
listen:
  -
    port: {{.Port}}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
  -
    port: {{.DirectPort}}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    tls: true
  -
    port: {{.AdminPort}}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /api: mod_http_api
api_permissions:
  "test":
    who:
      ip: 127.0.0.1/8
    what: "*"
modules:
  mod_admin_extra: {}
  mod_blocking: {}
  mod_caps: {}
  mod_carboncopy: {}
  mod_client_state: {}
  mod_disco: {}
  mod_http_api: {}
  mod_mam:
    default: always
  mod_muc:
    host: conference.localhost
    default_room_options:
      mam: true
      public: true
      persistent: false
      logging: false
  mod_offline:
    use_mam_for_storage: {{.ArchiveOnly}}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_pubsub:
    plugins:
      - flat
      - pep
  mod_roster:
    versioning: true
  mod_stream_mgmt:
    resume_timeout: {{.ResumeTimeout}}
    resend_on_timeout: true
    max_ack_queue: infinity
  mod_vcard:
    search: false
`))

// settings fill the configuration.
type settings struct {
	Dir                         string
	LogLevel                    string
	Port, DirectPort, AdminPort int
	ResumeTimeout               int // seconds
	ArchiveOnly                 bool
}

func (s settings) String() string {
	var text strings.Builder
	if err := configuration.Execute(&text, s); err != nil {
		panic(fmt.Sprintf("ejabberd's settings: %v", err)) // the template and its values are ours
	}
	return text.String()
}
