"""The contracts between packages, each seen to fail; `make test` asks them of the code itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT

CONFIG = ROOT / "pyproject.toml"
CONTRACTS: list[dict[str, Any]] = tomllib.loads(CONFIG.read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
VERDICT = re.compile(r"^(.+) (KEPT|BROKEN)$", re.MULTILINE)

ARROWS, COGS = "cogs -> bot -> data", "a cog never imports a cog"
BOT, DATA = "floors of bot/", "floors of data/"
CIRCLES = "no circles among siblings"
DISCORD, SQL, STORIES = (
    "data knows no Discord",
    "SQLite stays in data",
    "only data holds a whole story",
)
SCAFFOLD = "what runs needs no tests"

# What breaks each contract: a module and what stands there.
BREACHES = [
    (ARROWS, "data.points", "def late():\n    from cogs import recaps"),
    (COGS, "cogs.recaps", "from cogs import parties"),
    (
        COGS,
        "cogs.recaps",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING: import cogs.parties",
    ),
    (BOT, "bot.context", "import bot.client"),
    (BOT, "bot.news.poller", "import bot.parties"),
    (BOT, "bot.sundries", ""),
    (DATA, "data.news.store", "from data.rooms import store"),
    (DATA, "data.sundries", ""),
    (CIRCLES, "data.news.claims", "import data.news.store"),
    (DISCORD, "data.outbox", "import discord.utils"),
    (SQL, "cogs.recaps", "from sqlite3 import Row"),
    (STORIES, "bot.readers.audience", "from data.story.story import Story"),
    (STORIES, "cogs.recaps", "import data.story.projection"),
    (SCAFFOLD, "bot.demo", "from tests.support import ROOT"),
]
# What comes close, and breaks none.
FINE = {
    "cogs.recaps": "import bot.context, bot.parties.store, data.points, discord",
    "cogs.parties": "import bot.lookups",
    "bot.client": "import bot.news, bot.context",
    "bot.news.poller": "import bot.readers.audience, data.library, bot.news.claims",
    "bot.ui.cards": "import bot.ui.text, discord",
    "bot.readers.audience": "import data.story",
    "bot.parties.store": "",
    "bot.rooms.pulse": "",
    "bot.sources.tvmaze": "",
    "bot.news.claims": "",
    "bot.ui.text": "",
    "data.storage.file": "import sqlite3, aiosqlite",
    "data.library": "import data.story.story",
    "data.story.story": "import data.story.projection",
    "data.story.projection": "import data.packs.reader",
    "data.packs.reader": "import data.points",
    "data.news.store": "import data.news.claims",
    "data.news.claims": "",
    "data.rooms.store": "import data.storage.file",
}


def floors() -> set[str]:
    """Every module that the contracts name: each has to be there."""
    return {
        f"{container}.{name.strip()}"
        for contract in CONTRACTS
        for container in contract.get("containers", [])
        for layer in contract["layers"]
        for name in layer.split("|")
    }


def build(root: Path, modules: dict[str, str]) -> None:
    """A tree of packages, each module in a file that is its package's if it has modules itself."""
    for module, text in modules.items():
        file = root / module.replace(".", "/") / "__init__.py"
        for folder in reversed(file.relative_to(root).parents[:-1]):
            (root / folder).mkdir(exist_ok=True)
            (root / folder / "__init__.py").touch()
        file.write_text(text, "utf-8")


def verdicts(root: Path) -> dict[str, str]:
    """What is said of each contract, of the packages in a folder."""
    command = [sys.executable, "-c", LINT, "--config", str(CONFIG), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    found = dict(VERDICT.findall(done.stdout))
    assert found, done.stdout + done.stderr
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    build(tmp_path, dict.fromkeys(floors(), "") | FINE)
    return tmp_path


def test_a_tree_that_keeps_every_contract_is_let_pass(tree: Path) -> None:
    assert verdicts(tree) == {contract["name"]: "KEPT" for contract in CONTRACTS}


@pytest.mark.parametrize(("contract", "module", "text"), BREACHES)
def test_a_breach_is_seen(tree: Path, contract: str, module: str, text: str) -> None:
    build(tree, {module: "\n".join((FINE.get(module, ""), text))})

    assert verdicts(tree)[contract] == "BROKEN"


def test_each_contract_has_been_seen_to_fail() -> None:
    assert {contract["name"] for contract in CONTRACTS} == {name for name, _, _ in BREACHES}
