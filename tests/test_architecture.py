"""The page about the architecture says what the code is: floors, packages, tables, loops."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from bot.extensions import Registry
from data.storage.database import Database
from tests.support import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
GUIDE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCE = ("bot", "cogs", "data")
MOST_LINES = 185
COLUMNS = (
    "SELECT made.name, has.name FROM sqlite_schema AS made, pragma_table_info(made.name) AS has"
    " WHERE made.type = 'table' AND made.name NOT LIKE 'sqlite_%'"
)
TABLE_ROW = re.compile(
    r"^\| (`\w+`(?:, `\w+`)*) \| `(data/[\w/]+\.py)` \| (yes|no)\b.* \|$", re.MULTILINE
)
POINT_ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
NAMED = re.compile(r"`((?:bot|cogs|data|docs|tests)/[a-z0-9_./-]*)`(?:\s+`(\w+)`)?")

Columns = Sequence[tuple[str, str]]


def chapter(page: str, heading: str) -> str:
    """What stands below a heading; empty where there is none."""
    _, _, rest = page.partition(f"\n## {heading}\n")
    return rest.partition("\n## ")[0]


def missing(page: str, heading: str, found: Mapping[str, str]) -> list[str]:
    """The rows that a chapter's table lacks, and what begins a row there and was not found.

    `found` has how a row begins, and the rest of it as the code says it; a page may word that
    otherwise.
    """
    stand = [line for line in chapter(page, heading).splitlines() if line.startswith("| `")]
    lacking = [row for row in found if not any(line.startswith(row) for line in stand)]
    gone = [line for line in stand if not line.startswith(tuple(found))]
    return [*(f"add: {row} {found[row]} |" for row in lacking), *(f"remove: {row}" for row in gone)]


def drawing(contracts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The floors of bot and data beside each other, from the top down."""
    floors = {one["containers"][0]: one["layers"] for one in contracts if "containers" in one}
    left, right = (["bot", "", *floors["bot"]], ["data", "", *floors["data"]])
    width = max(map(len, left)) + 4
    pairs = zip_longest(left, right, fillvalue="")
    return [f"    {one:{width}}{other}".rstrip() for one, other in pairs]


def packages(root: Path) -> Iterator[tuple[str, str]]:
    """How the row of each package begins, and the sentence that its `__init__.py` begins with."""
    for top in ("bot", "data"):
        for path in sorted((root / top).rglob("*/__init__.py")):
            sentence = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            yield f"| `{path.parent.relative_to(root).as_posix()}/` |", sentence


