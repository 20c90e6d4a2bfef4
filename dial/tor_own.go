package dial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The files in the private folder.
const (
	ownSettings = "torrc"
	ownDefaults = "defaults" // empty, in place of the system's
	ownSOCKS    = "socks"
	ownControl  = "control"
	ownCookie   = "cookie"
	ownCache    = "tor"
)

// torProgram finds an installed tor; it is often where the PATH of a user does not lead.
func torProgram() string {
	if path, err := exec.LookPath("tor"); err == nil {
		return path
	}
	for _, path := range []string{"/usr/sbin/tor", "/usr/bin/tor", "/usr/local/sbin/tor", "/usr/local/bin/tor"} {
		if path, err := exec.LookPath(path); err == nil {
			return path
		}
	}
	return ""
}

// startOwn starts a tor that belongs to us.
func (t *Tor) startOwn(ctx context.Context) (*instance, error) {
	program := t.cfg.Program
	if program == "" {
		program = torProgram()
	}
	if program == "" || t.cfg.NoStart {
		return nil, &Error{Kind: NoTor}
	}
	t.board.update(func(s *TorState) { *s = TorState{Phase: TorStarting, Own: true, looks: s.looks} })
	own, err := t.launch(ctx, program)
	if err != nil {
		t.deaths++
		return nil, &Error{Kind: TorFailed, Target: program, Cause: err}
	}
	t.owner = true
	return own, nil
}

func (t *Tor) launch(ctx context.Context, program string) (*instance, error) {
	if t.folder == nil {
		folder, err := newTorFolder(torBases(t.cfg.Env))
		if err != nil {
			return nil, err
		}
		t.folder = folder
		t.own.Store(&folder.path)
	}
	if err := t.configure(); err != nil {
		return nil, err
	}
	start := t.cfg.Start
	if start == nil {
		start = StartTor
	}
	argv := []string{program, "-f", t.folder.file(ownSettings), "--defaults-torrc", t.folder.file(ownDefaults)}
	t.command.Store(&argv)
	process, err := start(argv)
	if err != nil {
		return nil, err
	}
	own := &instance{
		where: "unix:" + t.folder.file(ownSOCKS), controlAt: "unix:" + t.folder.file(ownControl),
		proved: true, process: watchProcess(process),
	}
	if own.control, err = t.takeOwnership(ctx, own.process); err != nil {
		_ = process.Kill()
		<-own.process.ended
		return nil, err
	}
	return own, nil
}

// Command is how our own tor was started, and will be again if it ends; nil if none was.
func (t *Tor) Command() []string {
	if argv := t.command.Load(); argv != nil {
		return slices.Clone(*argv)
	}
	return nil
}

func (f *torFolder) file(name string) string { return filepath.Join(f.path, name) }

// configure writes the settings, and takes away what another tor left behind that could be mistaken for this one's.
func (t *Tor) configure() error {
	for _, stale := range []string{ownSOCKS, ownControl, ownCookie} {
		if err := os.Remove(t.folder.file(stale)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	cache := t.cfg.Folder
	if cache == "" {
		cache = t.folder.file(ownCache)
	}
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	text, err := t.settings(cache)
	if err != nil {
		return err
	}
	if err := os.WriteFile(t.folder.file(ownDefaults), nil, 0o600); err != nil {
		return err
	}
	return os.WriteFile(t.folder.file(ownSettings), []byte(text), 0o600)
}

// settings are those of a tor that serves us alone: no port that another user could reach, no log in a file, and no life
// without us.
func (t *Tor) settings(cache string) (string, error) {
	lines := []string{
		"ClientOnly 1",
		"AvoidDiskWrites 1",
		"CookieAuthentication 1",
		"Log notice stdout",
		"__OwningControllerProcess " + strconv.Itoa(os.Getpid()),
	}
	if t.cfg.Include == "" {
		lines = append(lines, "NoExec 1") // settings of the user's may need a program to get to a bridge
	}
	for _, setting := range []struct{ before, path, after string }{
		{"DataDirectory ", cache, ""},
		{"CookieAuthFile ", t.folder.file(ownCookie), ""},
		{"ControlPort unix:", t.folder.file(ownControl), ""},
		{"SocksPort unix:", t.folder.file(ownSOCKS), " ExtendedErrors"},
		{"%include ", t.cfg.Include, ""},
	} {
		if setting.path == "" {
			continue
		}
		quoted := quoteSetting(setting.path)
		if quoted == "" {
			return "", fmt.Errorf("%q: tor can not read such a name", setting.path)
		}
		lines = append(lines, setting.before+quoted+setting.after)
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// quoteSetting quotes a path for tor's settings; empty if it can not be.
func quoteSetting(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) {
		return ""
	}
	return `"` + path + `"`
}

// takeOwnership waits until our tor answers at its control port, and ties its life to this connection.
func (t *Tor) takeOwnership(ctx context.Context, process *torRun) (*Control, error) {
	ctx, cancel := context.WithTimeout(ctx, t.pace.start)
	defer cancel()
	for {
		conn, err := t.dial(ctx, "unix", t.folder.file(ownControl))
		control, err := newControl(conn, err, func(c *Control) error { return c.authenticate(t.folder.file(ownCookie)) })
		if err == nil {
			if _, err = control.Ask("TAKEOWNERSHIP"); err == nil {
				return control, nil
			}
			control.Close()
		}
		select {
		case <-process.ended:
			return nil, fmt.Errorf("it ended at once: %w", process.cause)
		case <-ctx.Done():
			return nil, fmt.Errorf("it does not answer: %w", err)
		case <-time.After(t.pace.polls):
		}
	}
}
