# make demo | test | check | bench
# Each sets up its own virtual environment in .venv first; Python 3.11 or newer is all that it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench lock clean

demo: $(READY)
	$(BIN)/footfall demo

test: check

check: $(READY)
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

bench: $(READY)
	$(BIN)/python benchmarks/speed.py

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "footfall needs Python 3.11 or newer; name one: make PYTHON=python3.13")'
	$(PYTHON) -m venv --clear $(VENV) || { echo 'footfall needs the venv module: apt-get install python3-venv' >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Writes requirements-dev.lock anew, from pyproject.toml: pinned, with hashes, and without any host.
lock:
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-emit-options --extra dev --all-build-deps --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) dist footfall-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
