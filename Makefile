# Needs GNU make and Python 3.11 or later; everything else is installed into .venv and .tools.
# Another Python: make PYTHON=python3.13 (it counts when .venv is made; `make clean` removes .venv).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

SUBJECT ?=

.PHONY: help setup tools run test mutation format generate schemas docs bench clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target does; do \
		printf '  make %-8s  %s\n' "$$target" "$$does"; done

setup: $(READY) ## make .venv with dmsmtp, editable, and what its development needs

$(READY): pyproject.toml tests/constraints.txt
	@PYTHON='$(PYTHON)' sh .ci/create-venv $(VENV)
	@echo 'Installing dmsmtp and its development tools into $(VENV).'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint tests/constraints.txt --editable '.[dev]'
	@touch $@

tools: $(READY) ## install programs that some tests call, where that is possible without asking
	@sh .ci/install-tools $(BIN)/python

# Findings (exit 1) are what this shows; only a failure (exit 2) is one of `make run`.
run: $(READY) ## lint two fixtures, a clean and a broken one
	$(BIN)/dmsmtp lint fixtures/clean/DataMiner.xml fixtures/broken/DataMiner.xml || [ $$? -eq 1 ]

# pytest comes last, so that its summary is the last thing printed.
test: $(READY) tools ## run all checks and tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --cov --numprocesses auto --dist worksteal

format: $(READY) ## format the code and apply ruff's safe fixes
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

generate: schemas docs ## generate all that is generated

schemas: $(READY) ## generate what is generated in schemas/
	$(BIN)/python schemas/generate.py

docs: $(READY) ## generate the pages of the rules in docs/rules/
	$(BIN)/python docs/generate.py

bench: $(READY) tools ## measure against other programs, side by side
	$(BIN)/python -m benchmarks

mutation: $(READY) ## change the code and see whether tests notice; all of it, or SUBJECT=migrator/values
	$(BIN)/python -m tests.mutation $(SUBJECT)

clean: ## remove all that make made, .venv and .tools included
	rm -rf $(VENV) .tools build dist *.egg-info .coverage .coverage.* .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
