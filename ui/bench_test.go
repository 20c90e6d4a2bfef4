package ui

import (
	"fmt"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/im"
)

func crowd(n int) []core.OccupantView {
	list := make([]core.OccupantView, n)
	for i := range list {
		list[i] = core.OccupantView{Nick: fmt.Sprint("personne", i), Role: im.Participant, Show: im.Online}
	}
	return list
}

// BenchmarkDraw draws a frame in which one line is new, of a short and of a very long conversation in a big room.
func BenchmarkDraw(b *testing.B) {
	for _, lines := range []int{100, 50_000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			s := newStage(b, Options{}, 200, 50)
			v := sampleLong(lines)
			v.Current.Occupants = crowd(5000)
			s.show(v)
			b.ReportAllocs()
			for b.Loop() {
				v = appended(v, say("paulette", "une ligne de plus, ni courte ni longue, comme on en écrit toute la journée", at(14, 0)))
				s.show(v)
			}
		})
	}
}

// BenchmarkDrawUnchanged draws the same frame again, as after a key.
func BenchmarkDrawUnchanged(b *testing.B) {
	s := newStage(b, Options{}, 200, 50)
	s.show(sampleRoom())
	b.ReportAllocs()
	for b.Loop() {
		s.draw()
	}
}

// BenchmarkResize wraps all visible lines anew.
func BenchmarkResize(b *testing.B) {
	s := newStage(b, Options{}, 200, 50)
	s.show(sampleLong(50_000))
	wide := true
	for b.Loop() {
		wide = !wide
		s.terminal.SetSize(map[bool]int{true: 200, false: 120}[wide], 50)
		s.draw()
	}
}

// BenchmarkScrollThroughLoop takes the time from a key to its frame, through the loop.
func BenchmarkScrollThroughLoop(b *testing.B) {
	terminal := &countingTerminal{
		SimulationScreen: tcell.NewSimulationScreen("UTF-8"), shown: make(chan string, 1), started: make(chan struct{}),
	}
	drawn := make(chan struct{}, 1)
	terminal.onShow = func() {
		select {
		case drawn <- struct{}{}:
		default:
		}
	}
	s := New(Options{Printer: printer("en"), Screen: terminal, Now: time.Now})
	updates := make(chan core.Update)
	go func() { _ = s.Run(b.Context(), make(chan core.Command), updates) }()
	updates <- core.Update{View: sampleLong(20_000)}
	<-drawn
	for b.Loop() {
		terminal.InjectKey(tcell.KeyPgUp, 0, tcell.ModNone)
		<-drawn
	}
}
