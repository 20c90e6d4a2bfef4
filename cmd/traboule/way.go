package main

import (
	"path/filepath"

	"traboule/config"
	"traboule/dial"
)

// prepareWay decides which way out the session takes: flags first, then the settings at path; Tor is required where neither
// speaks. What goes through a proxy has a Tor, even if that need not prove that it is one.
func (s *session) prepareWay(path string, env func(string) string) error {
	mode, socks := s.settings.Tor.Value, s.settings.SOCKS.Value
	if s.options.tor != "" {
		mode = s.options.tor
	}
	if s.options.socks != "" {
		socks = s.options.socks
	}
	cfg := dial.Config{Required: mode != "off"}
	if !cfg.Required && socks == "" {
		s.dialer = dial.New(cfg)
		return nil
	}
	onions, err := onionList(path)
	if err != nil {
		return err
	}
	if cfg.Resolver, err = resolver(s.settings); err != nil {
		return err
	}
	guards, err := s.guardFolder(env)
	if err != nil {
		return err
	}
	s.tor = dial.NewTor(dial.TorConfig{
		SOCKS: socks, Env: env, Unproved: !cfg.Required, NoStart: !cfg.Required || !s.settings.StartsTor(),
		Folder: guards, Include: s.settings.TorSettings.Value, Start: s.startTor, Dial: s.dialLocal,
	})
	cfg.Tor, cfg.Onions = s.tor, onions
	s.dialer = dial.New(cfg)
	return nil
}

// guardFolder is where our own tor keeps what it may keep; empty for nowhere.
func (s *session) guardFolder(env func(string) string) (string, error) {
	if !s.settings.KeepGuards || s.options.amnesic {
		return "", nil
	}
	folder, err := config.DataFolder(s.options.profile, env)
	if err != nil {
		return "", &usageError{kind: noHome}
	}
	return filepath.Join(folder, "tor"), nil
}
