# Two commands matter: `make run` and `make test`. Both set up whatever is missing.
SHELL := /bin/bash
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run dev test lint bench faults cluster setup

help:  ## What can be done here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 16

run:  ## Start the lab on http://127.0.0.1:8000 (PORT= to change); no other service is needed
	@$(PYTHON) scripts/bootstrap.py run
	@exec $(BIN)/lab serve --host $(HOST) --port $(PORT)

dev:  ## The same with hot reload of the screens on http://127.0.0.1:5173
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python scripts/dev.py --port $(PORT)

test:  ## Everything that must hold: linters, types, contracts, unit to browser tests
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python scripts/check.py

lint:  ## Only the linters, types and import contracts
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python scripts/check.py --lint

bench:  ## Measure: durability under kill -9, real editing traces, hostile frames (see bench/README.md)
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python bench/run.py

cluster:  ## Two servers behind a front door on http://127.0.0.1:8000, with PostgreSQL and Redis (PORT= to change)
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python -m scripts.cluster --port $(PORT)

faults:  ## Kill, part, fill, lock, slow: half an hour of trouble, written to docs/benchmarks.md (FULL=1: all day)
	@$(PYTHON) scripts/bootstrap.py test
	@exec $(BIN)/python -m tests.faults $(if $(FULL),--full)
