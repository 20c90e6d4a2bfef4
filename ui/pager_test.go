package ui

import "testing"

// TestPagesCloseByTheKeys: whatever lies over the screen goes by Esc, and by the key that everywhere else takes away what is
// under way.
func TestPagesCloseByTheKeys(t *testing.T) {
	for name, open := range map[string]func(*stage){
		helpPage:    func(s *stage) { s.act(ActHelp) },
		privacyPage: func(s *stage) { s.openPrivacy() },
		foundPage:   func(s *stage) { s.show(sampleFound(3)) },
	} {
		for _, key := range []string{"<Esc>", "<Ctrl+C>"} {
			s := newStage(t, Options{}, 80, 24)
			s.show(sampleRoom())
			open(s)
			if s.root.front() != name {
				t.Fatalf("in front is %s, want %s", s.root.front(), name)
			}
			s.typed(t, key)
			if s.root.front() != mainPage {
				t.Errorf("%s is still there after %s", name, key)
			}
		}
	}
}
