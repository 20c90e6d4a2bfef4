package confine

import (
	"net"
	"os"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// lockThread keeps the goroutine on a thread of its own, which ends with it.
func lockThread() { runtime.LockOSThread() }

// without makes this process's kernel one that lacks system calls.
func without(t *testing.T, calls ...uint32) {
	t.Helper()
	program := []bpf.Instruction{load(numberAt)}
	for _, number := range calls {
		program = append(program, when(bpf.JumpNotEqual, number, 1), answer(unix.SECCOMP_RET_ERRNO|uint32(unix.ENOSYS)))
	}
	raw, err := bpf.Assemble(append(program, answer(allow)))
	must(t, err)
	code := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		code[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	must(t, install(unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}))
}

func TestKernelWithoutLandlock(t *testing.T) {
	values := map[string]string{}
	if os.Getenv(child) == "" {
		values["PORT"] = port(t, listener(t, "tcp", "127.0.0.1:0"))
	}
	inChild(t, values, func(t *testing.T) {
		without(t, unix.SYS_LANDLOCK_CREATE_RULESET)
		state := apply(t, Rules{ConnectPorts: []uint16{9050}})
		want := State{UDPBlocked: true, UnixConfined: true, ProgramsBlocked: true, Reasons: []Reason{NoLandlock}}
		if !reflect.DeepEqual(state, want) {
			t.Errorf("state %+v, want %+v", state, want)
		}
		if err := connect("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("PORT"))); err != nil {
			t.Errorf("nothing confines TCP, but: %v", err)
		}
		if _, err := os.ReadFile("/proc/self/status"); err != nil {
			t.Errorf("nothing confines files, but: %v", err)
		}
		// Without a port there is no TCP socket at all, which needs no Landlock.
		if state := apply(t, Rules{}); !state.TCPConfined || !slices.Equal(state.Reasons, []Reason{NoLandlock}) {
			t.Errorf("state %+v", state)
		}
	})
}

func TestKernelWithoutSeccomp(t *testing.T) {
	inChild(t, nil, func(t *testing.T) {
		without(t, unix.SYS_SECCOMP)
		state := apply(t, Rules{ConnectPorts: []uint16{9050}})
		if state.UDPBlocked || state.ProgramsBlocked || !slices.Contains(state.Reasons, NoSeccomp) {
			t.Errorf("state %+v", state)
		}
		if (state.Landlock > 0) != state.FilesConfined {
			t.Errorf("state %+v: files", state)
		}
	})
}

func TestReasons(t *testing.T) {
	all := State{Landlock: 9, FilesConfined: true, TCPConfined: true, UDPBlocked: true, UnixConfined: true, ProgramsBlocked: true}
	with := func(change func(*State)) State {
		s := all
		change(&s)
		return s
	}
	for name, row := range map[string]struct {
		state State
		err   error
		want  []Reason
	}{
		"all":                 {state: all},
		"no Landlock":         {state: with(func(s *State) { s.Landlock, s.FilesConfined = 0, false }), want: []Reason{NoLandlock}},
		"no TCP":              {state: with(func(s *State) { s.Landlock, s.TCPConfined = 3, false }), want: []Reason{OldLandlock}},
		"no Unix":             {state: with(func(s *State) { s.Landlock, s.UnixConfined = 8, false }), want: []Reason{OldLandlock}},
		"no filter":           {state: with(func(s *State) { s.UDPBlocked = false }), err: errNoFilter, want: []Reason{NoSeccomp}},
		"processor":           {state: with(func(s *State) { s.UDPBlocked = false }), err: errUnknownProcessor, want: []Reason{UnknownProcessor}},
		"no Landlock, no TCP": {state: with(func(s *State) { s.Landlock, s.TCPConfined = 0, false }), want: []Reason{NoLandlock}},
	} {
		if got := reasons(row.state, row.err); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}
