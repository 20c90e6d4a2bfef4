// Package config is the settings file, config.toml in the profile: its format, its defaults, its checks and its place. It
// gives plain values and owns nothing else. It must not hold secrets, write anything, or know what the settings are for.
package config

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"traboule/im"
)

// FileName is the name of the settings file inside a profile.
const FileName = "config.toml"

// Settings is everything that config.toml can say. The zero value of a field means "not set"; Default fills in.
type Settings struct {
	Language Language `toml:"language"`
	Tor      TorMode  `toml:"tor"`
	SOCKS    SOCKS    `toml:"socks"`
	// StartTor tells whether the client may start a tor of its own; true where the file is silent.
	StartTor *bool `toml:"start_tor"`
	// TorSettings is a file of settings for that tor, such as bridges; empty for none.
	TorSettings File `toml:"tor_settings"`
	// KeepGuards has that tor keep, from one start to the next, which relays it enters by.
	KeepGuards bool     `toml:"keep_guards"`
	Resolver   Resolver `toml:"resolver"`
	// KeepDrafts has what was typed and not sent kept, where the profile keeps anything.
	KeepDrafts    bool          `toml:"keep_drafts"`
	Accounts      []Account     `toml:"account"`
	Disclose      Disclose      `toml:"disclose"`
	Screen        Screen        `toml:"screen"`
	Notifications Notifications `toml:"notifications"`
	// Keys maps the name of an action to a key, such as "next-unread" to "Alt+A".
	Keys map[string]string `toml:"keys"`
}

// Account is one [[account]] table.
type Account struct {
	JID  BareJID `toml:"jid"`
	Nick string  `toml:"nick"`
	// Resource is what the full address is to end in; empty for what means nothing.
	Resource Resource `toml:"resource"`
	// Connect tells whether to connect at start; true where the file is silent.
	Connect *bool  `toml:"connect"`
	Server  Server `toml:"server"`
	CA      string `toml:"ca"`
	// Certificate holds the keys that the server may show, whatever their certificates say; if there are any, no other.
	Certificate Pins `toml:"certificate"`
	// PasswordCommand is a program and its arguments, which prints the password on its first line.
	PasswordCommand []string `toml:"password_command"`
	// KeepPassword lets a profile that keeps things keep the password that was typed; true where the file is silent.
	KeepPassword *bool `toml:"keep_password"`
	AllowPlain   bool  `toml:"allow_plain"`
	// Archive tells whether what the account's server and rooms have kept is asked for; where the file is silent, as Disclose says.
	Archive *bool `toml:"archive"`
	// LeastMechanism is the weakest login mechanism to accept, such as "SCRAM-SHA-256-PLUS".
	LeastMechanism Mechanism `toml:"least_mechanism"`
	Rooms          []Room    `toml:"room"`
}

// StartsTor reports whether the client may start a tor of its own.
func (s *Settings) StartsTor() bool { return s.StartTor == nil || *s.StartTor }

// Connects reports whether the account connects at start.
func (a Account) Connects() bool { return a.Connect == nil || *a.Connect }

// KeepsPassword reports whether a profile that keeps things may keep the password.
func (a Account) KeepsPassword() bool { return a.KeepPassword == nil || *a.KeepPassword }

// Room is one [[account.room]] table: a room to join at start.
type Room struct {
	Room BareJID `toml:"jid"`
	Nick string  `toml:"nick"`
}

// Disclose is the [disclose] table: what others are told. The first are off where the file is silent, and those with a
// pointer on.
type Disclose struct {
	Receipts bool `toml:"receipts"`
	Typing   bool `toml:"typing"`
	Markers  bool `toml:"markers"`
	// Presence tells contacts that we are here, and Caps tells them and rooms what this client can do.
	Presence *bool `toml:"presence"`
	Caps     *bool `toml:"caps"`
	// Carbons asks the server for copies of what other devices send and get, Archive for what it has kept.
	Carbons *bool `toml:"carbons"`
	Archive *bool `toml:"archive"`
	// Bookmarks has the server keep the list of rooms.
	Bookmarks *bool `toml:"bookmarks"`
	// Heartbeats renew the keys of an OTR session in which only the other side writes.
	Heartbeats bool `toml:"heartbeats"`
}

