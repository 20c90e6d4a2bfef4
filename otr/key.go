package otr

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"os"
	"slices"
	"strings"

	"github.com/coyim/otr3"
)

// Limits of a file with keys.
const (
	maxKeyFile = 1 << 20 // bytes
	maxKeys    = 1000
	maxKeyBits = 3072
	// keyGroupBits is the size of the group in which signatures are: those of OTR have room for no more.
	keyGroupBits = 160
)

// namedKey is a key as libotr's files have it.
type namedKey struct {
	name KeyName
	key  otr3.PrivateKey
}

// loadKey takes the account's key from a file.
func (a *account) loadKey(file *os.File, as KeyName) fault {
	keys, fault := readKeys(file)
	if fault != "" {
		return fault
	}
	found := slices.IndexFunc(keys, func(k namedKey) bool {
		if as == (KeyName{}) {
			bare, _, _ := strings.Cut(k.name.Name, "/")
			return strings.EqualFold(bare, a.name)
		}
		return k.name == as
	})
	if found < 0 {
		return noKey
	}
	a.key, a.fresh = keys[found].key, true
	return ""
}

// saveKey adds the account's key to a file.
func (a *account) saveKey(file *os.File, as KeyName) fault {
	keys, fault := readKeys(file)
	if fault != "" {
		return fault
	}
	if fault := a.makeKey(); fault != "" {
		return fault
	}
	keys = slices.DeleteFunc(keys, func(k namedKey) bool { return k.name == as })
	content := writeKeys(append(keys, namedKey{as, a.key}))
	if _, err := file.WriteAt(content, 0); err != nil {
		return badKeyFile
	}
	if file.Truncate(int64(len(content))) != nil || file.Sync() != nil {
		return badKeyFile
	}
	return ""
}

// readKeys reads all keys of a file. One that is empty has none.
func readKeys(file *os.File) ([]namedKey, fault) {
	content, err := io.ReadAll(io.NewSectionReader(file, 0, maxKeyFile+1))
	if err != nil || len(content) > maxKeyFile {
		return nil, badKeyFile
	}
	return parseKeys(content)
}

// parseKeys reads all keys of what a file holds.
func parseKeys(content []byte) ([]namedKey, fault) {
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, ""
	}
	list, err := parseExpression(content)
	if err != nil || list.head() != "privkeys" || len(list.items) > maxKeys {
		return nil, badKeyFile
	}
	var keys []namedKey
	for _, entry := range list.items[1:] {
		key, err := parseKey(entry.find("private-key").find("dsa"))
		if entry.head() != "account" || err != nil {
			return nil, badKeyFile
		}
		keys = append(keys, namedKey{KeyName{entry.find("name").value(), entry.find("protocol").value()}, key})
	}
	return keys, ""
}

// parseKey reads a DSA key, and sees that its numbers belong together.
func parseKey(dsa expression) (otr3.PrivateKey, error) {
	var numbers [5]*big.Int
	for i, name := range []string{"p", "q", "g", "y", "x"} {
		numbers[i] = new(big.Int).SetBytes([]byte(dsa.find(name).value()))
	}
	p, q, g, y, x := numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
	one := big.NewInt(1)
	switch {
	case p.BitLen() < 512, p.BitLen() > maxKeyBits, p.Bit(0) == 0, q.BitLen() != keyGroupBits,
		g.Cmp(one) <= 0, g.Cmp(p) >= 0, x.Sign() <= 0, x.Cmp(q) >= 0, new(big.Int).Exp(g, x, p).Cmp(y) != 0:
		return nil, fmt.Errorf("key: %w", ErrBadKeyFile)
	}
	// The library locks the number that is secret in memory when it reads it itself.
	raw := otr3.AppendShort(nil, 0)
	for _, n := range numbers {
		raw = otr3.AppendMPI(raw, n)
	}
	key := &otr3.DSAPrivateKey{}
	if _, ok := key.Parse(raw); !ok {
		return nil, fmt.Errorf("key: %w", ErrBadKeyFile)
	}
	clear(raw)
	return key, nil
}

// writeKeys writes keys as libotr does.
func writeKeys(keys []namedKey) []byte {
	var b bytes.Buffer
	b.WriteString("(privkeys\n")
	for _, k := range keys {
		dsa, ok := k.key.(*otr3.DSAPrivateKey)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, " (account\n(name %s)\n(protocol %s)\n(private-key \n (dsa \n", quote(k.name.Name), word(k.name.Protocol))
		private := dsa.PrivateKey
		for i, n := range []*big.Int{private.P, private.Q, private.G, private.Y, private.X} {
			// A first bit that is set would make the number negative.
			fmt.Fprintf(&b, "  (%c #%s%X#)\n", "pqgyx"[i], strings.Repeat("00", 1-min(1, n.BitLen()%8)), n.Bytes())
		}
		b.WriteString("  )\n )\n )\n")
	}
	b.WriteString(")\n")
	return b.Bytes()
}
