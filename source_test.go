package traboule_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one package of the module, without its tests.
type source struct {
	path    string // below the module
	set     *token.FileSet
	files   []*ast.File
	imports map[string]string // import path to a file that imports it
	info    types.Info
}

// tooling reports whether the package is only there for tests and the demo.
func (p *source) tooling() bool { return under(p.path, "internal") || under(p.path, "e2e") }

// packages reads every package of the module.
func packages(t *testing.T) []*source {
	t.Helper()
	byPath := map[string]*source{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"testdata", "bin", "docs"}, entry.Name())) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			return read(byPath, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(byPath) == 0 {
		t.Fatal("no packages found: the rules would hold for nothing")
	}
	var all []*source
	for _, p := range byPath {
		p.resolve()
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	return all
}

// read parses a file into the package of its folder.
func read(byPath map[string]*source, name string) error {
	dir := filepath.ToSlash(filepath.Dir(name))
	p := byPath[dir]
	if p == nil {
		p = &source{path: dir, set: token.NewFileSet(), imports: map[string]string{}}
		byPath[dir] = p
	}
	file, err := parser.ParseFile(p.set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.files = append(p.files, file)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		p.imports[imported] = name
	}
	return nil
}

// resolve finds what each name in the package stands for. Imported packages are left empty: only names of the package
// itself and of what it imports matter here.
func (p *source) resolve() {
	p.info = types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: hollow{}, Error: func(error) {}, FakeImportC: true}
	// Names of the empty packages are unknown: those errors are expected.
	_, _ = config.Check(p.path, p.set, p.files, &p.info)
}

// hollow imports every package as an empty one.
type hollow struct{}

func (hollow) Import(imported string) (*types.Package, error) {
	name := path.Base(imported)
	if regexp.MustCompile(`^v[0-9]+$`).MatchString(name) {
		name = path.Base(path.Dir(imported))
	}
	pkg := types.NewPackage(imported, name)
	pkg.MarkComplete()
	return pkg, nil
}

// where names a place for an error.
func (p *source) where(at token.Pos) string { return p.set.Position(at).String() }

func (p *source) eachNode(visit func(ast.Node)) {
	for _, f := range p.files {
		ast.Inspect(f, func(node ast.Node) bool {
			if node != nil {
				visit(node)
			}
			return true
		})
	}
}

// eachUse visits every use of a name of an imported package.
func (p *source) eachUse(visit func(pkg, name string, at token.Pos)) {
	p.eachNode(func(node ast.Node) {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return
		}
		if left, ok := selector.X.(*ast.Ident); ok {
			if imported, ok := p.info.Uses[left].(*types.PkgName); ok {
				visit(imported.Imported().Path(), selector.Sel.Name, selector.Pos())
			}
		}
	})
}
