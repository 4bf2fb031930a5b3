"""A kind of news stands in two tables, and nowhere else: adding one edits these two files."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.news.wording import KIND_WORDS
from data.news_kinds import KIND_BITS, KINDS, RUMOUR, TABLE
from tests.support import ROOT

TABLES = {"data/news_kinds.py", "bot/news/wording.py"}
# The same word, and something else: where it stands, and what it is there.
OTHERS = {
    ("data/catalog/listing.py", "undecided"),  # stages of a show, as catalogs list them
    ("data/catalog/listing.py", "ended"),
    ("data/catalog/listing.py", "cancelled"),
    ("data/catalog/entry.py", "ended"),
    ("data/catalog/entry.py", "cancelled"),
    ("bot/shows/import_preview.py", "undecided"),
    ("bot/shows/import_preview.py", "ended"),
    ("bot/shows/import_preview.py", "cancelled"),
    ("bot/sources/tmdb.py", "ended"),
    ("bot/sources/tmdb.py", "cancelled"),
    ("bot/sources/tvmaze.py", "undecided"),
    ("bot/sources/tvmaze.py", "ended"),
    ("bot/sources/tvmaze.py", "premiered"),  # a field of its answers
}
PARTIES = ("data/parties/", "bot/parties/", "cogs/parties.py")  # a party can be cancelled, too

NEW_KIND = """
    KindOfNews(
        name="postponed",
        bit=1 << 11,
        outlook=SeasonOutlook.COMING,
        preset="dates",
        confirmed_by=_MADE,
    ),
)
RUMOUR_BIT"""
NEW_WORDS = """
        "postponed": KindWords(
            event="Postponed",
            state="Postponed: {what} comes later.",
            claim="{what} will come later",
        ),
    }
)
EVENT_OF"""
CHECKS = (ROOT / "tests" / "support" / "made_up_kind.py").read_text("utf-8")


def spelled(path: str, text: str) -> Iterator[str]:
    """The names of kinds that a module spells, beside those that mean something else there."""
    if path in TABLES:
        return
    for node in ast.walk(ast.parse(text)):
        word = node.value if isinstance(node, ast.Constant) else None
        if word not in KINDS or (path, word) in OTHERS:
            continue
        if not (word == "cancelled" and path.startswith(PARTIES)):
            yield f"{path}: {word}"


def test_no_other_module_spells_a_kind() -> None:
    files = [path for folder in ("bot", "cogs", "data") for path in (ROOT / folder).rglob("*.py")]
    named = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}

    assert [fault for path, text in named.items() for fault in spelled(path, text)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cogs/renewals.py", "kind == 'renewed'"),
        ("data/news/status.py", "OVER = {'ended'}"),
        ("bot/news/follow.py", "PRESETS = {'dates': {'window': 1}}"),
        ("data/catalog/listing.py", "x = 'renewed'"),
    ],
)
def test_a_kind_that_is_spelled_elsewhere_is_found(path: str, text: str) -> None:
    assert list(spelled(path, text))


def test_both_tables_hold_the_same_kinds_and_no_bit_twice() -> None:
    assert [*KIND_WORDS] == [*KINDS] == [kind.name for kind in TABLE]
    assert len({*KIND_BITS.values()}) == len(KINDS) + 1
    assert RUMOUR not in KINDS
    assert all(bit.bit_count() == 1 for bit in KIND_BITS.values())


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")


def test_a_new_kind_needs_an_entry_in_each_of_the_two_tables_and_no_more(tmp_path: Path) -> None:
    for folder in ("bot", "cogs", "data"):
        unused = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=unused)
    edit(tmp_path / "data/news_kinds.py", "\n)\nRUMOUR_BIT", NEW_KIND)
    edit(tmp_path / "bot/news/wording.py", "\n    }\n)\nEVENT_OF", NEW_WORDS)

    done = subprocess.run(
        [sys.executable, "-c", CHECKS, tmp_path / "bot.sqlite3"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stderr, done.stdout) == ("", "every check passed\n")
