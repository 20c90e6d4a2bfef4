package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestPanicWipesTheTerminal runs the real program at a server that never answers, and ends it by a panic: on the screen and in
// line mode the terminal is cleared with all that it has scrolled away, and nothing is printed after it.
func TestPanicWipesTheTerminal(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for mode, typed := range map[string]string{"": "/panic\r", "--line": "/panic\n"} {
		args := []string{"--profile", t.TempDir(), "--tor", "off", "--server", silent.Addr().String(), "--password-fd", "3", "ana@localhost"}
		if mode != "" {
			args = append([]string{mode}, args...)
		}
		password, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(write, "noisette\n")
		write.Close()
		command := exec.Command(os.Args[0], args...)
		command.ExtraFiles = []*os.File{password}
		command.Env = append(os.Environ(), "TRABOULE_TEST_MAIN=1", "TERM=xterm")
		terminal, err := pty.StartWithSize(command, &pty.Winsize{Rows: 24, Cols: 80})
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
		said := make(chan string)
		shown := make(chan struct{})
		go func() {
			var all strings.Builder
			for buffer := make([]byte, 4096); ; {
				n, err := terminal.Read(buffer)
				before := strings.Contains(all.String(), "ana@localhost")
				all.Write(buffer[:n])
				if !before && strings.Contains(all.String(), "ana@localhost") {
					close(shown)
				}
				if err != nil {
					said <- all.String()
					return
				}
			}
		}()
		<-shown
		io.WriteString(terminal, typed)
		all := <-said
		command.Wait()
		deadline.Stop()
		terminal.Close()
		password.Close()
		if status := command.ProcessState.ExitCode(); status != 0 {
			t.Errorf("%q: status %d", mode, status)
		}
		if !strings.HasSuffix(all, terminalWipe) {
			t.Errorf("%q: the terminal was left with %q", mode, all[max(0, len(all)-300):])
		}
	}
}
