package testca_test

import (
	"crypto/x509"
	"testing"

	"traboule/internal/testca"
)

func TestCertificateIsForItsNamesAndAuthorityOnly(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	issued, err := ca.Issue("localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		host  string
		roots *x509.CertPool
		valid bool
	}{
		"domain":          {"localhost", ca.Pool(), true},
		"address":         {"127.0.0.1", ca.Pool(), true},
		"other domain":    {"example.org", ca.Pool(), false},
		"other authority": {"localhost", stranger.Pool(), false},
	} {
		_, err := issued.Leaf.Verify(x509.VerifyOptions{DNSName: row.host, Roots: row.roots})
		if (err == nil) != row.valid {
			t.Errorf("%s: verify says %v, want valid %v", name, err, row.valid)
		}
	}
}

func TestPEMIsThePool(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca.PEM()) {
		t.Fatal("the authority's PEM holds no certificate")
	}
	if !pool.Equal(ca.Pool()) {
		t.Error("PEM and Pool are different authorities")
	}
}
