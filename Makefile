# make demo | test | check | quick | coverage | docs | bench | fuzz | release | dist | package | deploy | shortlist | bots
# Each sets up a virtual environment first, `demo` in .venv-demo and the others in .venv; Python 3.11 or newer is all that it
# needs. An environment that make has not made is left alone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
READY := $(VENV)/.ready
OURS := $(VENV)/.made-by-make
DEMO := .venv-demo

NEW_ENOUGH = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "footfall needs Python 3.11 or newer; name one: make PYTHON=python3.13")'
NO_VENV := footfall needs the venv module: apt-get install python3-venv

# Tests start footfall hundreds of times; without bytecode each start compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check quick quick-tests lint coverage docs bench fuzz release dist package deploy lock vendor bundle shortlist bots clean

# What a person needs who counts, and none of the tools for working on footfall.
demo: $(DEMO)/.ready
	$(DEMO)/bin/footfall demo

$(DEMO)/.ready: pyproject.toml src/footfall/_compiled.c scripts/compile_reader.py
	@$(NEW_ENOUGH)
	@echo 'Installing footfall and the packages that it needs, into $(DEMO)/; this takes half a minute, once.'
	@$(PYTHON) -m venv $(DEMO) || { echo '$(NO_VENV)' >&2; exit 1; }
	@$(DEMO)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

test: check

# Tests that need Node or Chromium say so where these are missing; FOOTFALL_REQUIRE=node,chromium makes them fail instead.
check: lint $(if $(shell command -v npm),node_modules/.ready)
	$(BIN)/pytest -n auto --durations 15

# Before each commit: what is checked within one process, without a browser, an AWS of our own and what takes seconds by itself.
# Types are checked by one processor, so the tests run beside.
quick: $(READY)
	@$(MAKE) --no-print-directory --jobs 2 lint quick-tests

# Schemathesis, which tests the API with all that its document allows, takes half a second to load in each process.
quick-tests: $(READY)
	$(BIN)/pytest -n auto --durations 15 -p no:schemathesis -m "not emulator and not browser and not node and not process and not slow"

lint: $(READY)
	$(BIN)/ruff format --check src tests benchmarks docs deploy scripts
	$(BIN)/ruff check src tests benchmarks docs deploy scripts
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# The tests of `make quick`, and which lines of footfall they do not run; ARGS="" runs all tests.
ARGS ?= -m "not emulator and not browser and not node and not slow"

coverage: $(READY)
	$(BIN)/pytest -n auto --cov --cov-report term:skip-covered $(ARGS)

# The documents as a searchable site, in build/docs/site; a link that leads nowhere is an error.
docs: $(READY)
	$(BIN)/python scripts/build_docs.py

# S3's format beside Python's ways to read it; then all formats in one run, where make_logs.py can write them. LONG=1 adds
# ten million lines.
bench: $(READY)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/speed.py --objects 1000
	$(BIN)/python benchmarks/speed.py --objects 1000 --gzip
	$(BIN)/python benchmarks/speed.py --format s3 cloudfront cloudfront-v2 cloudfront-json combined caddy --only footfall jobs goaccess
ifdef LONG
	$(BIN)/python benchmarks/speed.py --lines 10000000 --runs 1 --only footfall jobs goaccess blocks --timeout 1800
endif

# Looks for lines that break the compiled reader; `make check` does a little of it. A million runs take a quarter of an hour.
RUNS ?= 100000

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz $(RUNS)

# Dates what is unreleased in the changelog, and sets the version: make release VERSION=0.1.0.
release: $(READY)
	$(BIN)/python scripts/cut_release.py $(VERSION)

# The sdist, the wheel that is made of it (for any machine, so without the compiled reader), and their checksums.
dist: $(READY)
	rm -rf dist
	FOOTFALL_PURE=1 $(BIN)/python -m build --no-isolation --outdir dist
	cd dist && sha256sum *.tar.gz *.whl > SHA256SUMS

# The zip of the functions in AWS, and the template that deploys it; DEPLOY is what to tell osls: --param="bucket=my-logs".
DEPLOY ?=
OSLS := node_modules/.bin/osls

package: $(READY) node_modules/.ready
	$(BIN)/python deploy/build.py
	$(OSLS) package $(DEPLOY)

deploy: package
	$(OSLS) deploy $(DEPLOY)

node_modules/.ready: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	touch $@

$(PACKAGES): requirements-dev.lock
	@$(NEW_ENOUGH)
	@test ! -e $(VENV) -o -e $(OURS) -o -e $(PACKAGES) || \
		{ echo '$(VENV) was not made by make, and is left alone: move it away, or name another, make VENV=.venv-dev' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { echo '$(NO_VENV)' >&2; exit 1; }
	touch $(OURS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Compiles the reader of log lines where there is a C compiler.
$(READY): $(PACKAGES) pyproject.toml src/footfall/_compiled.c scripts/compile_reader.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Writes requirements-dev.lock anew, from pyproject.toml: pinned, with hashes, and without any host.
lock:
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-emit-options --extra dev --all-build-deps --output-file requirements-dev.lock pyproject.toml

# Fetches the dashboard's charting library, and compares its checksums.
vendor: $(READY)
	$(BIN)/python scripts/vendor_uplot.py

# Joins the dashboard's modules into the two files that are served: after a change of any of them.
bundle: $(READY) node_modules/.ready
	$(BIN)/python scripts/bundle_dashboard.py

# Stores the literal parts of the patterns of browsers, systems and bots: after a change of their lists, or of ours.
shortlist: $(READY)
	$(BIN)/python scripts/store_shortlist.py

# Shows what other lists of bots know that ours does not; BOTS is what more to look at: --logs FOLDER, --ai robots.json,
# --bots and --people FILE.
BOTS ?=

bots: $(READY) node_modules/.ready
	$(BIN)/python scripts/compare_bots.py $(BOTS)

clean:
	test ! -e $(VENV) -o -e $(OURS) -o -e $(PACKAGES) || { echo '$(VENV) was not made by make, and stays' >&2; exit 1; }
	rm -rf $(VENV) $(DEMO) src/footfall/_compiled.abi3.so node_modules build dist .serverless footfall-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