def background(path: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """How the row of each guarded loop and each worker begins, and what it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and last_name(call.func) == "guarded_loop":
                    yield f"| `{path}` `{node.name}` | {often(call)} |", told(call)
        elif isinstance(node, ast.ClassDef) and "Worker" in map(last_name, node.bases):
            sentence = (ast.get_docstring(node) or "").partition(".")[0].replace("\n", " ")
            yield f"| `{path}` `{node.name}` | when woken |", sentence


def often(call: ast.Call) -> str:
    """How often a loop runs: `every 10 minutes`."""
    every = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
    (unit,) = every.keys() & {"hours", "minutes"}
    return f"every {every[unit]} {unit}" if every[unit] > 1 else f"every {unit.removesuffix('s')}"


def told(call: ast.Call) -> str:
    """What a loop does."""
    return str(ast.literal_eval(call.args[0]))


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def tables(page: str) -> dict[str, tuple[str, bool]]:
    """The tables that the page names: the module that writes each, and whether it is encrypted."""
    return {
        name: (path, is_encrypted == "yes")
        for names, path, is_encrypted in TABLE_ROW.findall(chapter(page, "What is stored"))
        for name in re.findall(r"\w+", names)
    }


def misplaced(named: Mapping[str, tuple[str, bool]], columns: Columns) -> list[str]:
    """The tables that are missing, gone, not written where it says, or not encrypted as it says."""
    made, sealed = {table for table, _ in columns}, {t for t, name in columns if name == "sealed"}
    faults = [f"add: {name}" for name in sorted(made - named.keys())]
    for name, (path, is_encrypted) in named.items():
        if name not in made:
            faults.append(f"remove: {name}")
        elif not re.search(rf"INTO {name}\b", (ROOT / path).read_text(encoding="utf-8")):
            faults.append(f"{path} does not write {name}")
        elif is_encrypted != (name in sealed):
            faults.append(f"{name}: whether it is encrypted")
    return faults


def lost(page: str, root: Path) -> list[str]:
    """The files that a page names and that are not there, or lack the name beside it."""
    faults: list[str] = []
    for path, name in NAMED.findall(page):
        place = root / path
        text = place.read_text(encoding="utf-8") if place.is_file() else ""
        if not place.exists() or (name and not re.search(rf"\b(?:def|class) {name}\b", text)):
            faults.append(f"{path} {name}".strip())
    return faults


def test_the_floors_are_drawn_as_they_are_enforced() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    drawn = drawing(config["tool"]["importlinter"]["contracts"])

    assert "\n".join(drawn) in chapter(PAGE, "Floors"), "\n".join(drawn)


def test_every_package_is_named() -> None:
    assert missing(PAGE, "Packages", dict(packages(ROOT))) == []


def test_everything_that_runs_in_the_background_is_named() -> None:
    paths = [path for top in SOURCE for path in sorted((ROOT / top).rglob("*.py"))]
    rows = [
        row
        for path in paths
        for row in background(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8")))
    ]

    assert missing(PAGE, "What runs in the background", dict(rows)) == []


async def test_every_table_is_named_with_its_store(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "bot.sqlite3", now=0)
    try:
        columns = await db.run(lambda tx: tx.execute(COLUMNS).fetchall())
    finally:
        await db.close()

    assert misplaced(tables(PAGE), columns) == []


def test_every_extension_point_is_named() -> None:
    stand = POINT_ROW.findall(chapter(PAGE, "Where features add to each other"))

    assert sorted(stand) == sorted(vars(Registry()))


@pytest.mark.parametrize("page", [PAGE, GUIDE])
def test_what_is_named_is_there(page: str) -> None:
    assert NAMED.findall(page)
    assert lost(page, ROOT) == []


def test_the_page_stays_short() -> None:
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_floors_are_drawn_from_the_top_down() -> None:
    bot = {"containers": ["bot"], "layers": ["client", "ui | clock"]}
    contracts = [{"layers": ["cogs"]}, bot, {"containers": ["data"], "layers": ["points"]}]

    assert drawing(contracts) == [
        "    bot           data",
        "",
        "    client        points",
        "    ui | clock",
    ]


def test_a_row_too_few_and_one_too_many_are_seen() -> None:
    page = "\n## Packages\n\n| `bot/ui/` | Cards. |\n| `bot/gone/` | Gone. |\n\n## Other\n"

    found = {"| `bot/ui/` |": "Cards, in other words.", "| `bot/new/` |": "New."}
    assert missing(page, "Packages", found) == [
        "add: | `bot/new/` | New. |",
        "remove: | `bot/gone/` | Gone. |",
    ]


def test_packages_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "bot" / "ui" / "deep").mkdir(parents=True)
    (tmp_path / "bot" / "ui" / "__init__.py").write_text('"""Cards."""\n')
    (tmp_path / "bot" / "ui" / "deep" / "__init__.py").write_text('"""Deep."""\n')

    assert sorted(packages(tmp_path)) == [
        ("| `bot/ui/` |", "Cards."),
        ("| `bot/ui/deep/` |", "Deep."),
    ]


def test_loops_and_workers_are_found() -> None:
    text = """
class Sender(loops.Worker):
    '''Sends. Once.'''
class News:
    @guarded_loop("look", hours=1, when_ready=True)
    async def look(self): ...
    @loops.guarded_loop("forget", minutes=10)
    async def forget(self): ...
"""
    assert sorted(background("cogs/a.py", ast.parse(text))) == [
        ("| `cogs/a.py` `Sender` | when woken |", "Sends"),
        ("| `cogs/a.py` `forget` | every 10 minutes |", "forget"),
        ("| `cogs/a.py` `look` | every hour |", "look"),
    ]


def test_a_table_that_is_told_wrongly_is_seen() -> None:
    page = """
## What is stored

| `report`, `reporter` | `data/spoilers/reports.py` | yes: the words |
| `scope` | `data/news/store.py` | no |
| `old` | `data/outbox.py` | no |
"""
    columns = [("report", "sealed"), ("reporter", "id"), ("scope", "id"), ("new", "id")]

    assert misplaced(tables(page), columns) == [
        "add: new",
        "reporter: whether it is encrypted",
        "data/news/store.py does not write scope",
        "remove: old",
    ]


def test_what_is_named_and_gone_is_seen(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "a.py").write_text("async def go(): ...\nclass It: ...\n")

    page = "`bot/a.py` `go`, `bot/a.py`\n`It`, `bot/a.py` `stay`, `bot/b.py`, `bot/c/`"
    assert lost(page, tmp_path) == ["bot/a.py stay", "bot/b.py", "bot/c/"]
