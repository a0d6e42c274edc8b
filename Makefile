# Two commands do all set-up on a fresh machine: `make run` and `make test`.
# They need Python 3.11+ and make; everything else comes from the package index through uv.lock.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	&& echo $$name && break; done)
VENV := .venv
UV := $(VENV)/bin/uv
export UV_SYSTEM_CERTS ?= true
RUN := $(UV) run --locked --no-sync

.PHONY: run demo test check format lint types imports house bench clean
.DEFAULT_GOAL := run

run: $(VENV)/.synced  ## start the gateway on the embedded default with the demo supplier
	@$(RUN) gateway demo

demo: $(VENV)/.synced  ## the whole journey once, without a person
	@$(RUN) gateway demo --once

check: $(VENV)/.synced format lint types imports house

format: $(VENV)/.synced
	$(RUN) ruff format --check .

lint: $(VENV)/.synced
	$(RUN) ruff check .

types: $(VENV)/.synced
	$(RUN) mypy

imports: $(VENV)/.synced
	$(RUN) lint-imports

house: $(VENV)/.synced  ## packages say what belongs in them, documentation says what is true
	$(RUN) pytest -q tests/architecture

test: check
	$(RUN) pytest -n auto --dist loadgroup

bench: $(VENV)/.synced
	$(RUN) python -m bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install one, or say \
	make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet uv==0.13.9

$(VENV)/.synced: pyproject.toml uv.lock $(UV)
	UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --locked --quiet --inexact
	@touch $@
