"""What storage.schema promises: no file with another schema is opened, and none of ours refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from data.storage.database import Database, Migration, restore, shipped_migrations
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.disks import contents


async def made(path: Path, *migrations: Migration) -> None:
    await (await Database.open(path, now=NOW, migrations=migrations or None)).close()


def change(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


CHANGES = {
    "ALTER TABLE zone ADD COLUMN more TEXT": "table zone is not as the migrations make it",
    "ALTER TABLE zone RENAME COLUMN zone TO place": "table zone is not as the migrations make it",
    "DROP TABLE rating": "table rating is missing",
    "DROP INDEX stub_key": "index stub_key is missing",
}


@pytest.mark.parametrize(("script", "said"), CHANGES.items())
async def test_what_differs_is_said_and_what_to_do(path: Path, script: str, said: str) -> None:
    await made(path)
    change(path, script)
    before = contents(path.parent)

    with pytest.raises(DatabaseError, match=said) as caught:
        await made(path)

    assert str(path) in str(caught.value)
    assert "restore a backup" in str(caught.value)
    assert contents(path.parent) == before


async def test_a_file_of_an_unreleased_version_is_not_migrated(path: Path) -> None:
    *older, newest = shipped_migrations()
    first, *others = older
    unreleased = Migration(first.number, first.name, f"{first.sql}\nDROP TABLE memory;")
    await made(path, unreleased, *others)
    with pytest.raises(DatabaseError, match=f"version {older[-1].number}.*memory is missing"):
        await made(path, *older, newest)
    assert set(contents(path.parent)) == {"bot.sqlite3"}


async def test_many_differences_are_counted(path: Path) -> None:
    await made(path)
    dropped = ("rating", "zone", "reaction", "reminder", "sighting", "source", "editor")
    change(path, "".join(f"DROP TABLE {name};" for name in dropped))
    with pytest.raises(DatabaseError, match=r"and \d more"):
        await made(path)


@pytest.mark.parametrize("count", range(1, len(shipped_migrations()) + 1))
async def test_each_version_that_was_shipped_is_opened(path: Path, count: int) -> None:
    await made(path, *shipped_migrations()[:count])
    await made(path)


async def test_spaces_quotes_and_what_others_added_do_not_matter(path: Path) -> None:
    first = Migration(1, "0001_first", "CREATE TABLE a (n INTEGER, t TEXT DEFAULT 'A b');")
    await made(path, first)
    change(path, "CREATE TABLE _copier (n); CREATE INDEX mine ON a (t); ANALYZE;")
    again = Migration(
        1, "0001_first", "create table \"a\" ( -- ours\n n integer, t TEXT default 'A b')"
    )
    await made(path, again)
    other = Migration(1, "0001_first", "CREATE TABLE a (n INTEGER, t TEXT DEFAULT 'a b');")
    with pytest.raises(DatabaseError, match="table a is not"):
        await made(path, other)


async def test_a_backup_with_another_schema_is_not_restored(path: Path, tmp_path: Path) -> None:
    db = await Database.open(path, now=NOW)
    backup = await db.backup(tmp_path / "backups", now=NOW)
    await db.close()
    change(backup, "DROP TABLE rating")
    before = contents(tmp_path)
    with pytest.raises(DatabaseError, match=r"rating is missing.*Choose another backup"):
        restore(backup, path)
    assert contents(tmp_path) == before
