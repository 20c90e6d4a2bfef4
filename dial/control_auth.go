package dial

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
)

// cookieSize is the exact size of tor's control cookie, and of the nonces and hashes that prove it, in bytes.
const cookieSize = 32

// The keys of the proofs in both directions (control-spec §3.24).
const (
	serverProof = "Tor safe cookie authentication server-to-controller hash"
	clientProof = "Tor safe cookie authentication controller-to-server hash"
)

// findControl connects to the control port of a tor that somebody else started, in the way that it says it wants.
func findControl(ctx context.Context, dial dialFunc, network, address string) (*Control, error) {
	conn, err := dial(ctx, network, address)
	return newControl(conn, err, func(c *Control) error {
		lines, err := c.Ask("PROTOCOLINFO 1")
		if err != nil {
			return err
		}
		for _, line := range lines {
			auth, found := strings.CutPrefix(line, "AUTH ")
			if !found {
				continue
			}
			values := parseKeywords(auth)
			methods := strings.Split(values["METHODS"], ",")
			switch {
			case slices.Contains(methods, "NULL"):
				return c.authenticate("")
			case slices.Contains(methods, "SAFECOOKIE"):
				return c.authenticate(values["COOKIEFILE"])
			}
		}
		return errors.New("tor's control port: wants a proof that we have not")
	})
}

// authenticate never shows the cookie itself: whoever sits at the port could have named any file of ours. So tor has to
// prove first that it knows it too.
func (c *Control) authenticate(cookieFile string) error {
	if cookieFile == "" {
		_, err := c.Ask("AUTHENTICATE")
		return err
	}
	cookie, err := readCookie(cookieFile)
	if err != nil {
		return err
	}
	ours := make([]byte, cookieSize)
	rand.Read(ours)
	lines, err := c.Ask("AUTHCHALLENGE SAFECOOKIE " + hex.EncodeToString(ours))
	if err != nil {
		return err
	}
	values := parseKeywords(strings.TrimPrefix(lines[0], "AUTHCHALLENGE "))
	theirs, err1 := hex.DecodeString(values["SERVERNONCE"])
	proof, err2 := hex.DecodeString(values["SERVERHASH"])
	if err := errors.Join(err1, err2); err != nil || len(theirs) != cookieSize {
		return errors.New("tor's control port: not an answer to a challenge")
	}
	if !hmac.Equal(proof, cookieProof(serverProof, cookie, ours, theirs)) {
		return errors.New("tor's control port: whoever answers does not know the cookie")
	}
	c.cookie = cookieFile
	_, err = c.Ask("AUTHENTICATE " + hex.EncodeToString(cookieProof(clientProof, cookie, ours, theirs)))
	return err
}

func cookieProof(key string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// readCookie reads the whole cookie or nothing: tor writes the file while it starts. A name that leads to a pipe does not
// hold us up.
func readCookie(file string) ([]byte, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("tor's control cookie: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() != cookieSize {
		return nil, fmt.Errorf("tor's control cookie: %q has not its %d bytes", file, cookieSize)
	}
	cookie := make([]byte, cookieSize)
	if _, err := io.ReadFull(f, cookie); err != nil {
		return nil, fmt.Errorf("tor's control cookie: %w", err)
	}
	return cookie, nil
}

// parseKeywords reads `A=1 B="two \"words\""` (control-spec §2). Words without "=" have no value and are left out.
func parseKeywords(text string) map[string]string {
	values := map[string]string{}
	for text = strings.TrimLeft(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		end := strings.IndexAny(text, " =")
		if end < 0 || text[end] == ' ' {
			_, text, _ = strings.Cut(text, " ")
			continue
		}
		key := text[:end]
		values[key], text = keywordValue(text[end+1:])
	}
	return values
}

func keywordValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text, " ")
		return value, rest
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}
