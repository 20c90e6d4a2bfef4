// Package traboule_test holds the rules of docs/architecture.md that a program can check: who may import whom, and what
// no source file may do.
package traboule_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

const module = "traboule"

// mayImport lists, for each package of the program, which of our packages it may import. A package that is not listed
// here has no place in the architecture yet: give it one there first.
func mayImport() map[string][]string {
	return map[string][]string{
		"im":           {},
		"core":         {"im"},
		"config":       {"im"},
		"dial":         {},
		"confine":      {},
		"vault":        {},
		"xmppclient":   {"im"},
		"otr":          {"im", "confine"},
		"store":        {"im"},
		"app":          {"im", "core"},
		"ui/i18n":      {"im", "core"},
		"ui":           {"im", "core", "ui/i18n"},
		"ui/line":      {"im", "core", "ui/i18n"},
		"cmd/traboule": {"im", "core", "config", "dial", "confine", "otr", "store", "xmppclient", "app", "ui", "ui/line", "ui/i18n", "vault"},
		// The demo starts a server and logs people in to it; nothing of it is in the client.
		"cmd/demo": {"im", "xmppclient", "internal/prosody", "internal/tornet", "ui/i18n", "otr", "confine"},
	}
}

// onlyIn lists packages and where they may be imported, so that each has one place to be watched and replaced. All those of
// others stand here.
func onlyIn() map[string][]string {
	return map[string][]string{
		"filippo.io/age":                      {"vault"},
		"github.com/rivo/tview":               {"ui"},
		"github.com/gdamore/tcell":            {"ui"},
		"github.com/lucasb-eyer/go-colorful":  {"ui"},
		"github.com/rivo/uniseg":              {"ui"},
		"rsc.io/qr":                           {"ui"},
		"mellium.im":                          {"xmppclient", "im"},
		"github.com/coyim/otr3":               {"otr"},
		"github.com/ncruces/go-sqlite3":       {"store"},
		"github.com/pelletier/go-toml":        {"config"},
		"golang.org/x/net/proxy":              {"dial"},
		"golang.org/x/net/idna":               {"dial", "xmppclient"},
		"golang.org/x/net/bpf":                {"confine"},
		"golang.org/x/net/dns":                {"dial", "internal"},
		"github.com/landlock-lsm/go-landlock": {"confine"},
		"golang.org/x/sys":                    {"cmd", "confine", "otr", "vault", "internal"},
		"golang.org/x/term":                   {"cmd"},
		"golang.org/x/text":                   {"core", "im", "ui", "xmppclient"},
		"github.com/creack/pty":               {"internal", "e2e"},
		"net/http":                            {"internal"},
		"math/rand":                           {"xmppclient", "dial", "internal"}, // jitter, SRV weights, ports of tests; never for ids or keys
		"C":                                   {},
		"plugin":                              {},
	}
}

// coreMayNot lists what would make core depend on anything but its inputs.
func coreMayNot() []string {
	return []string{"os", "net", "log", "context", "sync", "math/rand", "crypto/rand", "io/fs", "syscall", "runtime", "testing"}
}

func TestImportTable(t *testing.T) {
	allowed := mayImport()
	for _, p := range packages(t) {
		if p.tooling() {
			continue
		}
		places, known := allowed[p.path]
		if !known {
			t.Errorf("package %q is not in the import table", p.path)
			continue
		}
		for path, where := range p.imports {
			own, ok := strings.CutPrefix(path, module+"/")
			if ok && !slices.Contains(places, own) {
				t.Errorf("%s: %q may not import %q", where, p.path, own)
			}
		}
	}
}

func TestImportForeignPackages(t *testing.T) {
	for _, p := range packages(t) {
		for path, where := range p.imports {
			known := ours(path)
			for foreign, places := range onlyIn() {
				known = known || under(path, foreign)
				if under(path, foreign) && !slices.ContainsFunc(places, func(place string) bool { return under(p.path, place) }) {
					t.Errorf("%s: %q may not import %q, which belongs in %q", where, p.path, path, places)
				}
			}
			if !known {
				t.Errorf("%s: %q has no place of its own yet: name one in onlyIn", where, path)
			}
			if p.path == "core" && slices.ContainsFunc(coreMayNot(), func(banned string) bool { return under(path, banned) }) {
				t.Errorf("%s: core must depend on its inputs alone, not on %q", where, path)
			}
		}
	}
}

