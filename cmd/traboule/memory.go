package main

import "golang.org/x/sys/unix"

// shieldMemory keeps the memory of this process, which holds passwords, from core files and from other processes of the
// user. Where the system refuses, the client works all the same.
func shieldMemory() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
