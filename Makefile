# Bare `make` prints what there is. Everything works as an ordinary user and as root.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
LOCAL := $(PY) -m cxsaas.local
# Commands that only read code need settings, but no server.
NO_SERVER := LOCAL_MODE=1 SECRET_KEY=check DATABASE_URL=postgresql://check@/check?host=/nonexistent
MANAGE := $(NO_SERVER) $(PY) -W ignore::RuntimeWarning manage.py
# Two at a time: a slow test holds no row of others back that another worker could do.
PYTEST := $(PY) -m pytest -n 2 --maxschedchunk 2
CODE := apps benchmarks cxsaas tests manage.py
CHECKS := check-format check-lint check-imports check-types check-templates \
	check-migrations check-openapi check-tests

.PHONY: help run test fast check $(CHECKS) bench chaos fmt shell seed manage reset docs lock \
	install-run install-dev

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: install-run ## start the whole product on this machine (PORT=8001 moves it)
	@exec $(LOCAL) run

test: install-dev ## run the whole suite (REQUIRE_BROWSER=1: a missing browser is a failure)
	@$(PYTEST)

fast: install-dev ## run the suite without the browser journeys
	@$(PYTEST) -m "not journey"

check: install-dev ## everything that must hold: style, types, contracts, migrations, tests
	@failed=; \
	for step in $(CHECKS); do \
		echo "== $$step"; \
		$(MAKE) $$step || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then echo "make check failed in:$$failed" >&2; exit 1; fi; \
	echo "make check: all is well"

check-format:
	@$(PY) -m ruff format --check $(CODE)

check-lint:
	@$(PY) -m ruff check $(CODE)

check-imports:
	@.venv/bin/lint-imports

check-types:
	@$(NO_SERVER) $(PY) -m mypy $(CODE)

check-templates:
	@$(PY) -m djlint --lint --quiet templates

check-migrations:
	@$(MANAGE) makemigrations --check --dry-run

check-openapi:
	@if [ -f docs/openapi.yaml ]; then \
		mkdir -p .cache && $(MANAGE) spectacular --file .cache/openapi.yaml && \
		diff -u docs/openapi.yaml .cache/openapi.yaml || \
		{ echo "The API has changed: run \`make docs\` and read the difference." >&2; exit 1; }; \
	fi

check-tests:
	@$(PYTEST) --cov --cov-branch --cov-report=term:skip-covered

bench: install-dev ## run the benchmarks, or one: make bench BENCH=name
	@$(PY) -m benchmarks $(BENCH)

chaos: install-dev ## run the faults and attacks at full size, or some: make chaos RIG=tickets
	@$(PY) -m tests.chaos $(RIG)

fmt: install-dev ## format code and templates
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)
	@find templates -name '*.html' -print0 | xargs -0 -r $(PY) -m djade --target-version 5.2

shell: install-run ## open a Python shell on the local data
	@exec $(LOCAL) manage shell

seed: install-run ## sow the demo data again, where it is missing
	@exec $(LOCAL) manage seed_demo

manage: install-run ## run a management command: make manage ARGS="check_system"
	@exec $(LOCAL) manage $(ARGS)

reset: install-run ## delete the local data (asks first; FORCE=1 does not)
	@exec $(LOCAL) reset $(if $(FORCE),--force)

docs: install-dev ## write the generated documents anew (docs/openapi.yaml)
	@$(MANAGE) spectacular --file docs/openapi.yaml
	@echo "docs/openapi.yaml"

lock: ## resolve pyproject.toml into requirements/*.txt (UPGRADE=1 takes newer versions)
	@requirements/lock.sh

install-run:
	@requirements/install.sh run

install-dev:
	@requirements/install.sh dev
