package dial

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"golang.org/x/net/proxy"
)

// identity is the secret from which each isolation key gets a SOCKS user and password of its own.
type identity struct {
	mu     sync.Mutex
	secret [32]byte
}

func newIdentity() *identity {
	i := &identity{}
	i.renew()
	return i
}

// renew makes all credentials from now on differ from those before.
func (i *identity) renew() {
	i.mu.Lock()
	defer i.mu.Unlock()
	rand.Read(i.secret[:])
}

// credentials derives the user and password of an isolation key. They mean nothing to the proxy but "not the same circuit".
func (i *identity) credentials(isolation string) *proxy.Auth {
	i.mu.Lock()
	mac := hmac.New(sha256.New, i.secret[:])
	i.mu.Unlock()
	mac.Write([]byte(isolation))
	sum := hex.EncodeToString(mac.Sum(nil))
	return &proxy.Auth{User: sum[:32], Password: sum[32:]}
}
