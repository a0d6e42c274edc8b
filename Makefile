# Two commands do all set-up on a fresh machine: `make run` and `make test`.
# They need Python 3.11+ and make; everything else comes from the package index through uv.lock.
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
RUN := $(UV) run --locked --no-sync

.PHONY: run demo test check format lint types imports bench clean
.DEFAULT_GOAL := run

run: $(VENV)/.synced  ## start the gateway on the embedded default with the demo supplier
	@$(RUN) gateway demo

demo: $(VENV)/.synced  ## the whole journey once, without a person
	@$(RUN) gateway demo --once

check: $(VENV)/.synced format lint types imports

format: $(VENV)/.synced
	$(RUN) ruff format --check .

lint: $(VENV)/.synced
	$(RUN) ruff check .

types: $(VENV)/.synced
	$(RUN) mypy

imports: $(VENV)/.synced
	$(RUN) lint-imports

test: check
	$(RUN) pytest -n auto --dist loadgroup

bench: $(VENV)/.synced
	$(RUN) python -m bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet uv==0.13.9

$(VENV)/.synced: pyproject.toml uv.lock $(UV)
	UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --locked --quiet --inexact
	@touch $@
