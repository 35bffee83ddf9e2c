# Two commands for a fresh machine: `make benchmark` and `make test`. Each builds its own virtual
# environment and installs goldwire there as a user would (not editable), so that what runs is what
# a wheel holds.

PYTHON ?= python3
RUN = .venv/run/bin
TEST = .venv/test/bin
BENCH = .venv/bench/bin

.PHONY: help benchmark test bench-speed docs clean fresh install-run install-test install-bench

help:
	@echo "make benchmark    run the built-in baseline over the gold, and score it"
	@echo "make test         every test, with types and style"
	@echo "make bench-speed  goldwire and its peers on the same files, side by side"
	@echo "make docs         build the documentation in site/"

benchmark: install-run
	@$(RUN)/goldwire run baseline -o build/baseline.jsonl
	@$(RUN)/goldwire score build/baseline.jsonl

test: install-test
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
	cd .venv/test && bin/mypy --config-file ../../pyproject.toml -p goldwire
	$(TEST)/goldwire build --check
	$(TEST)/pytest -q -n 2

bench-speed: install-bench
	$(BENCH)/python benchmarks/speed.py

docs: install-test
	$(TEST)/mkdocs build --strict

clean:
	rm -rf .venv build dist site *.egg-info

# What an earlier build left would go into the wheel: a module that has another name by now, say.
fresh:
	@rm -rf build/lib* build/bdist.*

install-run: fresh .venv/run/ready
	@$(RUN)/pip install -q --no-deps --force-reinstall .
install-test: fresh .venv/test/ready
	@$(TEST)/pip install -q --no-deps --force-reinstall .
install-bench: fresh .venv/bench/ready
	@$(BENCH)/pip install -q --no-deps --force-reinstall .

.venv/run/ready: EXTRAS = spacy
.venv/test/ready: EXTRAS = test,docs
.venv/bench/ready: EXTRAS = bench
.venv/%/ready: pyproject.toml
	@$(PYTHON) -m venv .venv/$*
	@echo "installing goldwire[$(EXTRAS)] into .venv/$*"
	@.venv/$*/bin/pip install -q --disable-pip-version-check '.[$(EXTRAS)]'
	@touch $@
