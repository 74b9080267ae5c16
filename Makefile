# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long lint format bench lock pictures

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(STAMP) ## make .venv/ with the locked versions and the sgwatch command

$(STAMP): requirements/dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sgwatch needs Python 3.11 or later: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: $(STAMP) ## the whole world on loopback, with a page (ONCE=1: play it through without a browser)
	$(BIN)/python -m sandbox.demo $(if $(ONCE),--once)

test: $(STAMP) ## all tests but the long ones, in under 5 minutes
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

test-long: $(STAMP) ## the long tests too
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(STAMP) ## style, types, and the walls between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## measure, as ratios within one run
	$(BIN)/python -m benchmarks

pictures: $(STAMP) ## take the pictures in docs/ again (needs Debian's chromium)
	$(BIN)/python -m sandbox.pictures

lock: ## renew the locked versions (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements/run.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements/run.lock -o requirements/dev.lock
