# Everything a person needs: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
.DEFAULT_GOAL := help
.PHONY: help run test bench lint check setup lock clean journeys messages

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: setup ## Set everything up, run the main job on the sample, serve on PORT (8000)
	@exec $(BIN)/goldseal serve --demo

test: setup ## Every test, browser journeys included where Chromium is found
	@$(BIN)/python -m tests.run

lint: setup ## Formatting, lints, types, import contracts
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q . && $(BIN)/lint-imports --no-logo && $(BIN)/mypy && npx --no-install tsc -p tsconfig.json

bench: setup ## The figures that matter, as medians
	@$(BIN)/python -m tests.bench

messages: setup ## Compile the Bangla texts
	@$(BIN)/python tools/messages.py

lock: ## Make requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -o requirements.lock -q

setup: $(STAMPS)/python $(STAMPS)/front ## Virtual environment, locked packages, front-end build
	@$(BIN)/python tools/messages.py

$(STAMPS)/python: requirements.lock pyproject.toml
	@mkdir -p $(STAMPS)
	@echo "Python packages …"
	@$(PYTHON) -c 'import sys; sys.exit("Goldseal needs Python 3.11 or newer; set PYTHON=python3.x") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python tools/link.py
	@touch $@

$(STAMPS)/front: $(STAMPS)/python package-lock.json assets/icons.txt $(shell find assets floor -type f -not -name '*.tmp' -not -path '*/node_modules/*')
	@echo "Pages' styles and scripts …"
	@$(BIN)/python tools/front.py
	@touch $@

clean: ## Remove what setup made (no data)
	@rm -rf $(VENV) $(STAMPS) node_modules goldseal/static/build goldseal/fonts
