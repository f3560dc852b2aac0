# Campaign Pulse. `make demo` and `make test` do everything on a fresh machine with Python 3.11.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install test lint

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(INSTALLED) ## .venv with every package of constraints.txt

$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (several minutes the first time) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -q -c constraints.txt "torch==2.13.0"
	@$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[dev]"
	@touch $(INSTALLED)

test: $(INSTALLED) ## the whole suite, offline
	@$(BIN)/python -m pytest -q

lint: $(INSTALLED) ## style of the Python code
	@$(BIN)/ruff check .
