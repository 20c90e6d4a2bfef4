// Command demo shows the client with nothing but this machine: it starts a private Prosody, logs people in who talk in a
// room, and opens the client there, through a private Tor network unless told to do without. When it ends, all of it is gone. Where standard output is no terminal it plays a tour
// through the client's line mode instead and checks every step. It must not touch the user's profile or the system's
// servers.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/term"

	"traboule/im"
	"traboule/internal/prosody"
	"traboule/internal/tornet"
	"traboule/otr"
	"traboule/ui/i18n"
)

const (
	roomName = "grenoble@conference.localhost"
	guest    = "ana@localhost" // the account that the client opens with
)

func main() {
	if otr.IsChild(os.Args) { // the contact's keys are in a process of their own, as the client's are
		os.Exit(otr.ServeChild())
	}
	withoutTor := flag.Bool("no-tor", false, "connect directly, which is quicker")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: demo [--no-tor] PATH-OF-TRABOULE")
		os.Exit(2)
	}
	// A reader who goes away must not kill the demo before it has cleaned up.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	status, err := run(ctx, flag.Arg(0), !*withoutTor && tornet.Installed())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		status = 1
	}
	os.Exit(status)
}

// run opens the demo around the client, takes everything down again, and returns the client's exit status.
func run(ctx context.Context, client string, throughTor bool) (status int, err error) {
	dir, err := os.MkdirTemp("", "traboule-demo-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	passwords := map[string]string{guest: rand.Text()}
	for _, nick := range nicks() {
		passwords[nick+"@localhost"] = rand.Text()
	}
	passwords[contactName] = rand.Text()
	server, err := prosody.Start(ctx, prosody.Options{Users: passwords, Quiet: true})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	onScreen := term.IsTerminal(int(os.Stdout.Fd()))
	var passage *passage
	if throughTor {
		passage, err = openPassage(ctx, server, os.Stderr, term.IsTerminal(int(os.Stderr.Fd())))
		if err != nil {
			return 0, err
		}
	}
	defer func() { err = errors.Join(err, passage.close()) }()
	ctx, cancel := context.WithCancel(ctx)
	var people sync.WaitGroup
	defer people.Wait()
	defer cancel()
	town, err := arrive(ctx, &people, server, passwords, onScreen)
	if err != nil {
		return 0, err
	}
	people.Go(func() { town.talk(ctx) })
	friend, err := befriend(ctx, &people, server, passwords[contactName])
	if err != nil {
		return 0, err
	}

	profile := filepath.Join(dir, "profile")
	way, err := passage.arguments(profile, server)
	if err != nil {
		return 0, err
	}
	command := exec.CommandContext(ctx, client, append(way, arguments(profile, server, onScreen)...)...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	password, err := secret(passwords[guest])
	if err != nil {
		return 0, err
	}
	defer password.Close()
	command.ExtraFiles = []*os.File{password}
	if onScreen {
		command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
		return exitStatus(command.Run())
	}
	return 0, newGuide(language(), throughTor, friend.lastCarried).lead(ctx, command)
}

// exitStatus tells a client that ended with a status of its own, and has said why, from one that could not run.
func exitStatus(err error) (int, error) {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// arguments opens the client logged in and joined, on a profile that is thrown away.
func arguments(profile string, server *prosody.Server, onScreen bool) []string {
	args := []string{
		"--profile", profile, "--amnesic", "--ca", server.CAFile, "--account", guest, "--password-fd", "3",
	}
	if !onScreen {
		args = append(args, "--line", "--lang", language())
	}
	return append(args, "xmpp:"+roomName+"?join")
}

// language is that of the user.
func language() string { return i18n.Detect(os.Getenv) }

// secret returns a file from which the client can read a password, once.
func secret(password string) (*os.File, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintln(writer, password)
	return reader, errors.Join(err, writer.Close())
}

func room() im.JID { return im.MustJID(roomName) }
