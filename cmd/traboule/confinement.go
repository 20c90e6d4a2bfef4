package main

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"time"

	"traboule/confine"
	"traboule/dial"
	"traboule/im"
	"traboule/otr"
)

// A session that goes through a proxy alone gives up, before it connects, all that it does not need for that. What it needs
// of others after that goes through the door. The order is: open the door; open the profile; find Tor; get the passwords; take the terminal;
// tell the door what it will be asked for; give up the rest; connect.

// openDoor starts the process that does for us what we will not be able to do ourselves.
func (s *session) openDoor() error {
	if s.tor == nil {
		return nil
	}
	door, err := confine.OpenDoor()
	if err != nil {
		return err
	}
	s.door = door
	return nil
}

// confine gives up what is not needed, and tells core what of it the kernel took.
func (s *session) confine(ctx context.Context) error {
	needs := s.tor.Needs()
	allowed := confine.Allowed{Addresses: needs.Addresses}
	allowed.Programs = []confine.Program{{Argv: []string{otr.ChildName}, Self: true}}
	for _, a := range s.accounts {
		if len(a.PasswordCommand) > 0 {
			allowed.Programs = append(allowed.Programs, confine.Program{Argv: a.PasswordCommand})
		}
	}
	rules := confine.Rules{}
	if needs.Cookie != "" {
		rules.Read = []string{needs.Cookie}
	}
	if s.vault != nil {
		rules.Write = []string{s.vault.Folder()} // where the database makes and removes files beside its own
	}
	if needs.Folder != "" {
		rules.Temporary = []string{needs.Folder}
	}
	if needs.Command != nil {
		allowed.Programs = append(allowed.Programs, confine.Program{Argv: needs.Command, Apart: true})
	}
	if err := s.door.Allow(ctx, allowed); err != nil {
		return err
	}
	s.confined.Store(true)
	state, err := confine.Apply(rules)
	if err != nil {
		return err
	}
	s.post(ctx, im.Confined{Confinement: confinement(state)})
	return nil
}

// confinement is what is in force, in the words of core.
func confinement(s confine.State) im.Confinement {
	c := im.Confinement{
		Wanted: true, Landlock: s.Landlock,
		Files: s.FilesConfined, TCP: s.TCPConfined, UDP: s.UDPBlocked, UnixSockets: s.UnixConfined, Programs: s.ProgramsBlocked,
	}
	lacks := map[confine.Reason]im.ConfinementLack{
		confine.NoLandlock: im.NoLandlock, confine.OldLandlock: im.OldLandlock,
		confine.NoSeccomp: im.NoSeccomp, confine.UnknownProcessor: im.UnknownProcessor,
	}
	for _, r := range s.Reasons {
		c.Lacks = append(c.Lacks, lacks[r])
	}
	return c
}

// dialLocal connects to a port of Tor.
func (s *session) dialLocal(ctx context.Context, network, address string) (net.Conn, error) {
	if s.confined.Load() {
		return s.door.DialContext(ctx, network, address)
	}
	return dial.ToTor(ctx, network, address)
}

// runProgram runs a program and returns what it says, up to limit bytes.
func (s *session) runProgram(ctx context.Context, argv []string, limit int) ([]byte, error) {
	if s.confined.Load() {
		return s.door.Run(ctx, argv, limit)
	}
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.WaitDelay = time.Second
	return command.Output()
}

// startTor starts a tor of our own, again through the door if it ended.
func (s *session) startTor(argv []string) (dial.TorProcess, error) {
	if !s.confined.Load() {
		// The folder is there by now, and this process may be killed while it waits for a password.
		if err := s.door.Remove(context.Background(), s.tor.Needs().Folder); err != nil {
			return nil, err
		}
		return dial.StartTor(argv)
	}
	ctx, kill := context.WithCancel(context.Background())
	p := &doorTor{kill: kill, ended: make(chan error, 1)}
	go func() {
		_, err := s.door.Run(ctx, argv, 0)
		if err == nil || errors.Is(err, confine.ErrTooLong) {
			err = errors.New("exit status 0")
		}
		p.ended <- err
	}()
	return p, nil
}

// doorTor is a tor behind the door.
type doorTor struct {
	kill  func()
	ended chan error
}

// Wait waits until it has ended.
func (p *doorTor) Wait() error { return <-p.ended }

// Kill ends it.
func (p *doorTor) Kill() error {
	p.kill()
	return nil
}
