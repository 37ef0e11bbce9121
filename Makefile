# What people type. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
SERVE ?= yes
JOBS ?= auto
ARGS ?=

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
MESSAGES := locale/en/LC_MESSAGES/django.po
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help demo worker test test-pooler drills drills-sqlite drills-postgres drill-static bench pictures lint messages format lock \
	release upgrade-files system-python system-pdf system-test system-drill system-client

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: system-pdf .venv/run.stamp ## set up with example data, make the PDF, serve (SERVE=no stops before; PORT=8000)
demo: export DEMO = true
demo: export PORT := $(PORT)
demo: export SITE_URL ?= http://localhost:$(PORT)
demo:
	@echo "Preparing the database …"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable
	@echo "Loading the example data and making its PDF (about a minute the first time) …"
	@$(MANAGE) demo
ifneq ($(SERVE),no)
	@echo "Collecting static files …"
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@exec .ci/serve
endif

worker: .venv/run.stamp ## work off the queue, as make demo does beside the server
	@exec $(MANAGE) worker

test: system-pdf system-test .venv/dev.stamp ## run the suite on DATABASE_URL, else SQLite (ARGS=… for pytest, JOBS=1 for one core)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-pooler: system-pdf .venv/dev.stamp
	@echo "Concurrency on PostgreSQL behind a transaction pooler …" && .ci/with-postgres .ci/with-pooler \
		$(BIN)/python -m pytest tests/test_concurrency.py tests/test_officers_at_once.py

drills: drills-sqlite drills-postgres ## run the drills: what is broken on purpose (ARGS=long for the slow ones too)

# Where the database has a part in a drill, it runs on both. The two may run at once: make --jobs=2 --output-sync drills
drills-sqlite drills-postgres: export DRILLS := $(filter long,$(ARGS))
drills-sqlite: drill-static
	@echo "Drills on SQLite …" && env --unset=DATABASE_URL $(BIN)/python -m pytest -m drill $(filter-out long,$(ARGS))
drills-postgres: drill-static
	@echo "Drills on PostgreSQL …" && .ci/with-postgres $(BIN)/python -m pytest -m drill tests/drills/test_loss.py \
		tests/drills/test_flood.py tests/drills/test_troubles.py tests/drills/test_cycle_of_58.py \
		tests/drills/test_killed_jobs.py tests/drills/test_two_hosts.py tests/drills/test_restored_copy.py \
		tests/drills/test_schemathesis.py $(filter-out long,$(ARGS))

drill-static: system-pdf system-test system-drill $(if $(filter long,$(ARGS)),system-client var/tools/stamp var/lighthouse/stamp) \
		.venv/dev.stamp
	@echo "Collecting static files …" && DEBUG=false $(MANAGE) collectstatic --no-input --verbosity 0

# The minutes before a deadline are measured on PostgreSQL, one that really writes to the disk.
bench: system-pdf .venv/dev.stamp ## measure what must stay quick (ARGS=deadline: 200 people at once, on PostgreSQL)
	@exec env $(if $(DATABASE_URL),,$(if $(filter deadline,$(ARGS)),FSYNC=on .ci/with-postgres)) $(BIN)/python -m bench $(ARGS)

pictures: system-pdf system-test .venv/dev.stamp ## take the pictures of public pages in docs/img, from the demo's data
	@$(BIN)/python -m tests.drills.pictures

lint: .venv/dev.stamp ## everything that is checked without running the suite
	@echo "Style …" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "Imports …" && $(BIN)/lint-imports
	@echo "Types …" && $(BIN)/mypy
	@echo "Templates …" && $(BIN)/djlint --lint --quiet templates
	@echo "Messages …" && cp $(MESSAGES) var/messages.po && $(MAKE) messages && cmp --silent var/messages.po $(MESSAGES) \
		|| { echo "$(MESSAGES) was not up to date. It is now: commit it."; exit 1; }
	@echo "Migrations …" && $(MANAGE) makemigrations --check --dry-run
	@echo "Settings, as in production …" && DEBUG=false SITE_URL=https://portal.example.org \
		SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(MANAGE) check --deploy --fail-level WARNING
	@echo "Migrations beside the last release …" && .ci/with-postgres $(BIN)/python .ci/check_migrations.py
	@echo "Containers …" && $(BIN)/python .ci/check_containers.py

release: system-pdf system-test .venv/dev.stamp var/tools/stamp ## check that VERSION=X.Y.Z can be released; writes var/release, pushes nothing
	@$(BIN)/python .ci/release.py "$(VERSION)"

upgrade-files: system-pdf .venv/dev.stamp ## write the database of VERSION=X.Y.Z from which later versions are upgraded in tests
	@env --unset=DATABASE_URL $(BIN)/python -m tests.upgrades $(VERSION)
	@.ci/with-postgres $(BIN)/python -m tests.upgrades $(VERSION)

messages: system-test .venv/dev.stamp ## collect the interface's strings, for translators
	@$(MANAGE) makemessages --locale en --no-location --no-obsolete --ignore tests --ignore var --verbosity 0
	@sed --in-place '/^"POT-Creation-Date/d' $(MESSAGES)

format: .venv/dev.stamp ## put imports and lines in order, and mend what ruff can
	@$(BIN)/ruff check --fix --exit-zero --quiet . && $(BIN)/ruff format .

lock: .venv/dev.stamp ## write the lock files from pyproject.toml (ARGS=--upgrade for newer versions)
	$(COMPILE) $(ARGS) --output-file requirements.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["tools"], sep="\n")' \
		| $(COMPILE) $(ARGS) --output-file requirements-tools.txt -

# The environment: made once, installed into when a lock file changed. The dev lock holds the other one's versions.

.venv/bin/python: | system-python
	@echo "Creating the environment .venv …"
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("The portal needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing the libraries (about half a minute the first time) …"
	@$(INSTALL) requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@echo "Installing the libraries, those of the tests included (about a minute the first time) …"
	@$(INSTALL) requirements-dev.txt
	@touch $@ .venv/run.stamp

# Programs with libraries of their own, which the portal's are kept free of.
var/tools/stamp: requirements-tools.txt | .venv/bin/python
	@echo "Installing the programs of releases and long drills into var/tools …"
	@$(BIN)/python -m venv var/tools
	@var/tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-tools.txt
	@touch $@

# Google's program that measures pages, of npm: without it one drill is skipped, and says so.
var/lighthouse/stamp:
	@.ci/system-packages lighthouse
	@echo "Installing Lighthouse into var/lighthouse …"
	@npm install --no-audit --no-fund --silent --prefix var/lighthouse lighthouse@12.8 && touch $@ \
		|| echo "Lighthouse cannot be installed now: its drill is skipped." >&2

system-python:
	@PYTHON="$(PYTHON)" .ci/system-packages python

system-pdf: | system-python
	@.ci/system-packages pdf

system-test: | system-python
	@.ci/system-packages test

system-drill: | system-python
	@.ci/system-packages drill

system-client: | system-python
	@.ci/system-packages client
