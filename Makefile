# Campaign Pulse. `make demo` and `make test` do everything on a fresh machine with Python 3.11.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install browser demo demo-live pipeline dev test test-full test-long docs lint types check check-sql bench bench-dbt bench-ml bench-peaks bench-effects bench-explain bench-x bench-stream bench-api bench-site chaos fuzz soak audit pins mutants clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, $$2}'

install: $(INSTALLED) ## .venv with the versions of constraints.txt

# Lines about what is there already are left out; a failure of pip stops make all the same.
PIP = { $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt $(1) || touch $(VENV)/.failed; } \
	| sed -E '/already satisfied|^(Installing collected|Successfully installed)/d'; \
	if [ -e $(VENV)/.failed ]; then rm $(VENV)/.failed; echo "The installation failed; see above."; exit 1; fi

$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (some minutes the first time) ..."
	@$(call PIP,"torch==2.13.0")
	@$(call PIP,-e ".[dev]")
	@touch $(INSTALLED)

# Debian and Ubuntu as root (a CI runner, a container); elsewhere the person who runs the tests installs it.
browser: ## Chromium for the tests that open pages; they are skipped where it cannot be installed
	@test -x /usr/bin/chromium || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null && echo "Installing Chromium ..." \
		&& apt-get update -qq > /dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null; } \
		|| echo "NO BROWSER: /usr/bin/chromium is not there, so the tests that open pages are skipped. Install the package chromium."

demo: $(INSTALLED) ## the sample campaign on a page: http://127.0.0.1:8501 (Ctrl-C stops everything)
	@$(BIN)/pulse demo

demo-live: $(INSTALLED) ## the product in its X mode against a stub of X's API, without an account
	@$(BIN)/pulse demo-live

pipeline: $(INSTALLED) ## the sample campaign through the whole pipeline, then its summary
	@$(BIN)/pulse pipeline

dev: $(INSTALLED) ## the Dagster UI on http://127.0.0.1:3000, and the warehouse
	@$(BIN)/pulse dev

# Three workers keep two cores busy while a test waits for a server; four starve each other.
PYTEST = $(BIN)/python -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder

test: $(INSTALLED) browser ## the suite, offline
	@$(PYTEST) -m "not slow and not full"

test-full: $(INSTALLED) browser ## the rest of the suite: whole homes, dbt's unit tests, servers, axe in both themes; CI runs it after `make test`
	@$(PYTEST) -m "full and not slow"

test-long: $(INSTALLED) browser ## the long trials that CI leaves out: every order, every kill, whole archives
	@$(PYTEST) -m slow

docs: $(INSTALLED) ## lineage, glossary, docs/reference and dependencies, from the project as it is
	@$(BIN)/python -W ignore -m orchestration.reference

lint: $(INSTALLED) ## style, and which package may import which
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: $(INSTALLED) ## mypy, strict, on orchestration, ml_assets and app
	@$(BIN)/python -m mypy

check: lint types check-sql test ## all that a change must pass: style, imports, types, SQL, tests

check-sql: $(INSTALLED) ## Google's analyzer and sqlfluff on every statement of dbt, of the warehouse module and of the site
	@$(BIN)/python -W ignore -m orchestration.sql_check

# ONLY=ml,x for some; SHORT=1 for small sizes, without results; DATA=FOLDER for the public data.
bench: $(INSTALLED) ## every bench, one table, bench/results.json and docs/performance.md (hours; ONLY=ml,x for some, SHORT=1 for minutes)
	@$(BIN)/python -W ignore -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SHORT),--short) $(if $(DATA),--data $(DATA))

bench-x: $(INSTALLED) ## a full hour of X, through the stub into the warehouse
	@$(BIN)/python -m bench.x_search

bench-dbt: $(INSTALLED) ## an hour of dbt after 1, 7, 30 and 90 days of history
	@$(BIN)/python -W ignore -m bench.dbt_history

bench-ml: $(INSTALLED) ## sentiment against transformers.pipeline, entities against spaCy's CNN, 10,000 texts each
	@$(BIN)/python -W ignore -m bench.sentiment --posts 10000 --generated
	@$(BIN)/python -W ignore -m bench.entities

bench-peaks: $(INSTALLED) ## peaks planted in made-up campaigns, false alarms in quiet ones, and what other methods find
	@$(BIN)/python -m bench.peaks

bench-effects: $(INSTALLED) ## how often the interval of a change covers no change, and sees a real one
	@$(BIN)/python -m bench.effects

bench-explain: $(INSTALLED) ## planted events, held-out ordinary days and each signal: are days explained by their news
	@$(BIN)/python -m bench.explain

ROUNDS ?= 200
chaos: $(INSTALLED) ## kill -9, full disk, clock, network, damage at random moments (ROUNDS=200): equal marts after each
	@$(BIN)/python -W ignore -m bench.chaos --rounds $(ROUNDS)

INPUTS ?= 1000000
fuzz: $(INSTALLED) ## broken input at every door (INPUTS=1000000): no undocumented error, and no good row lost
	@$(BIN)/python -W ignore -m bench.fuzz --inputs $(INPUTS)

MINUTES ?= 60
soak: $(INSTALLED) ## stream, hourly runs at 60 times the speed and five readers (MINUTES=60): memory, errors, and each hour against what was sent
	@$(BIN)/python -W ignore -m bench.soak --minutes $(MINUTES)

mutants: $(INSTALLED) ## formulas of dbt changed one at a time: which unit test notices
	@$(BIN)/python -m bench.mutations

bench-stream: $(INSTALLED) ## the stream consumer at 1,000 posts a second for five minutes
	@$(BIN)/python -m bench.stream

bench-api: $(INSTALLED) ## cached answers of the API at 50 requests a second, on the warehouse of this folder
	@$(BIN)/python -W ignore -m bench.api

bench-site: $(INSTALLED) ## loads, page switches, interactions and memory of the site beside a bare Streamlit app, then a million posts
	@$(BIN)/python -W ignore -m bench.site --million

audit: $(INSTALLED) ## known advisories of the versions of constraints.txt, where their database can be reached
	@$(BIN)/python -m orchestration.reference.advisories

pins: $(INSTALLED) ## constraints.txt anew: the newest versions that go together, and what changed
	@$(BIN)/python -m orchestration.reference.pins

clean: ## the local warehouse, Dagster home and models of this folder (not .venv)
	@test ! -x $(BIN)/pulse || $(BIN)/pulse warehouse stop
	@rm -rf .pulse
