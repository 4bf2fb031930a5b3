"""What a bot of version 7 of the database left behind is opened, and nothing of it is lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data.contributions.store import Contributions
from data.library import Library
from data.news.store import NewsStore
from data.news.subscriptions import Subscriptions
from data.packs.reader import read_folders
from data.parties.store import Parties
from data.points import Point
from data.progress import Progress
from data.rooms.store import Rooms
from data.spoilers.store import Stubs
from data.storage.database import Database, shipped_migrations
from data.storage.encryption import Cipher, is_key_missing, read_key_file
from tests.data.conftest import NOW

WRITTEN = Path(__file__).with_name("version_7")
SERVER, CHANNEL = 1456074443980800016, 1456074443980800019
ANN, BEN = 1456074443980800022, 1456074443980800023
LOOM = "loom"
E1, E2, E3 = Point("e1"), Point("e2"), Point("e3")

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database, its keys and the folder of packs, as the bot left them."""
    path = tmp_path / "bot.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        file.executescript((WRITTEN / "database.sql").read_text(encoding="utf-8"))
    shutil.copyfile(WRITTEN / "keys.txt", tmp_path / "bot.sqlite3.key")
    shutil.copytree(WRITTEN / "shows", tmp_path / "shows")
    return path


@pytest.fixture
async def library(db: Database, path: Path) -> Library:
    files, broken = read_folders([path.parent / "shows"], await Library.stored(db))
    assert broken == []
    return await Library.open(db, files)


def rows(path: Path) -> Rows:
    """All that is stored, but what SQLite keeps for itself."""
    with closing(sqlite3.connect(path)) as file:
        file.row_factory = sqlite3.Row
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        names = [name for (name,) in file.execute(named)]
        return {
            name: [dict(row) for row in file.execute(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names
        }


def schema(path: Path) -> tuple[int, dict[str, str]]:
    with closing(sqlite3.connect(path)) as file:
        (version,) = file.execute("PRAGMA user_version").fetchone()
        return version, dict(file.execute("SELECT name, sql FROM sqlite_schema").fetchall())


async def test_every_row_is_kept_and_the_schema_is_that_of_a_new_database(
    path: Path, tmp_path: Path
) -> None:
    before = rows(path)
    await (await Database.open(path, now=NOW)).close()
    await (await Database.open(tmp_path / "new.sqlite3", now=NOW)).close()
    after = rows(path)

    assert schema(path) == schema(tmp_path / "new.sqlite3")
    assert schema(path)[0] == shipped_migrations()[-1].number
    for name, kept in before.items():
        assert [dict(list(row.items())[: len(kept[0])]) for row in after[name]] == kept, name


async def test_words_that_were_sealed_open(db: Database, path: Path, library: Library) -> None:
    cipher = Cipher(read_key_file(path, make=False))

    assert not await is_key_missing(db, cipher)
    ((stub, content),) = await Stubs(db, cipher).list(ANN)
    assert content is not None
    assert (stub.channel_id, stub.point) == (CHANNEL, E2)
    assert content.text == "Ada hid the key in the clock."
    contributions = await Contributions.open(db, cipher, library)
    (waiting,) = await contributions.waiting(SERVER)
    found = await contributions.read(waiting.id)
    assert found is not None
    assert found[1] is not None
    assert found[1].text == "Ben keeps the clock."


async def test_what_people_said_and_set_is_there(db: Database, library: Library) -> None:
    progress, rooms = await Progress.open(db), await Rooms.open(db)

    marks = [progress.get(user, LOOM) for user in (ANN, BEN)]
    assert [mark and mark.point for mark in marks] == [E2, E1]
    assert rooms.scope(SERVER, CHANNEL, LOOM) == E2
    assert rooms.default_show(SERVER) == LOOM
    assert [(one.id, one.is_role) for one in rooms.helpers(SERVER)] == [(ANN, False)]
    assert library.order(LOOM).label(E3) == "S1E3"


async def test_news_who_follows_them_and_parties_are_there(db: Database) -> None:
    news_store, parties = await NewsStore.open(db), await Parties.open(db)

    assert [one.headline for one in news_store.list(LOOM)] == ["Season 2 is ordered"]
    (followed,) = await Subscriptions(db).list(SERVER)
    assert (followed.channel_id, followed.show) == (CHANNEL, LOOM)
    (party,) = parties.list(SERVER)
    assert (party.host_id, party.first, party.state) == (ANN, "e3", "planned")
    assert [guest.user_id for guest in parties.coming(party.id)] == [ANN]
