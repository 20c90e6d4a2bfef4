package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// stepTime is how long a step of the tour may take.
const stepTime = 30 * time.Second

// step is one thing that a person does in the tour, and what the client must print then.
type step struct {
	says  string   // what the step shows
	typed string   // typed line, or empty
	want  []string // all in one line of output
}

// steps are the tour, through Tor or directly.
func steps(throughTor bool) []step {
	way := step{"the way out is direct here, and the client says so", "/tor", []string{guest, "directly"}}
	if throughTor {
		way = step{"the way out is Tor, to an onion service", "/tor", []string{guest, "Tor (onion)"}}
	}
	return []step{
		{"the client logs in and joins the room", "", []string{"-!-", roomName, "ana"}},
		way,
		{"people are talking", "", []string{"<hubert>"}},
		{"we talk", "salut, c'est ma première fois ici", []string{"<ana> salut, c'est ma première fois ici"}},
		{"somebody is asked and mentions us", "paulette : tu es là ?", []string{"<paulette> ana: oui, je suis là !"}},
		{"a private message is answered", "/msg " + roomName + "/paulette un mot entre nous ?", []string{"<paulette> entre nous, donc"}},
		{"back to the room", "/win grenoble", nil},
		{"we change our nick", "/nick ana38", []string{"-!-", "ana38"}},
		{"we change the subject", "/subject Jeudi 18 h, salle habituelle", []string{"-!-", "Jeudi 18 h, salle habituelle"}},
		{"somebody is kicked", "", []string{"-!-", "promo", "pas de publicité ici"}},
		{"who is here", "/names", []string{"tigrou"}},
		{"which rooms there are", "/rooms", []string{roomName, "  5 people"}},
		{"we leave", "/quit", nil},
	}
}

// tour drives the client through the steps, prints what it types and reads, and fails at the first step that does not hold.
func tour(ctx context.Context, command *exec.Cmd, throughTor bool) error {
	input, err := command.StdinPipe()
	if err != nil {
		return err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return err
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	if err := play(ctx, steps(throughTor), input, lines); err != nil {
		_ = command.Process.Kill()
		for text := range lines {
			fmt.Println(text)
		}
		_ = command.Wait()
		return err
	}
	for text := range lines {
		fmt.Println(text)
	}
	if err := command.Wait(); err != nil {
		return fmt.Errorf("the client after /quit: %w", err)
	}
	fmt.Println("--- every step held")
	return nil
}

// play takes the steps one after the other.
func play(ctx context.Context, steps []step, input io.Writer, lines <-chan string) error {
	for i, s := range steps {
		fmt.Printf("--- %d. %s\n", i+1, s.says)
		if s.typed != "" {
			fmt.Println(">", s.typed)
			if _, err := fmt.Fprintln(input, s.typed); err != nil {
				return fmt.Errorf("step %d, %s: %w", i+1, s.says, err)
			}
		}
		if err := hear(ctx, lines, s.want); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, s.says, err)
		}
	}
	return nil
}

// hear prints lines until one holds all that is wanted.
func hear(ctx context.Context, lines <-chan string, want []string) error {
	if want == nil {
		return nil
	}
	timeout := time.NewTimer(stepTime)
	defer timeout.Stop()
	for {
		select {
		case text, open := <-lines:
			if !open {
				return fmt.Errorf("the client ended before it printed %q", want)
			}
			fmt.Println(text)
			if holds(text, want) {
				return nil
			}
		case <-timeout.C:
			return fmt.Errorf("the client did not print %q", want)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func holds(text string, want []string) bool {
	for _, part := range want {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
