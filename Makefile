# Xianjie: what can be done here. `make` prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := deploy/requirements
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Hundreds of thousands of random comparisons: part of `make test`, too long for `make check`.
LENGTHY := test_second_evaluator.py test_screening_agrees.py test_recording.py test_judging_properties.py test_attested_numbers.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint format documents bench clean

help:  ## Print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed  ## Create or update the environment that runs the system

setup-dev: $(VENV)/.installed-dev  ## Add what tests, checks and benchmarks need

run: setup  ## Start everything, load the 58 real cases, print the table, serve until Ctrl-C
	@$(BIN)/xianjie tour

test: setup-dev  ## Everything that must be green
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: setup-dev  ## The fast part, under a minute: lint, types, imports, tests without a database
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile -q tests/contracts tests/lawbook tests/tlog $(LENGTHY:%=--ignore=tests/lawbook/%)

lint: setup-dev  ## Style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev  ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

documents: setup-dev  ## Write schemas, interface documents, schema dumps and the pages of the law anew
	$(BIN)/python -m xianjie.contracts.schemas write
	$(BIN)/python -m xianjie.chassis.migrations dump
	$(BIN)/python -m xianjie.command.documents write
	$(BIN)/python -m xianjie.command.law.pages write

bench: setup-dev  ## Benchmarks as ratios; `make bench NAME=intake` runs one
	$(BIN)/python -m bench $(NAME)

clean:  ## Remove the environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.installed: $(REQUIREMENTS)/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed, $(PYTHON) is older"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(REQUIREMENTS)/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed $(REQUIREMENTS)/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r $(REQUIREMENTS)/dev.txt
	@touch $@
