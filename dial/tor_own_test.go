package dial

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test program play two others: a tor, which is started with -f, and a client that is to be killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 2 && os.Args[1] == "-f":
		playTor(os.Args[2])
	case len(os.Args) > 2 && os.Args[1] == "client":
		playClient(os.Args[2])
	default:
		os.Exit(m.Run())
	}
}

// setting finds a setting of a torrc that has one quoted path.
func setting(torrc, name string) string {
	for line := range strings.Lines(torrc) {
		if rest, found := strings.CutPrefix(line, name); found {
			_, rest, _ = strings.Cut(rest, `"`)
			path, _, _ := strings.Cut(rest, `"`)
			return path
		}
	}
	return ""
}

// playTor is a tor which is ready at once, or does what its included file says, and ends with its owner.
func playTor(file string) {
	text, _ := os.ReadFile(file)
	torrc := string(text)
	plan, _ := os.ReadFile(setting(torrc, "%include"))
	if strings.Contains(string(plan), "fail") {
		fmt.Println("Nov 21 12:00:00.000 [warn] Failed to parse/validate config")
		fmt.Println("Nov 21 12:00:00.000 [err] Reading config failed--see warnings above.")
		os.Exit(1)
	}
	cookie := make([]byte, cookieSize)
	rand.Read(cookie)
	_ = os.WriteFile(setting(torrc, "CookieAuthFile"), cookie, 0o600)
	socks, err1 := net.Listen("unix", setting(torrc, "SocksPort"))
	control, err2 := net.Listen("unix", setting(torrc, "ControlPort"))
	if err1 != nil || err2 != nil {
		os.Exit(2)
	}
	go func() {
		for {
			if conn, err := socks.Accept(); err == nil {
				go (&torStub{stub: &stub{password: true, requests: make(chan asked, 16)}}).serveTor(conn)
			}
		}
	}()
	progress := "100"
	if strings.Contains(string(plan), "die") {
		progress = "5"
		time.AfterFunc(20*time.Millisecond, func() { os.Exit(1) })
	}
	for {
		conn, err := control.Accept()
		if err != nil {
			return
		}
		go playControl(conn, setting(torrc, "CookieAuthFile"), progress)
	}
}

func playControl(conn net.Conn, cookie, progress string) {
	owned := false
	f := &fakeControl{cookieFile: cookie, script: func(command string) string {
		owned = owned || command == "TAKEOWNERSHIP"
		return controlled("", progress)(command)
	}}
	f.serve(conn)
	if owned {
		os.Exit(0)
	}
}

// playClient runs our own tor, tells where its folder is, and waits to be killed.
func playClient(base string) {
	tor := NewTor(TorConfig{Places: []string{}, Program: os.Args[0], Env: func(string) string { return base }})
	go tor.Run(context.Background())
	if err := tor.Ready(context.Background(), nil); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(tor.State().Where)
	select {}
}

// own is the configuration of a tor of our own whose folder is in base.
func own(base string) TorConfig {
	return TorConfig{Places: []string{}, Program: os.Args[0], Env: func(name string) string {
		if name == "XDG_RUNTIME_DIR" {
			return base
		}
		return ""
	}}
}

// processes returns the processes whose command line names a path.
func processes(t *testing.T, path string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, file := range files {
		// One that has just ended has none.
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), path) {
			pid, err := strconv.Atoi(strings.Split(file, "/")[2])
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, pid)
		}
	}
	return found
}

