# Two commands do everything on a machine that has Python and make: `make grade` and `make test`.

PYTHON ?= python3
VERSIONS := 3.11 3.12 3.13
# The oldest Python plays all tests, the newest the quick ones, but for rooms that are made of well-kept libraries and the
# benchmarks; those between, the rooms that lie closest to the interpreter.
IN_BETWEEN := clock isolation run runner
ON_THE_OLDEST := bench cluster exports gradebook report
VENV := .venv
BIN := $(VENV)/bin
OUT ?= build/grades
# One more than there are cores: many of the slow tests wait for a child, a browser, or really for a second. Who has done its
# part takes of the others' (worksteal), since CPython's own tests, which wait most, come one after the other.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# Each test of a command starts interpreters; where Python may not write down what it compiled, each of them compiles anew, and
# pytest rewrites all tests in each of its processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install axe grade test check lint format types layers validate pythons bench bench-clock bench-grading bench-parts \
	bench-report bench-cluster bench-adopted bench-notebooks conformance dist clean help

help:
	@echo "make grade     grade the example class into $(OUT)"
	@echo "make test      all tests"
	@echo "make check     lint, types, layers and the quick tests"
	@echo "make validate  prove every exercise over many seeds"
	@echo "make pythons   one environment for each supported Python, for the tests that compare them"
	@echo "make bench     measure, and write docs/performance.md anew; its sections: bench-clock, bench-grading, bench-parts, bench-report;"
	@echo "               bench-notebooks: nbgrader's autograde, with the grader and without"
	@echo "               bench-cluster: the table of docs/cluster.md"
	@echo "make bench-adopted  play examples/adopted in real time, and compare with its planned verdicts and the grader's"
	@echo "make conformance  play CPython's own tests on the clock, and write the table of docs/clock.md anew"
	@echo "make dist      build the wheel"

$(VENV)/base: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: pyproject.toml $(VENV)/base
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

grade: $(VENV)/base
	$(BIN)/grader grade examples/class --out $(OUT)
	@echo "The report is at $(OUT)/report/index.html"

# all that the tests need; with -j the environments are made side by side
install: $(VENV)/dev pythons axe

test: install
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	@for version in $(VERSIONS); do \
	    test -e .venv-$$version/dev || continue; \
	    $(BIN)/python -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] == '$$version')" || continue; \
	    rooms="$(ON_THE_OLDEST:%=--ignore=tests/%)"; played="not slow or ends"; \
	    test $$version = $(lastword $(VERSIONS)) || { rooms="$(IN_BETWEEN:%=tests/%)"; played="not slow"; }; \
	    echo "The quick tests on Python $$version:"; \
	    .venv-$$version/bin/python -m pytest -n auto --dist worksteal -q -m "$$played" $$rooms || exit 1; \
	done

# the three, each of one process, side by side
check: $(VENV)/dev
	@$(MAKE) --no-print-directory -j3 lint types layers
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q -m "not slow"

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev
	$(BIN)/mypy

layers: $(VENV)/dev
	$(BIN)/lint-imports

validate: $(VENV)/base
	$(BIN)/grader validate

# the version of $(VENV) itself needs no second environment
OWN = $(shell $(PYTHON) -c "import sys; print('%d.%d' % sys.version_info[:2])")
pythons: $(patsubst %,.venv-%/dev,$(filter-out $(OWN),$(VERSIONS)))

# where one is not here, the tests that compare Pythons are skipped, and say so; in CI that is a failure
.venv-%/dev: pyproject.toml
	@python=$$(tests/find-python $*) || { test -z "$$CI"; exit; }; \
	test -x .venv-$*/bin/python || $$python -m venv .venv-$* || exit 1; \
	.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --editable ".[dev]" && touch $@

# what looks for accessibility in the report's tests; where there is no npm they are skipped, and say so; in CI that is a failure
axe:
	@test -e build/axe/node_modules/axe-core/axe.min.js || \
	{ command -v npm >/dev/null || { test -z "$$CI"; exit; }; \
	  npm install --prefix build/axe axe-core@4 --no-save --no-package-lock --silent --no-audit --no-fund; }

bench: $(VENV)/dev
	$(BIN)/python -m bench.run

# on 3.12 if it is here: not all of the other clocks install on 3.11
.venv-bench/bench: pyproject.toml
	@python=$$(tests/find-python 3.12 || echo $(PYTHON)); \
	test -x .venv-bench/bin/python || $$python -m venv .venv-bench || exit 1; \
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]" && touch $@

bench-clock: .venv-bench/bench
	.venv-bench/bin/python -m bench.clock

bench-grading: $(VENV)/dev
	$(BIN)/python -m bench.grading

bench-parts: $(VENV)/dev
	$(BIN)/python -m bench.parts

bench-cluster: $(VENV)/dev
	$(BIN)/python -m bench.cluster

bench-notebooks: $(VENV)/dev
	$(BIN)/python -m bench.notebooks

bench-report: $(VENV)/dev
	$(BIN)/python -m bench.report

bench-adopted: $(VENV)/dev
	$(BIN)/python -m bench.adopted_grading

conformance: $(VENV)/dev pythons
	$(BIN)/python -m tests.conformance.table

dist: $(VENV)/dev
	$(BIN)/python -m build

clean:
	rm -rf build dist $(VENV) $(VERSIONS:%=.venv-%) .venv-bench
