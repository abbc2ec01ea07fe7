# `make help` lists what there is. Needs make and Python 3.11 or newer with venv; the rest comes by itself.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NPM := $(BIN)/python -m tools.npm
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
NODE_STAMP := node_modules/.installed
LIGHTHOUSE_STAMP := tools/lighthouse/node_modules/.installed
PYTEST := $(BIN)/python -m pytest
DATA_DIR := $(CURDIR)/data
DEMO_DIR := $(CURDIR)/data-demo

.PHONY: help run demo test test-fast chaos bench lighthouse lint types contracts catalogues lock format vendor browser clean dev

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

# ---- the environment ------------------------------------------------------------------------------
$(BIN)/python:
	@python="$$(PYTHON='$(PYTHON)' tools/find_python.sh)" && { "$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }

$(RUN_STAMP): requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Not `npm ci`: it refuses a lock without the builds for other systems, which not every registry has.
$(NODE_STAMP): package.json package-lock.json $(DEV_STAMP)
	$(NPM) install --no-save --no-progress
	@touch $@

$(LIGHTHOUSE_STAMP): tools/lighthouse/package.json tools/lighthouse/package-lock.json $(DEV_STAMP)
	$(NPM) install --prefix tools/lighthouse --no-save --no-progress
	@touch $@

dev: $(DEV_STAMP) $(NODE_STAMP) ## Make the environment for development

browser: $(DEV_STAMP) ## Find or install Chromium for the tests
	@$(BIN)/python -m tools.ensure_browser

# ---- using it -------------------------------------------------------------------------------------
run: $(RUN_STAMP) ## Set up what is missing in ./data and start the server
	@export SURVEY_APP_DATA_DIR="$${SURVEY_APP_DATA_DIR:-$(DATA_DIR)}"; \
	$(BIN)/survey-app setup && exec $(BIN)/survey-app run

demo: $(RUN_STAMP) ## The same with a simulated year, in ./data-demo
	@export SURVEY_APP_DATA_DIR="$${SURVEY_APP_DEMO_DIR:-$(DEMO_DIR)}"; \
	exec $(BIN)/survey-app demo

# ---- proving it -----------------------------------------------------------------------------------
test: lint types contracts browser ## Everything CI runs
	$(PYTEST) -n logical --dist loadfile

# Rooms whose tests start processes, hash passwords or hold people's administration are left to `make test`.
NOT_FAST := accounts admin codes commands fleet house

test-fast: $(DEV_STAMP) ## The quick tests, under a minute: rules, store, pages of citizens, officials and reviewers
	$(PYTEST) -q -n logical --hypothesis-profile=fast $(NOT_FAST:%=--ignore=tests/%) \
		-m "not browser and not packaging and not slow and not chaos" -k "not postgresql and not attack"

chaos: browser ## Prove that no form gets lost, doubled or seen by others; prints a table
	$(BIN)/python -m tools.chaos

lint: $(DEV_STAMP) $(NODE_STAMP) ## Style of Python, templates, scripts and styles
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint survey_app
	$(NPM) exec -- biome ci --colors=off --error-on-warnings

types: $(DEV_STAMP) ## Types
	$(BIN)/mypy

contracts: $(DEV_STAMP) ## Which room may import which
	$(BIN)/lint-imports --no-logo

format: $(DEV_STAMP) $(NODE_STAMP) ## Rewrite Python, scripts and styles the way `make lint` wants them
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	$(NPM) exec -- biome check --colors=off --write

bench: browser ## Measure; prints a table
	$(BIN)/python bench/run.py

lighthouse: browser $(LIGHTHOUSE_STAMP) ## Accessibility and performance of three pages on a mobile profile; needs the network once
	$(BIN)/python -m tools.lighthouse

# ---- keeping it -----------------------------------------------------------------------------------
catalogues: $(DEV_STAMP) ## Bring translations/ up to date with the sources
	$(BIN)/python -m tools.catalogues

lock: $(DEV_STAMP) ## Choose versions anew: requirements*.in to requirements*.lock, package.json to its lock
	$(BIN)/python -m tools.lock

vendor: $(DEV_STAMP) ## Fetch the vendored browser assets again
	$(BIN)/python -m tools.vendor

clean: ## Remove what can be made again; leaves ./data alone
	rm -rf $(VENV) node_modules tools/lighthouse/node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis data-demo
