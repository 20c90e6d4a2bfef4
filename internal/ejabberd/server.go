// Package ejabberd runs a private ejabberd on loopback for a test: its own folder and ports, no Erlang port mapper,
// certificates from an authority of its own, gone at the end. It must not touch the system's ejabberd.
//
// The server has the hosts localhost and guest.localhost (anonymous logins), and the room service conference.localhost.
package ejabberd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"traboule/internal/daemon"
)

// startTimeout: it takes 3 s on an idle machine, and more than a minute on one that has much else to do.
const startTimeout = 3 * time.Minute

// Options are what a test may want different.
type Options struct {
	// Users are the accounts at the start: bare JID to password.
	Users map[string]string
	// ResumeTimeout is how long a cut session can be resumed, in whole seconds; 0 stands for 5 minutes.
	ResumeTimeout time.Duration
	// ArchiveOnly keeps what comes for somebody who is not there in the archive and nowhere else: the list of what waits for
	// them takes longer to store each message than the one before.
	ArchiveOnly bool
}

// archiveInMemory moves the archive off the disk, where each message takes longer to store than the one before.
const archiveInMemory = `mnesia:change_table_copy_type(archive_msg, node(), ram_copies).`

// Server is a running ejabberd.
type Server struct {
	*daemon.Home

	libs    string
	admin   string
	options Options
}

// Start runs an ejabberd; the caller must Stop it.
func Start(ctx context.Context, options Options) (*Server, error) {
	libs, err := libraries()
	if err != nil {
		return nil, err
	}
	home, err := daemon.NewHome("ejabberd")
	if err != nil {
		return nil, err
	}
	s := &Server{Home: home, libs: libs, options: options}
	if err = s.prepare(); err == nil {
		err = daemon.Attempt(func() error { return s.run(ctx) })
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	for jid, password := range options.Users {
		if err := s.AddUser(ctx, jid, password); err != nil {
			return nil, errors.Join(err, s.Stop())
		}
	}
	return s, nil
}

// New is Start for a test: it fails the test if the server does not start, stops it at the end, and shows its log if the
// test failed.
func New(t testing.TB, options Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), options)
	daemon.Guard(t, "ejabberd", s, err)
	return s
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	// A tidy end takes seconds and saves a database that nobody will read.
	s.Process.Kill()
	return s.Remove()
}

// Log returns what the server has logged and printed.
func (s *Server) Log() string {
	text, err := os.ReadFile(filepath.Join(s.Dir, "ejabberd.log"))
	if err != nil {
		text = []byte(err.Error())
	}
	return string(text) + s.Process.Output()
}

// AddUser makes an account.
func (s *Server) AddUser(ctx context.Context, jid, password string) error {
	local, host, err := daemon.Account(jid)
	if err != nil {
		return err
	}
	return s.Call(ctx, "register", map[string]string{"user": local, "host": host, "password": password})
}

// Call runs a command of ejabberdctl, with its arguments by name.
func (s *Server) Call(ctx context.Context, command string, arguments map[string]string) error {
	body, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.admin+"/api/"+command, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ejabberd %q: %s: %s", command, response.Status, answer)
	}
	return nil
}

// libraries finds the folder that holds ejabberd's own Erlang libraries.
func libraries() (string, error) {
	found, err := filepath.Glob("/usr/lib/*/ejabberd-*/ebin/ejabberd.beam")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("ejabberd is not installed: run internal/packages/install test")
	}
	return filepath.Dir(filepath.Dir(filepath.Dir(found[0]))), nil
}

func (s *Server) prepare() error {
	certificate, key, err := s.CA.IssuePEM("localhost", "guest.localhost", "conference.localhost")
	if err != nil {
		return err
	}
	return s.Write(map[string][]byte{"server.pem": append(certificate, key...)})
}

// run writes the settings for fresh ports and starts the Erlang machine without a node name, so that it needs no port
// mapper and listens nowhere else.
func (s *Server) run(ctx context.Context) error {
	ports, err := s.ChoosePorts(3)
	if err != nil {
		return err
	}
	s.admin = fmt.Sprintf("http://127.0.0.1:%d", ports[2])
	values := settings{Dir: s.Dir, LogLevel: "info", Port: ports[0], DirectPort: ports[1], AdminPort: ports[2], ResumeTimeout: 300, ArchiveOnly: s.options.ArchiveOnly}
	if s.options.ResumeTimeout > 0 {
		values.ResumeTimeout = int(s.options.ResumeTimeout / time.Second)
	}
	if err := s.Write(map[string][]byte{"ejabberd.yml": []byte(values.String())}); err != nil {
		return err
	}
	path, err := exec.LookPath("erl")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	s.Process, err = daemon.Start(ctx, daemon.Command{
		Path: path,
		Args: []string{"-noinput", "+Bd", "-mnesia", "dir", fmt.Sprintf("%q", filepath.Join(s.Dir, "database")), "-s", "ejabberd", "-eval", archiveInMemory},
		Env: []string{
			"ERL_LIBS=" + s.libs, "ERL_CRASH_DUMP_BYTES=0", "HOME=" + s.Dir,
			"EJABBERD_CONFIG_PATH=" + filepath.Join(s.Dir, "ejabberd.yml"), "EJABBERD_LOG_PATH=" + filepath.Join(s.Dir, "ejabberd.log"),
		},
		Dir: s.Dir, Ports: ports,
	})
	return err
}
