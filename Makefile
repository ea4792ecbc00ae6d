# Every target makes .venv and installs from the locks by itself. On Windows run it from Git Bash or MSYS2.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PY := $(BIN)/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
PAGES := $(shell find src/tramyte/web/templates -name '*.html') src/tramyte/web/views/sections.py
KERNEL := $(wildcard src/tramyte/rotation/solve/kernel/*.[ch])
SAMPLE ?= 11
PORT ?= 8000
WORKERS ?= 2
# coverage is of the core: these need none
OUTER := tests/web tests/browser tests/cli tests/house tests/test_tour.py

.PHONY: help demo test check test-long bench bench-full lock fonts assets browser clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run.ok .venv/assets.ok  ## sample province -> need, plan, decision in demo/, then the pages at localhost:8000
	$(PY) -m tramyte.cli demo --province $(SAMPLE) --out demo --serve --port $(PORT)

test: .venv/dev.ok .venv/assets.ok browser  ## every test, with branch coverage of the core; those of the web on PostgreSQL first
	$(PY) -m tests.postgresql $(PY) -m pytest -n $(WORKERS) -m "not long and not sweep" tests/web
	$(PY) -m pytest -n $(WORKERS) -m "not long" --cov --cov-report=term --cov-fail-under=100 $(OUTER:%=--ignore=%)
	$(PY) -m pytest -n $(WORKERS) -m "not long" $(OUTER)

check: .venv/dev.ok  ## lint, types, contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(BIN)/lint-imports

test-long: .venv/dev.ok .venv/assets.ok browser  ## what takes longer: thousands of random problems, clean installs
	$(PY) -m tests.postgresql $(PY) -m pytest -n $(WORKERS) -m "long or sweep" tests/web
	$(PY) -m pytest -n $(WORKERS) -m long

bench: .venv/dev.ok  ## ratios against peers, in one run
	$(PY) -m benchmarks.run

bench-full: .venv/dev.ok  ## the same in full: hours
	$(PY) -m benchmarks.run --full --json benchmarks/figures.json

assets: .venv/build.ok  ## make icons, fonts and scripts of the pages again
	$(PY) tools/assets.py

browser: .venv/dev.ok  ## find or install the Chromium that drives the tests of pages
	$(PY) tools/browser.py

fonts: .venv/run.ok  ## fetch and join the bundled font again
	$(PY) tools/fonts.py --force

lock: .venv/dev.ok  ## resolve the locks again after a change in pyproject.toml
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -q -o requirements/run.lock
	$(PY) -m uv pip compile --group compiler --universal --generate-hashes --no-header --no-annotate -q -o requirements/compiler.lock
	$(PY) -m uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate -q -o requirements/build.lock
	$(PY) -m uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -q -o requirements/dev.lock

clean:  ## remove what make made
	rm -rf .venv node_modules demo dist .coverage .mypy_cache .pytest_cache .ruff_cache
	rm -rf src/tramyte/web/static/built
	rm -f src/tramyte/rotation/solve/kernel/kernel.*

.venv/made.ok:
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'tramyte needs Python 3.11 or newer; set PYTHON=...')"
	$(PYTHON) -m venv .venv
	@touch $@

# A machine without any C compiler gets one from a package, into .venv.
.venv/kernel.ok: .venv/made.ok tools/kernel.py requirements/compiler.lock $(KERNEL)
	@$(PY) tools/kernel.py || { $(PIP) --require-hashes -r requirements/compiler.lock && $(PY) tools/kernel.py; }
	@touch $@

.venv/build.ok: .venv/kernel.ok requirements/build.lock
	$(PIP) --require-hashes -r requirements/build.lock
	@touch $@

.venv/run.ok: .venv/build.ok pyproject.toml hatch_build.py package-lock.json tools/fonts.py
	$(PIP) --no-deps --no-build-isolation -e .
	$(PY) tools/fonts.py
	@touch $@

# The sprite holds the icons that pages name: it is made again when a page changes.
.venv/assets.ok: .venv/build.ok package-lock.json tools/assets.py tools/npm.py tools/stamp.py tools/charts.js $(PAGES)
	$(PY) tools/assets.py
	@touch $@

.venv/dev.ok: .venv/run.ok requirements/dev.lock
	$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@
