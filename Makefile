# The commands of this repository. `make up` and `make test` are all a newcomer needs.
.DEFAULT_GOAL := help
.PHONY: help up down status policy test check format bench lock setup clean
SHELL := bash

PYTHON ?= python3
PY := .venv/bin/python
# The environment is made anew when what it is made of has changed.
STAMP := .venv/.made-of-$(shell cat requirements/dev.txt pyproject.toml 2>/dev/null | sha256sum | cut -c1-16)
TESTS ?= tests
JOBS ?= 2

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s'|'

$(STAMP):
	@echo "Python environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f .venv/.made-of-* && touch $@

up: $(STAMP) ## set up the local cloud, run `pulumi up`, verify, print the hand-off
	@$(PY) -m sandbox up

down: $(STAMP) ## stop every server of the local cloud
	@$(PY) -m sandbox down

status: $(STAMP) ## what runs, and where
	@$(PY) -m sandbox status

policy: $(STAMP) ## the policy pack over every stack that is up (PROFILE=development, production or regulated)
	@$(PY) -m sandbox policy

setup: $(STAMP) ## what the tests need: engine, plugins, server environments
	@$(PY) -m sandbox setup

test: setup ## all tests
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup $(TESTS)

check: $(STAMP) ## format, lint and types
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

format: $(STAMP) ## write the format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: setup ## paired measurements: JSON in .sandbox/bench, a table on the screen
	@$(PY) -m benchmarks $(CLOUD)
	@policies/venv/bin/python -m benchmarks.policies
	@$(PY) -m benchmarks.policies_on_engine

lock: ## write requirements/*.txt anew (needs uv)
	@for name in $(basename $(notdir $(wildcard requirements/*.in))); do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean: ## remove .venv and .sandbox (stop the local cloud first)
	@rm -rf .venv .sandbox
