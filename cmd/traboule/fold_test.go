package main

import "testing"

func TestFold(t *testing.T) {
	for _, row := range []struct {
		text    string
		columns int
		want    string
	}{
		{"Qui peut lire ce disque", 0, "Qui peut lire ce disque"},
		{"Qui peut lire ce disque", 23, "Qui peut lire ce disque"},
		{"Qui peut lire ce disque", 22, "Qui peut lire ce\ndisque"},
		{"été été", 7, "été été"},
		{"« oui »\u00a0: a", 9, "« oui »\u00a0:\na"},
		{"lis /un/chemin/trop/long ici", 10, "lis\n/un/chemin/trop/long\nici"},
		{"une ligne\nune autre ligne", 10, "une ligne\nune autre\nligne"},
		{"Phrase secrète : ", 16, "Phrase secrète : "},
		{"", 5, ""},
	} {
		if got := fold(row.text, row.columns); got != row.want {
			t.Errorf("%q in %d columns is %q, want %q", row.text, row.columns, got, row.want)
		}
	}
}
