# `make` alone lists what there is. Only Python 3.11+ with pip and venv is needed; everything else comes from constraints.txt.
.DEFAULT_GOAL := help
PY := .venv/bin/python
RUN := $(PY) -m prelaunch
SCENARIO ?= scenarios/library/five-step-offer.yaml

.PHONY: help run test test-long check format coverage mutants eval-content bench bench-long docs constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp ## rehearse the five-step offer; BASE=FILE takes your customers, SCENARIO=FILE your scenario
	@$(RUN) run "$(SCENARIO)" $(if $(BASE),--audience "$(BASE)") --fail-on never $(ARGS)

test: check ## check, then every test but the long ones, notebooks included
	@$(RUN) warm
	@$(PY) -m pytest -q -n auto --dist loadfile --nbmake tests $(wildcard notebooks) $(ARGS)

test-long: check .venv/browser.stamp ## every test, the long and the browser ones too
	@$(RUN) warm
	@$(PY) -m pytest -q -n auto --dist loadfile --nbmake -m "long or not long" tests $(wildcard notebooks) $(ARGS)

check: .venv/dev.stamp ## style, types, the direction of imports
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c 'from importlinter.cli import lint_imports_command as check; check(["--no-logo"])'

format: .venv/dev.stamp ## lay the code out
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

coverage: .venv/dev.stamp ## tests with the lines and branches they miss
	@$(PY) -m pytest -q -n auto --dist loadfile --cov --cov-report=term tests $(ARGS)

mutants: .venv/dev.stamp ## change each comparison of each kind; every change must make a case fail
	@$(PY) tests/mutants.py

eval-content: .venv/dev.stamp ## how well texts are classified: precision and recall on the labelled corpus
	@$(PY) scripts/eval_content.py $(ARGS)

bench: .venv/bench.stamp ## measure the engines and `make run`, and the audit beside other tools
	@$(PY) -m benchmarks.run
	@$(PY) -m benchmarks.audit

bench-long: .venv/bench.stamp ## beside what `make bench` measured, a hundred million recipients, and SimPy with a million
	@$(PY) -m benchmarks.run --long

docs: .venv/dev.stamp ## write the generated pages and schemas anew
	@$(PY) scripts/docs.py

constraints: .venv/bench.stamp ## pin what is installed in .venv now
	@$(PY) scripts/pin.py

clean: ## remove what the tools leave behind; runs/ and .venv stay
	@rm -rf build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find policies simulator scenarios prelaunch tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/%.stamp: pyproject.toml constraints.txt scripts/environment.sh
	@sh scripts/environment.sh $*
