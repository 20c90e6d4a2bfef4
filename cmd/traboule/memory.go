package main

import (
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// shieldMemory keeps the memory of this process, which holds passwords, from core files and from other processes of the
// user. Where the system refuses, the client works all the same.
func shieldMemory() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// garbageShare is how much garbage may lie beside what is in use, in percent of that. Strangers decide how much is in use, up
// to the limits of core and of the store; collecting twice as often as usual costs less than memory does on small machines.
const garbageShare = 50

// saveMemory has garbage collected early.
func saveMemory() { debug.SetGCPercent(garbageShare) }
