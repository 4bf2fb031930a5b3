# Every target sets up what it needs, in .venv, on a machine with Python 3.11+, make and git.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough and can make a virtual environment; PYTHON=… is asked first.
CANDIDATES := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help demo test types tests install run clean

help:
	@echo "make demo    the bot in a simulated Discord in your browser; no token needed"
	@echo "             ROOM=s1e3, open or season says where to begin, PORT=number where it is served,"
	@echo "             SHOWS_PATH=folder adds your own packs, each with a room"
	@echo "make test    what CI runs: format, lint, imports, types, tests"
	@echo "make run     the bot itself, with the settings in .env"
	@echo "make install what the bot needs, into .venv; nothing is started"
	@echo "make clean   remove what these commands made, but no settings and no data"

demo: $(VENV)/.has-demo
	@$(BIN)/python -m bot demo $(if $(ROOM),--room "$(ROOM)") $(if $(PORT),--port "$(PORT)")

# The picture of the README, made from the demo's page in an installed Chromium.
picture: $(VENV)/.has-dev
	@$(BIN)/python .ci/demo_picture.py

test: $(VENV)/.has-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache --no-logo
	@$(MAKE) --no-print-directory -j 2 types tests

# Side by side: the types keep one core busy, and a world now and then waits for real time to pass.
types: $(VENV)/.has-dev
	$(BIN)/basedpyright --pythonpath $(BIN)/python

# Every worker and every command that a test starts loads all modules: not from their source.
tests: export PYTHONDONTWRITEBYTECODE :=
# `-r s` says what is left out, and why: the tour of the demo where no Chromium is installed.
tests: $(VENV)/.has-dev
	$(BIN)/python -m pytest -n auto --dist worksteal -r s $(PYTEST)

install: $(VENV)/.has-nothing-more

run: .env $(VENV)/.has-nothing-more
	@$(BIN)/python -m bot run

# Made only where it is missing, and then the run stops: a bot without a token has nowhere to go.
.env:
	@cp .env.example .env
	@echo "I made .env for you. Put your bot's token in it (DISCORD_TOKEN), then: make run" >&2
	@exit 1

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .coverage htmlcov build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment for all, one stamp for each set of pins put into it. pip checks the hash of every
# file, which it cannot for the project itself: that comes after, and brings nothing more.
$(VENV)/.has-nothing-more: PINS := .ci/bot.txt
$(VENV)/.has-demo: PINS := .ci/demo.txt
$(VENV)/.has-dev: PINS := .ci/dev.txt
PIP = $(BIN)/python -m pip --disable-pip-version-check -qq install
$(VENV)/.has-%: pyproject.toml .ci/bot.txt .ci/demo.txt .ci/dev.txt $(BIN)/python
	@echo "Installing what this needs into $(VENV); the first time takes a minute."
	@$(PIP) --require-hashes -r $(PINS)
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# Where the Python it was made from is gone, this link dangles, and make makes it anew.
$(BIN)/python:
	@for python in $(CANDIDATES); do \
		if "$$python" -c "$(SUITABLE)" >/dev/null 2>&1; then \
			exec "$$python" -m venv --clear $(VENV); \
		fi; \
	done; \
	echo "Cliffhanger needs Python 3.11 or newer with its venv module: get it from https://www.python.org/downloads/ or your system's packages (on Debian and Ubuntu also python3-venv), or name one: make PYTHON=/path/to/python3" >&2; \
	exit 1
