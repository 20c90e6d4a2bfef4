# Every target works from a clean clone on Debian with make and Go; `make help` lists them.

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PREFIX ?= /usr/local
TOR ?= 1
FUZZTIME ?= 20s
BENCHTIME ?= 1s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help build run demo test check bench fuzz install clean

help:
	@echo 'make build    bin/traboule, one static binary'
	@echo 'make run      build it and start it on your own profile'
	@echo 'make demo     a private server, people to talk to, and the client in the room, through a private Tor network;'
	@echo '              TOR=0 without it, which is quicker'
	@echo 'make test     every test, against real servers too'
	@echo 'make check    format, vet, staticcheck, import rules'
	@echo 'make bench    benchmarks, beside other clients where they are installed'
	@echo 'make fuzz     each fuzz target for FUZZTIME ($(FUZZTIME))'
	@echo 'make install  into DESTDIR/PREFIX ($(DESTDIR)$(PREFIX))'

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/traboule ./cmd/traboule

run: build
	bin/traboule

# What asks for a password comes first, not after the minute that the first build takes.
demo:
	@internal/packages/install $(if $(filter 0,$(TOR)),demo,demo-tor)
	@$(MAKE) --no-print-directory build
	@CGO_ENABLED=0 go build -trimpath -o bin/demo ./cmd/demo
	@bin/demo $(if $(filter 0,$(TOR)),--no-tor) bin/traboule

# What one goroutine computes for long, in code that is not ours: -race makes it take up to ten times as long, and there is no race
# in it. Who shares what it works on is seen around it: in the database's driver, in the OTR library, in ours.
UNRACED := golang.org/x/crypto/scrypt github.com/coyim/constbn math/big lukechampine.com/adiantum/... github.com/ncruces/go-sqlite3-wasm/...

# CI=1: where everything was installed just now, a test that finds a program missing fails instead of skipping.
# GOFLAGS, because the tests build the program too.
test: export GOFLAGS += $(foreach package,$(UNRACED),-gcflags=$(package)=-race=false)
test:
	internal/packages/install test
	CI=1 CGO_ENABLED=1 go test -race -timeout 20m ./...

check:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 -run '^TestImport|^TestSource' .

bench: build
	CGO_ENABLED=0 go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -timeout 60m ./...

fuzz:
	@set -e; for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; \
	done

install: build
	install -D -m 755 bin/traboule '$(DESTDIR)$(PREFIX)/bin/traboule'
	install -D -m 644 -t '$(DESTDIR)$(PREFIX)/share/doc/traboule' LICENSE $(wildcard README*.md docs/*.md)
	for page in $(wildcard docs/*.1); do install -D -m 644 -t '$(DESTDIR)$(PREFIX)/share/man/man1' $$page; done

clean:
	rm -rf bin coverage.out
