package tornet

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// needTools finds tor's programs. Where everything is installed (CI is set), a missing one is a failure.
func needTools(t *testing.T) tools {
	t.Helper()
	found, err := findTools()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return found
}

func identities(all []authority) []string {
	var names []string
	for _, a := range all {
		names = append(names, a.identity, a.fingerprint)
	}
	return names
}

// quickTools are programs that make files of the right names in no time, each with another name in it.
func quickTools(t *testing.T) tools {
	t.Helper()
	dir := t.TempDir()
	for name, script := range map[string]string{
		"tor": `cd "$6"; touch keys/secret_id_key keys/ed25519_master_id_secret_key keys/ed25519_master_id_public_key
			echo "authority $$" >fingerprint`,
		"tor-gencert": `touch authority_signing_key
			printf 'fingerprint %s\ndir-key-published 2026-01-01 00:00:00\ndir-key-expires 2226-01-01 00:00:00\n' $$ >authority_certificate`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return tools{filepath.Join(dir, "tor"), filepath.Join(dir, "tor-gencert")}
}

// TestKeysAreKept lets several runs ask for the keys at once, and then spoils them.
func TestKeysAreKept(t *testing.T) {
	t.Parallel()
	tools, base := quickTools(t), filepath.Join(t.TempDir(), "cache")
	found := make([][]authority, 3)
	var wait sync.WaitGroup
	for i := range found {
		wait.Go(func() {
			var err error
			if found[i], err = tools.cachedAuthorities(t.Context(), base); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	first := identities(found[0])
	for _, other := range found {
		if len(first) != 2*authorityCount || !slices.Equal(identities(other), first) {
			t.Errorf("keys %q, and %q in another run", first, identities(other))
		}
	}

	old := bytes.Replace(found[0][1].keys["authority_certificate"], []byte("dir-key-expires 2"), []byte("dir-key-expires 1"), 1)
	if err := os.WriteFile(filepath.Join(base, cachedKeys, "1", "keys", "authority_certificate"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(base, unfinished+"killed"), 0o700); err != nil {
		t.Fatal(err)
	}
	renewed, err := tools.cachedAuthorities(t.Context(), base)
	if err != nil || slices.Contains(first, renewed[1].identity) {
		t.Errorf("keys %q after %q had expired, %v", identities(renewed), first, err)
	}
	entries, err := os.ReadDir(base)
	if err != nil || len(entries) != 2 {
		t.Errorf("in the cache %v, %v", entries, err)
	}
}

// TestKeysWithoutCache starts where the user's cache folder can not be written.
func TestKeysWithoutCache(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(os.DevNull, "cache"))
	t.Setenv("TMPDIR", temporary)
	found, err := loadAuthorities(t.Context(), needTools(t))
	if err != nil || len(identities(found)) != 2*authorityCount {
		t.Errorf("keys %q, %v", identities(found), err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}

func TestCertificateExpires(t *testing.T) {
	t.Parallel()
	begin, end := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2028, 3, 1, 12, 0, 0, 0, time.UTC)
	text := "dir-key-certificate-version 3\nfingerprint 03F816\ndir-key-published " + begin.Format(time.DateTime) +
		"\ndir-key-expires " + end.Format(time.DateTime) + "\ndir-identity-key\n"
	for now, valid := range map[time.Time]bool{
		begin.Add(-time.Second):               false,
		begin:                                 true,
		end.Add(-keyReserve):                  true,
		end.Add(-keyReserve).Add(time.Second): false,
	} {
		a := authority{keys: map[string][]byte{"authority_certificate": []byte(text)}}
		if err := a.readCertificate(now); (err == nil) != valid || valid && a.identity != "03F816" {
			t.Errorf("at %v: identity %q, %v", now, a.identity, err)
		}
	}
}
