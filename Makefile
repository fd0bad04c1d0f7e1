# Everything a newcomer or a maintainer runs. Needs only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: help demo test browser chaos coverage lint types docs bench check lock clean
.DEFAULT_GOAL := demo

$(VENV)/ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Steward needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (once, about half a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

help:  ## this list
	@echo 'Without a word, make runs the demo.'
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo: $(VENV)/ready  ## the bot on a simulated Discord
	@$(BIN)/steward demo $(ARGS)

# Compiled code is kept, or each of the many processes that tests start compiles all of it anew.
test coverage docs: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/ready  ## the whole suite, on all cores
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

browser: $(VENV)/ready  ## what the tests of the page in a browser need; Chromium itself comes from your system
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'playwright>=1.50' 'axe-playwright-python>=0.1.8'

chaos: $(VENV)/ready  ## the bot as a real process, attacked under traffic
	@$(BIN)/python -m tests.chaos $(ARGS)

coverage: $(VENV)/ready  ## what the suite does not run, branches included
	$(BIN)/coverage run -m pytest -q $(ARGS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

lint: $(VENV)/ready  ## style, format, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/ready  ## mypy, strict
	$(BIN)/mypy

docs: $(VENV)/ready  ## the documentation against the code
	$(BIN)/pytest -q tests/test_docs.py

bench: $(VENV)/ready  ## the benchmarks, measured here
	@$(BIN)/steward bench $(ARGS)

check: lint types docs test  ## all that must pass before a change lands

lock: $(VENV)/ready  ## pin what is installed, from pyproject.toml, for every supported Python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header \
		--no-emit-find-links --upgrade --extra bot --group dev pyproject.toml -o requirements.lock

clean:  ## drop .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
