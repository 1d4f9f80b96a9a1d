# Two commands matter: `make run` and `make test`. Each sets up what it needs; a second call is quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/locks
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

.PHONY: run test nightly coverage mutation setup format picture quality ablation calibrate bench bench-large lock notice manual release clean

run: setup
	@$(BIN)/ascn-bot

test: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# What takes hours: thousands of kills, ten thousand malformed updates, a hundred thousand questions, two thousand files,
# a thousand reloads, an hour of load, and what the tests reach and notice; a table at the end. ONLY="kills load" does
# these alone.
nightly: $(VENV)/test.stamp
	@$(BIN)/python -m tests.nightly $(ONLY)

# How many lines and branches the tests run, in every process they begin; fails below 95 %. Whether they pass is for
# `make test` to say: measured, they are slower than some of them allow.
coverage: $(VENV)/test.stamp
	@$(BIN)/coverage erase
	-$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	@$(BIN)/coverage json --quiet -o - | $(BIN)/python -c 'import json, sys; \
		share = json.load(sys.stdin)["totals"]["percent_branches_covered"]; \
		print(f"branches alone: {share:.1f} %"); sys.exit(share < 95)'

# How many small changes to the code the tests notice, by room; fails below 85 %.
mutation: $(VENV)/test.stamp
	@$(BIN)/python -m tests.mutation

setup: $(VENV)/own.stamp

format: $(VENV)/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The README's pictures, drawn from real conversations and pages; those of Telegram and of the web reader need chromium.
picture: $(VENV)/test.stamp
	$(BIN)/python docs/conversation.py > /dev/null
	$(BIN)/python docs/bubbles.py
	$(BIN)/python docs/reader.py

# How well it answers its own labelled questions, and what each part adds; calibrate prints evidence.toml anew.
quality: $(VENV)/test.stamp
	@$(BIN)/python -m tests.quality.measure

ablation: $(VENV)/test.stamp
	@$(BIN)/python -m tests.quality.ablation

# How fast and how light it is beside its peers, which are installed for it, in ratios of one run.
bench: $(VENV)/test.stamp
	@$(INSTALL) --requirement $(LOCKS)/bench.txt
	@$(BIN)/python -m tests.benchmark docs/bench.svg

# The same for a hundred thousand passages and a million, beside tantivy itself.
bench-large: $(VENV)/test.stamp
	@$(INSTALL) --requirement $(LOCKS)/bench.txt
	@$(BIN)/python -m tests.benchmark.large $(SIZES)

calibrate: $(VENV)/test.stamp
	@$(BIN)/python -m tests.quality.calibrate

# Whose packages an installation brings, from their own metadata; after `make lock` and `make setup`.
notice: $(VENV)/test.stamp
	$(BIN)/python -m deploy.release.notice

# The man page, from what --help and the README say.
manual: $(VENV)/test.stamp
	$(BIN)/python -m deploy.release.manual > docs/ascn-bot.1

# Wheel, source distribution and bill of materials of this commit in dist/, tried in an empty environment.
release: $(VENV)/test.stamp
	@$(BIN)/python -m deploy.release

# Resolves every dependency anew, for Python 3.11 to 3.14 at once, and writes the hashes down.
lock: $(VENV)/test.stamp
	printf 'hatchling\nhatch-vcs\neditables\npip\nsetuptools\nwheel\n' | $(COMPILE) --upgrade --allow-unsafe --output-file $(LOCKS)/build.txt -
	$(COMPILE) --upgrade --extra semantic --output-file $(LOCKS)/run.txt pyproject.toml
	$(COMPILE) --upgrade --constraint $(LOCKS)/run.txt --group pyproject.toml:test --output-file $(LOCKS)/test.txt
	$(COMPILE) --upgrade --group pyproject.toml:bench --output-file $(LOCKS)/bench.txt
	$(COMPILE) --upgrade --constraint $(LOCKS)/build.txt --group pyproject.toml:release --output-file $(LOCKS)/release.txt

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ascn-bot needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV): about a minute, once."
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "No virtual environment could be made; on Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

# jieba comes only as source, so what builds it and us is locked and installed first.
$(VENV)/run.stamp: $(LOCKS)/build.txt $(LOCKS)/run.txt | $(BIN)/python
	@$(INSTALL) --requirement $(LOCKS)/build.txt
	@$(INSTALL) --requirement $(LOCKS)/run.txt
	@touch $@

# The project itself, anew after each commit, for the version names it.
$(VENV)/own.stamp: $(VENV)/run.stamp pyproject.toml $(wildcard .git/logs/HEAD)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp $(LOCKS)/test.txt | $(VENV)/own.stamp
	@$(INSTALL) --requirement $(LOCKS)/test.txt
	@touch $@
