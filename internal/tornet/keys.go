package tornet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Making the authorities' keys takes the longest of all, so they are kept in a folder of the user's cache.
const (
	cacheName  = "traboule-tornet"
	cacheLock  = "lock"
	cachedKeys = "authorities"
	unfinished = "new-"
	// keyMonths is how long new certificates are valid, keyReserve how long they must still be.
	keyMonths  = "24"
	keyReserve = 30 * 24 * time.Hour
)

// authority is what a directory authority needs beside its settings.
type authority struct {
	keys map[string][]byte // name of a file in the folder "keys" to what is in it
	// identity and fingerprint name it as an authority and as a relay.
	identity, fingerprint string
	// orPort and dirPort are those of this run.
	orPort, dirPort uint16
}

// keyFiles are the keys that make an authority the same from run to run; the rest tor makes anew in no time.
func keyFiles() []string {
	return []string{"authority_certificate", "authority_signing_key", "secret_id_key", "ed25519_master_id_secret_key", "ed25519_master_id_public_key"}
}

// tools are the programs of tor.
type tools struct{ tor, gencert string }

// loadAuthorities returns the authorities' keys from the cache, which it fills if need be. Without a cache they serve once.
func loadAuthorities(ctx context.Context, t tools) ([]authority, error) {
	if base, err := os.UserCacheDir(); err == nil {
		found, err := t.cachedAuthorities(ctx, filepath.Join(base, cacheName))
		if err == nil || ctx.Err() != nil {
			return found, err
		}
	}
	dir, err := os.MkdirTemp("", cacheName+"-keys-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := t.makeAuthorities(ctx, dir); err != nil {
		return nil, err
	}
	return readAuthorities(dir)
}

// cachedAuthorities reads the keys, or makes them and puts them there in one move. A lock makes runs at the same time wait
// for the first of them.
func (t tools) cachedAuthorities(ctx context.Context, base string) ([]authority, error) {
	if err := os.MkdirAll(base, 0o700); err != nil {
		return nil, err
	}
	lock, err := awaitLock(ctx, filepath.Join(base, cacheLock))
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	dir := filepath.Join(base, cachedKeys)
	if found, err := readAuthorities(dir); err == nil {
		return found, nil
	}
	if err := clearCache(base); err != nil {
		return nil, err
	}
	made, err := os.MkdirTemp(base, unfinished)
	if err != nil {
		return nil, err
	}
	if err := t.makeAuthorities(ctx, made); err != nil {
		return nil, errors.Join(err, os.RemoveAll(made))
	}
	if err := os.Rename(made, dir); err != nil {
		return nil, err
	}
	return readAuthorities(dir)
}

// clearCache removes old keys, and what a run that was killed began.
func clearCache(base string) error {
	stale, err := filepath.Glob(filepath.Join(base, unfinished+"*"))
	for _, dir := range append(stale, filepath.Join(base, cachedKeys)) {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// makeAuthorities makes the keys of all authorities, at the same time.
func (t tools) makeAuthorities(ctx context.Context, dir string) error {
	made := make(chan error)
	for i := range authorityCount {
		go func() { made <- t.makeAuthority(ctx, filepath.Join(dir, strconv.Itoa(i))) }()
	}
	var errs []error
	for range authorityCount {
		errs = append(errs, <-made)
	}
	return errors.Join(errs...)
}

func (t tools) makeAuthority(ctx context.Context, dir string) error {
	keys := filepath.Join(dir, "keys")
	if err := os.MkdirAll(keys, 0o700); err != nil {
		return err
	}
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		return err
	}
	gencert := exec.CommandContext(ctx, t.gencert, "--create-identity-key", "--passphrase-fd", "0", "-m", keyMonths)
	gencert.Dir = keys
	// The key that this protects is never used again: the certificate is renewed with a new one.
	gencert.Stdin = strings.NewReader("traboule\n")
	fingerprint := exec.CommandContext(ctx, t.tor, "-f", empty, "--defaults-torrc", empty, "--DataDirectory", dir, "--ORPort", "9",
		"--Nickname", "authority", "--list-fingerprint")
	for _, command := range []*exec.Cmd{gencert, fingerprint} {
		command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command.Path, err, output)
		}
	}
	return nil
}

// readAuthorities reads the keys of all authorities; old ones are an error.
func readAuthorities(dir string) ([]authority, error) {
	var all []authority
	for i := range authorityCount {
		a, err := readAuthority(filepath.Join(dir, strconv.Itoa(i)), time.Now())
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func readAuthority(dir string, now time.Time) (authority, error) {
	a := authority{keys: map[string][]byte{}}
	for _, name := range keyFiles() {
		text, err := os.ReadFile(filepath.Join(dir, "keys", name))
		if err != nil {
			return a, err
		}
		a.keys[name] = text
	}
	var err error
	if a.fingerprint, err = readFingerprint(dir); err != nil {
		return a, err
	}
	err = a.readCertificate(now)
	return a, err
}

// readFingerprint reads the name of a relay, "nickname FINGERPRINT", from its DataDirectory.
func readFingerprint(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "fingerprint"))
	if err != nil {
		return "", err
	}
	_, fingerprint, found := strings.Cut(strings.TrimSpace(string(text)), " ")
	if !found {
		return "", fmt.Errorf("%q: no fingerprint in it", dir)
	}
	return fingerprint, nil
}

// readCertificate finds the identity in a certificate (dir-spec §3.1) that is valid for a while yet.
func (a *authority) readCertificate(now time.Time) error {
	fields := map[string]string{}
	for line := range strings.Lines(string(a.keys["authority_certificate"])) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		fields[name] = value
	}
	begin, err1 := time.Parse(time.DateTime, fields["dir-key-published"])
	end, err2 := time.Parse(time.DateTime, fields["dir-key-expires"])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if a.identity = fields["fingerprint"]; a.identity == "" {
		return errors.New("authority's certificate: no fingerprint in it")
	}
	if now.Before(begin) || now.Add(keyReserve).After(end) {
		return fmt.Errorf("authority's certificate: from %v to %v", begin, end)
	}
	return nil
}
