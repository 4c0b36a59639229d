# Needs GNU make and Python 3.11 or later; everything else is installed into .venv and .tools.
# Another Python: make PYTHON=python3.13 (it counts when .venv is made; `make clean` removes .venv).

PYTHON ?= python3
FUZZ_SECONDS ?= 300
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

SUBJECT ?=

.PHONY: help setup tools run test fuzz faults mutation format generate schemas docs site bench lowest packages binary clean

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

# Inputs that fail, and those worth going on from, lie in .tools/fuzz.
fuzz: $(READY) ## fuzz each kind of file for FUZZ_SECONDS (300): see docs/fuzzing.md
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

faults: $(READY) ## let every system call of every write go wrong in every way; a quarter of an hour
	FAULTS=all $(BIN)/python -m pytest tests/faults --numprocesses auto --dist worksteal

format: $(READY) ## format the code and apply ruff's safe fixes
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

generate: schemas docs ## generate all that is generated

schemas: $(READY) ## generate what is generated in schemas/
	$(BIN)/python schemas/generate.py

docs: $(READY) ## generate what is generated in docs/
	$(BIN)/python docs/generate.py

site: $(READY) ## make a site of docs/ in build/site; a warning is an error
	$(BIN)/python docs/website.py build/site
	@echo 'The site is in build/site: open build/site/index.html.'

bench: $(READY) tools ## measure against other programs, side by side
	$(BIN)/python -m benchmarks

# Of what depends on a library; --numprocesses auto needs all processors for some minutes.
lowest: $(READY) ## test with the oldest versions of dependencies that are allowed
	sh .ci/lowest $(BIN) .tools/lowest --numprocesses auto tests/test_fixtures.py \
		tests/values tests/document tests/rules tests/conversion tests/schemas tests/migrations tests/live \
		--ignore tests/schemas/test_commands.py

packages: $(READY) ## build the wheel and the source distribution in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist

binary: packages tools ## build dist/dmsmtp, one file that needs no Python
	$(BIN)/python .ci/single_file/build.py dist/dmsmtp-*.whl dist

mutation: $(READY) ## change the code and see whether tests notice; all of it, or SUBJECT=migrator/values
	$(BIN)/python -m tests.mutation $(SUBJECT)

clean: ## remove all that make made, .venv and .tools included
	rm -rf $(VENV) .tools build dist *.egg-info .coverage .coverage.* .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