// ours reports whether a package is ours or the standard library's, whose paths begin with no host name.
func ours(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// mustImport lists what a package is built on: our own way beside it would be a second way.
func mustImport() map[string]string {
	return map[string]string{
		"dial":       "golang.org/x/net/proxy",
		"ui":         "github.com/rivo/tview",
		"xmppclient": "mellium.im/xmpp",
	}
}

func TestImportWhatIsBuiltOn(t *testing.T) {
	built := mustImport()
	for _, p := range packages(t) {
		foundation, has := built[p.path]
		if !has {
			continue
		}
		delete(built, p.path)
		if _, imported := p.imports[foundation]; !imported {
			t.Errorf("package %q is not built on %q", p.path, foundation)
		}
	}
	for path := range built {
		t.Errorf("package %q is not there", path)
	}
}

// under reports whether path is parent or lies below it.
func under(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

func TestSourceOpensSocketsOnlyInDial(t *testing.T) {
	sockets := map[string][]string{
		"net": {"Dial", "Lookup", "Resolve", "Listen", "Resolver", "DefaultResolver"}, "crypto/tls": {"Dial", "Listen"},
		"syscall": {"Socket", "Connect", "Sendto"}, "golang.org/x/sys/unix": {"Socket", "Connect", "Sendto"},
	}
	// confine tries which sockets the kernel refuses, and its door is another process.
	for _, p := range packages(t) {
		if p.path == "dial" || p.path == "confine" || p.tooling() || p.path == "cmd/demo" {
			continue
		}
		p.eachUse(func(pkg, name string, at token.Pos) {
			if slices.ContainsFunc(sockets[pkg], func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
				t.Errorf("%s: %s.%s: only package dial opens sockets and resolves names", p.where(at), pkg, name)
			}
		})
	}
}

func TestSourceUsesUnsafeForSizesOnly(t *testing.T) {
	for _, p := range packages(t) {
		p.eachUse(func(pkg, name string, at token.Pos) {
			// The kernel takes its filter by address, and no library has a call for it.
			filter := p.path == "confine" && name == "Pointer"
			if pkg == "unsafe" && name != "Sizeof" && !filter {
				t.Errorf("%s: unsafe.%s", p.where(at), name)
			}
		})
	}
}

func TestSourceOfCoreIsPure(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local", "LoadLocation"}
	for _, p := range packages(t) {
		if p.path != "core" {
			continue
		}
		p.eachUse(func(pkg, name string, at token.Pos) {
			if pkg == "time" && slices.Contains(clock, name) {
				t.Errorf("%s: time.%s: time is an argument in core", p.where(at), name)
			}
		})
		p.eachNode(func(node ast.Node) {
			switch node.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
				t.Errorf("%s: core has no goroutines and no channels", p.where(node.Pos()))
			}
		})
	}
}

func TestSourceHasNoGlobalState(t *testing.T) {
	for _, p := range packages(t) {
		p.eachNode(func(node ast.Node) {
			if f, ok := node.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init runs before anybody can decide", p.where(f.Pos()))
			}
		})
		written := p.written()
		for _, spec := range p.variables() {
			for _, name := range spec.Names {
				object := p.info.Defs[name]
				switch {
				case name.Name == "_":
				case len(spec.Values) == 0 && !p.embedded(spec):
					t.Errorf("%s: %q: a package variable without a value can only be there to change", p.where(name.Pos()), name.Name)
				case name.IsExported() && !strings.HasPrefix(name.Name, "Err"):
					t.Errorf("%s: %q: an exported variable can be changed by anybody", p.where(name.Pos()), name.Name)
				case written[object].IsValid():
					t.Errorf("%s: %q is a package variable and changes", p.where(written[object]), name.Name)
				}
			}
		}
	}
}

func TestSourceFilesAreShort(t *testing.T) {
	const most = 400
	for _, p := range packages(t) {
		for _, f := range p.files {
			if lines := p.set.File(f.Pos()).LineCount(); lines > most {
				t.Errorf("%s: %d lines, more than %d", p.where(f.Pos()), lines, most)
			}
		}
	}
}

func TestSourceSaysWhatEachPackageOwns(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.ContainsFunc(p.files, func(f *ast.File) bool { return f.Doc != nil }) {
			t.Errorf("package %q has no comment", p.path)
		}
	}
}

// embedded reports whether a variable gets its value from a file, in the line below "//go:embed".
func (p *source) embedded(spec *ast.ValueSpec) bool {
	line := p.set.Position(spec.Pos()).Line
	found := false
	for _, f := range p.files {
		for _, group := range f.Comments {
			for _, comment := range group.List {
				at := p.set.Position(comment.Pos())
				found = found || at.Filename == p.set.Position(spec.Pos()).Filename && at.Line == line-1 &&
					strings.HasPrefix(comment.Text, "//go:embed ")
			}
		}
	}
	return found
}

// variables returns the declarations of the package's variables.
func (p *source) variables() []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, f := range p.files {
		for _, decl := range f.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				specs = append(specs, spec.(*ast.ValueSpec))
			}
		}
	}
	return specs
}

// written finds what is assigned to, counted up, emptied, or has its address taken, and where.
func (p *source) written() map[types.Object]token.Pos {
	found := map[types.Object]token.Pos{}
	note := func(e ast.Expr) {
		if name := root(e); name != nil {
			found[p.info.Uses[name]] = e.Pos()
		}
	}
	p.eachNode(func(node ast.Node) {
		switch n := node.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				note(left)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
				note(n.Args[0])
			}
		}
	})
	delete(found, nil)
	return found
}

// root returns the name at the left end of a, a.b, a[b] or *a.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
