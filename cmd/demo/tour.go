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

	"traboule/im"
	"traboule/ui/i18n"
)

// stepTime is how long a step of the tour may take.
const stepTime = 30 * time.Second

// step is one thing that a person does in the tour, and what the client must print then.
type step struct {
	says  string   // what the step shows
	typed string   // typed line, or empty
	want  []string // all in one line of output
	// carried is set for a step that shows what the server carried.
	carried func() string
}

// guide is a tour in one language.
type guide struct {
	steps []step
	end   string // what is said when every step held
}

// newGuide makes the tour in a language, through Tor or directly. carried tells the encrypted message that the server carried
// last.
func newGuide(lang string, throughTor bool, carried func() string) guide {
	in := func(english, french string) string {
		if lang == i18n.French {
			return french
		}
		return english
	}
	words := i18n.New(lang)
	way := step{in("the way out is direct here, and the client says so", "ici, la sortie est directe, et le client le dit"), "/tor", []string{guest, words.Via(im.ViaDirect)}, nil}
	if throughTor {
		way = step{in("the way out is Tor, to an onion service", "la sortie passe par Tor, vers un service onion"), "/tor", []string{guest, words.Via(im.ViaOnion)}, nil}
	}
	return guide{[]step{
		{in("the client logs in and joins the room", "le client se connecte et entre dans le salon"), "", []string{"-!-", roomName, "ana"}, nil},
		way,
		{in("people are talking", "on y discute"), "", []string{"<hubert>"}, nil},
		{in("we talk", "nous parlons"), "salut, c'est ma première fois ici", []string{"<ana> salut, c'est ma première fois ici"}, nil},
		{in("somebody is asked and mentions us", "quelqu’un nous répond en nous nommant"), "paulette : tu es là ?", []string{"<paulette> ana: oui, je suis là !"}, nil},
		{in("a private message is answered", "un message privé reçoit sa réponse"), in("/msg ", "/message ") + roomName + "/paulette un mot entre nous ?", []string{"<paulette> entre nous, donc"}, nil},
		{in("back to the room", "retour au salon"), in("/win grenoble", "/fenetre grenoble"), []string{"-!-", in("what you type goes to ", "ce que tu tapes va désormais à ") + roomName}, nil},
		{in("we change our nick", "nous changeons de pseudo"), in("/nick ana38", "/pseudo ana38"), []string{"-!-", "ana38"}, nil},
		{in("we change the subject", "nous changeons le sujet"), in("/subject ", "/sujet ") + "Jeudi 18 h, salle habituelle", []string{"-!-", "Jeudi 18 h, salle habituelle"}, nil},
		{in("somebody is kicked", "quelqu’un est mis dehors"), "", []string{"-!-", "promo", "pas de publicité ici"}, nil},
		{in("who is here", "qui est là"), in("/names", "/noms"), []string{"tigrou"}, nil},
		{in("which rooms there are", "quels salons il y a"), in("/rooms", "/salons"), []string{roomName, in("  5 people", "  5 personnes")}, nil},
		{in("a contact who speaks OTR", "un contact qui parle OTR"), in("/query ", "/discuter ") + contactName, nil, nil},
		{in("we encrypt", "nous chiffrons"), "/otr start", []string{"-!-", "lucie", in("encrypted with", "chiffré avec")}, nil},
		{in("is it really her? Only she knows the cat's name", "est-ce bien elle ? Elle seule sait le nom du chat"), in("/otr ask ", "/otr ask ") + `"le nom du chat ?" ` + contactSecret, []string{"-!-", "lucie", in("VERIFIED", "VÉRIFIÉ")}, nil},
		{in("we talk, encrypted", "nous parlons, chiffré"), "où sont les clés ?", []string{words.Protection(im.OTR, im.Verified), "enfin entre nous"}, nil},
		{says: in("what the server carried", "ce que le serveur a transporté"), carried: carried},
		{in("we leave", "nous partons"), in("/quit", "/quitter"), nil, nil},
	}, in("every step held", "chaque étape a tenu")}
}

// lead drives the client through the tour, prints what it types and reads, and fails at the first step that does not hold.
func (g guide) lead(ctx context.Context, command *exec.Cmd) error {
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
	if err := play(ctx, g.steps, input, lines); err != nil {
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
	fmt.Println("---", g.end)
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
		if err := s.check(ctx, lines); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, s.says, err)
		}
	}
	return nil
}

// check waits for what the step must lead to.
func (s step) check(ctx context.Context, lines <-chan string) error {
	if s.carried == nil {
		return hear(ctx, lines, s.want)
	}
	const shown = 60
	text := s.carried()
	if len(text) < shown || strings.ContainsAny(text, " ") {
		return fmt.Errorf("the server carried %q, which is not encrypted", text)
	}
	fmt.Printf("%s… (%d)\n", text[:shown], len(text))
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
