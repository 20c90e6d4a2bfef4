//go:build race

package e2e_test

// raceEnabled says that the program under test is to be built with the race detector, as these tests are.
const raceEnabled = true
