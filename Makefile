# Headway's tasks. `make` lists them. Each makes the environment it needs; a fresh machine has
# Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV   ?= .venv
BARE   := .venv-bare
OLDEST := .venv-oldest
TORCH  ?= torch==2.13.0
PY     := $(VENV)/bin/python

PIP_FLAGS := -qq --progress-bar off --disable-pip-version-check
INSTALL   := $(PY) -m pip install $(PIP_FLAGS) -c constraints.txt
PYTEST    := $(PY) -m pytest -q
# Many quick tests run in two processes.
TWICE     := -n 2
# What needs a place or a time of its own, and what `make test` leaves out besides.
APART     := bare or bench or calibration or docs or engines
LONG      := slow or torch or browser

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup demo test check cases engines calibration docs bare oldest wheel slow coverage \
        bench pictures map constraints all full clean

help:  ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# ------------------------------------------------------------------------------- environments
# A stamp is younger than what it was made from, so a second run installs nothing.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Headway needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.made pyproject.toml constraints.txt
	$(INSTALL) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	$(INSTALL) -e '.[test]'
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	$(INSTALL) -e '.[lint]'
	@touch $@

$(VENV)/.docs: $(VENV)/.test
	$(INSTALL) -e '.[docs]'
	@touch $@

$(VENV)/.spark: $(VENV)/.test
	$(INSTALL) -e '.[spark]'
	@touch $@

# The CPU build. Where pip finds a CUDA build instead, give the address of the CPU builds with
# PIP_EXTRA_INDEX_URL, or leave the torch tests to another machine with `make all TORCH=`.
$(VENV)/.torch: $(VENV)/.test
	@if [ -n "$(TORCH)" ]; then echo "$(INSTALL) $(TORCH)"; $(INSTALL) $(TORCH); fi
	@if $(PY) -m pip list --format=freeze --disable-pip-version-check | grep -i '^nvidia-'; then \
	  echo "A CUDA build of torch came along. Remove $(VENV) and see the note above this rule."; exit 1; fi
	@touch $@

# ----------------------------------------------------------------------------------- every day

setup: $(VENV)/.lint  ## Make the environment and install the git hooks
	@if [ -d .git ]; then $(VENV)/bin/pre-commit install; fi

demo: $(VENV)/.core  ## Run the whole journey on real bundled data
	$(VENV)/bin/headway demo

test: $(VENV)/.test  ## Run the quick tests: cases, unit, laws, engines in memory, faces, house
	$(PYTEST) $(TWICE) -m "not ($(APART) or $(LONG))" $(ARGS)

cases: $(VENV)/.test  ## Run the notes' worked examples and print their table
	$(PYTEST) tests/cases $(ARGS)

check: $(VENV)/.lint  ## Check format, lint, spelling, types, import contracts and the house rules
	$(VENV)/bin/ruff format --quiet --check .
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/codespell
	$(VENV)/bin/mypy --no-error-summary
	$(VENV)/bin/lint-imports --no-logo
	$(PYTEST) -m "not docs" tests/house

map:  ## Write the map of modules in docs/house.md and the command page docs/cli.md
	$(PY) scripts/house_map.py
	$(PY) scripts/cli_page.py

# ----------------------------------------------------------------------------- what CI runs too

engines: $(VENV)/.spark  ## Get the same counts from every engine, PySpark and Ibis included
	@command -v java > /dev/null || { echo "make engines needs Java 17 (Debian: openjdk-17-jre-headless)."; exit 1; }
	$(PYTEST) tests/engines --engines=polars,duckdb,pandas,pyarrow,ibis,pyspark $(ARGS)

calibration: $(VENV)/.test  ## Simulate the coverage of intervals and the false alarms of findings
	$(PYTEST) $(TWICE) tests/calibration $(ARGS)

slow: $(VENV)/.torch  ## Run the tests that need longer, PyTorch or Chromium
	$(PYTEST) -m "$(LONG)" $(ARGS)

coverage: $(VENV)/.torch  ## Run quick and long tests and require branch coverage, floor by floor
	$(PYTEST) $(TWICE) -m "not ($(APART))" --cov --cov-report= $(ARGS)
	$(PY) scripts/coverage_floors.py

docs: $(VENV)/.docs  ## Run every example in source and documentation, and build the site
	$(PYTEST) --doctest-modules src/headway
	$(PYTEST) -m docs tests/house
	$(VENV)/bin/zensical build --clean --strict

bare: $(VENV)/.test wheel  ## Install the wheel without extras and use the commands
	$(PYTHON) -m venv --clear $(BARE)
	$(BARE)/bin/python -m pip install $(PIP_FLAGS) -c constraints.txt dist/headway-*.whl
	HEADWAY_BARE=$(BARE) $(PYTEST) -m bare $(ARGS)

oldest: $(VENV)/.made  ## Run the quick tests on the oldest allowed versions of what Headway needs
	$(PYTHON) -m venv --clear $(OLDEST)
	$(PYTHON) scripts/oldest.py > $(OLDEST)/constraints.txt
	$(OLDEST)/bin/python -m pip install $(PIP_FLAGS) -c $(OLDEST)/constraints.txt -e '.[test]'
	$(OLDEST)/bin/python -m pytest -q $(TWICE) -m "not ($(APART) or $(LONG))" $(ARGS)

wheel: $(VENV)/.made  ## Build the wheel
	@rm -rf dist
	$(PY) -m pip wheel $(PIP_FLAGS) --no-deps --wheel-dir dist .

bench: $(VENV)/.test  ## Time the reduction and the draws against their bounds
	$(PY) bench/draws.py
	$(PY) -m bench.duplicates
	$(PY) bench/reduce.py
	$(PY) bench/selection.py
	$(PY) bench/startup.py

pictures: $(VENV)/.test  ## Draw the report for the README with Chromium
	$(PY) scripts/pictures.py

constraints: $(VENV)/.lint $(VENV)/.docs $(VENV)/.spark  ## Write constraints.txt from the environment
	$(PY) scripts/constraints.py > constraints.txt

all: check coverage engines calibration docs bare oldest  ## Everything CI runs
	@echo "make all: everything passed"

full: all  ## Everything with every seed and the benches; writes docs/measured
	$(PY) scripts/measured.py

clean:  ## Remove environments and what the tools leave behind
	rm -rf .venv .venv-bare .venv-oldest build dist site .cache .coverage .hypothesis \
	  .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