// awaitNoProcess waits until no process is left that names a path.
func awaitNoProcess(t *testing.T, path string) {
	t.Helper()
	for range 500 {
		if len(processes(t, path)) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("still running: %v", processes(t, path))
}

func TestOwnTor(t *testing.T) {
	base := shortTempDir(t)
	tor, stop := run(t, own(base))
	var phases []TorPhase
	if err := tor.Ready(t.Context(), func(s TorState) { phases = append(phases, s.Phase) }); err != nil {
		t.Fatal(err)
	}
	s := tor.State()
	if !s.Own || !s.Proved || !strings.HasPrefix(s.Where, "unix:"+base+"/"+torFolderPrefix) || s.Control == "" {
		t.Errorf("%+v", s)
	}
	if phases[len(phases)-1] != TorReady || !slices.IsSorted(phases) {
		t.Errorf("told of the phases %v", phases)
	}
	conn, way, err := New(Config{Tor: tor, Required: true}).Dial(t.Context(), "example.org", 5222, "ana@example.org")
	if err != nil || way != ThroughTor {
		t.Fatalf("way %d, %v", way, err)
	}
	echoes(t, conn)
	if running := processes(t, base); len(running) != 1 {
		t.Errorf("processes %v, want one tor", running)
	}
	if !slices.Contains(tor.Command(), os.Args[0]) {
		t.Errorf("command %q", tor.Command())
	}
	stop()
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if running := processes(t, base); len(running) > 0 {
		t.Errorf("left running: %v", running)
	}
}

func TestOwnTorKeepsGuards(t *testing.T) {
	base, cfg := shortTempDir(t), TorConfig{}
	cfg = own(base)
	cfg.Folder = filepath.Join(t.TempDir(), "guards")
	tor, stop := run(t, cfg)
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	torrc, err := os.ReadFile(filepath.Join(filepath.Dir(strings.TrimPrefix(tor.State().Where, "unix:")), ownSettings))
	if err != nil || setting(string(torrc), "DataDirectory") != cfg.Folder {
		t.Errorf("%v, settings\n%s", err, torrc)
	}
	stop()
	if info, err := os.Stat(cfg.Folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v: want it kept, for us alone", info, err)
	}
}

func TestOwnTorStartsAgain(t *testing.T) {
	base := shortTempDir(t)
	tor, _ := run(t, own(base))
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	before := processes(t, base)
	if err := syscall.Kill(before[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, tor, "gone", func(s TorState) bool { return s.Phase == TorGone })
	await(t, tor, "ready again", func(s TorState) bool { return s.Phase == TorReady && s.Own })
	if after := processes(t, base); len(after) != 1 || after[0] == before[0] {
		t.Errorf("processes %v, before %v", after, before)
	}
}

func TestOwnTorFails(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan")
	for name, c := range map[string]struct {
		program, plan string
	}{
		"not there": {"/nowhere/tor", ""}, "refuses its settings": {os.Args[0], "fail"}, "ends while it connects": {os.Args[0], "die"},
	} {
		if err := os.WriteFile(plan, []byte(c.plan), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg := own(shortTempDir(t))
		cfg.Program, cfg.Include = c.program, plan
		tor, stop := run(t, cfg)
		for range 2 {
			err := tor.Ready(t.Context(), nil)
			if kindOf(err) != TorFailed || tor.State().Phase == TorReady {
				t.Errorf("%s: %v, want that it failed", name, err)
			}
			if c.plan == "fail" && !strings.Contains(err.Error(), "Failed to parse") {
				t.Errorf("%s: %v, want what it said", name, err)
			}
		}
		stop()
	}
}

// TestOwnTorIsStartedSoOften shows that a tor which worked once and then does not is given up, until somebody asks.
func TestOwnTorIsStartedSoOften(t *testing.T) {
	base, plan := shortTempDir(t), filepath.Join(t.TempDir(), "plan")
	if err := os.WriteFile(plan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := own(base)
	starts := 0
	cfg.Include = plan
	cfg.Start = func(argv []string) (TorProcess, error) { starts++; return StartTor(argv) }
	tor, stop := run(t, cfg)
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(plan, []byte("die"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(processes(t, base)[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s := await(t, tor, "given up", func(s TorState) bool { return s.Phase == TorMissing })
	if kindOf(s.Err) != TorFailed {
		t.Errorf("%v", s.Err)
	}
	if err := os.WriteFile(plan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Errorf("asked again: %v", err)
	}
	stop()
	if starts != 1+maxDeaths+1 {
		t.Errorf("%d starts, want %d", starts, 1+maxDeaths+1)
	}
}

// TestOwnTorDiesWithClient shows that nothing of a killed client lives on, and that the next start removes its folder.
func TestOwnTorDiesWithClient(t *testing.T) {
	base := shortTempDir(t)
	client := exec.Command(os.Args[0], "client", base)
	out, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	where, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(where, "unix:"+base) {
		t.Fatalf("%q, %v", where, err)
	}
	if running := processes(t, base); len(running) != 2 {
		t.Errorf("processes %v, want the client and its tor", running)
	}
	if err := client.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := client.Wait(); err == nil {
		t.Error("it was not killed")
	}
	awaitNoProcess(t, base)
	next, err := newTorFolder([]string{base})
	if err != nil {
		t.Fatal(err)
	}
	defer next.remove()
	if left, err := os.ReadDir(base); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// nobody is a network of Tor that does not answer: nothing leaves this machine for it.
const nobody = "UseDefaultFallbackDirs 0\nDirAuthority nobody orport=9 v3ident=0123456789ABCDEF0123456789ABCDEF01234567" +
	" 127.0.0.1:9 0123456789ABCDEF0123456789ABCDEF01234567\n"

// TestRealTor shows that a real tor takes our settings, proves what it is, and tells how it is.
func TestRealTor(t *testing.T) {
	program := torProgram()
	if program == "" && os.Getenv("CI") == "" {
		t.Skip("no tor program")
	}
	base, include := shortTempDir(t), filepath.Join(t.TempDir(), "some settings")
	if err := os.WriteFile(include, []byte(nobody), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := own(base)
	cfg.Program, cfg.Include = program, include
	tor, stop := run(t, cfg)
	s := await(t, tor, "no network", func(s TorState) bool {
		return s.Warning == TorNoNetwork || s.Phase == TorMissing
	})
	if s.Phase != TorBootstrapping || s.Progress > offline || !s.Own || s.Tag == "" {
		t.Fatalf("%+v", s)
	}
	if proved, err := tor.prove(t.Context(), s.Where); !proved || err != nil {
		t.Errorf("it does not prove that it is Tor: %v", err)
	}
	if !tor.NewIdentity(t.Context()) {
		t.Error("it refused to renew its circuits")
	}
	stop()
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	awaitNoProcess(t, base)
}