// Screen is the [screen] table.
type Screen struct {
	Theme Theme `toml:"theme"`
	Mouse *bool `toml:"mouse"`
	// Colors maps the name of a screen element to a colour: a name or #rrggbb.
	Colors map[string]string `toml:"colors"`
}

// Notifications is the [notifications] table.
type Notifications struct {
	Bell    Occasion `toml:"bell"`
	Desktop Desktop  `toml:"desktop"`
	Show    Showing  `toml:"show"`
}

// Default returns the settings where no file says otherwise.
func Default() *Settings {
	return &Settings{
		Tor:      TorMode{"required"},
		Resolver: Resolver{"tls://9.9.9.9#dns.quad9.net"},
		Screen:   Screen{Theme: Theme{"dark"}},
		Notifications: Notifications{
			Bell: Occasion{"never"}, Desktop: Desktop{"none"}, Show: Showing{"nothing"},
		},
	}
}

// Checks judge values that only other packages understand. Each returns an error for a name or value it does not know.
type Checks struct {
	Key   func(action, key string) error
	Color func(element, color string) error
}

// Path returns where the settings file is: in the profile if one is named, else in the XDG configuration folder. env looks
// up environment variables.
func Path(profile string, env func(string) string) (string, error) {
	if profile != "" {
		return filepath.Join(profile, FileName), nil
	}
	if folder := env("XDG_CONFIG_HOME"); filepath.IsAbs(folder) {
		return filepath.Join(folder, "traboule", FileName), nil
	}
	home := env("HOME")
	if home == "" {
		return "", errors.New("no home folder: set HOME, or name a folder with --profile")
	}
	return filepath.Join(home, ".config", "traboule", FileName), nil
}

// DataFolder returns where the client keeps what it was told to keep: the profile if one is named, else the XDG data folder.
// env looks up environment variables.
func DataFolder(profile string, env func(string) string) (string, error) {
	if profile != "" {
		return filepath.Abs(profile)
	}
	if folder := env("XDG_DATA_HOME"); filepath.IsAbs(folder) {
		return filepath.Join(folder, "traboule"), nil
	}
	home := env("HOME")
	if home == "" {
		return "", errors.New("no home folder: set HOME, or name a folder with --profile")
	}
	return filepath.Join(home, ".local", "share", "traboule"), nil
}

// Load reads and checks the settings at path. A file that does not exist gives the defaults; any fault is an *Error with
// the file, the line, the key and what is allowed.
func Load(path string, checks Checks) (*Settings, error) {
	text, err := readBounded(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return nil, unread(path, err)
	}
	settings := Default()
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(settings); err != nil {
		return nil, explain(path, text, err)
	}
	if err := settings.check(checks); err != nil {
		err.File = path
		err.Line = lineOf(text, err.Key)
		return nil, err
	}
	return settings, nil
}

// check judges what depends on more than one value.
func (s *Settings) check(checks Checks) *Error {
	seen := map[im.JID]bool{}
	for _, a := range s.Accounts {
		switch {
		case a.JID.IsZero():
			return &Error{Key: []string{"account", "jid"}, Problem: Missing, Want: WantAddress}
		case seen[a.JID.JID]:
			return &Error{Key: []string{"account", "jid"}, Problem: Repeated, Value: a.JID.String()}
		}
		seen[a.JID.JID] = true
		for _, r := range a.Rooms {
			if r.Room.IsZero() {
				return &Error{Key: []string{"account", "room", "jid"}, Problem: Missing, Want: WantAddress}
			}
		}
		if a.PasswordCommand != nil && (len(a.PasswordCommand) == 0 || a.PasswordCommand[0] == "") {
			return &Error{Key: []string{"account", "password_command"}, Problem: BadValue, Want: WantCommand}
		}
	}
	if err := checkMap("keys", s.Keys, checks.Key, WantKey); err != nil {
		return err
	}
	return checkMap("screen.colors", s.Screen.Colors, checks.Color, WantColor)
}

func checkMap(table string, values map[string]string, check func(name, value string) error, want Want) *Error {
	if check == nil {
		return nil
	}
	for name, value := range values {
		if err := check(name, value); err != nil {
			return &Error{Key: append(splitTable(table), name), Problem: BadValue, Value: value, Want: want, Cause: err}
		}
	}
	return nil
}
