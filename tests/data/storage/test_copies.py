"""What storage.copies promises: nothing erased outlives a week in a copy, and one copy stays."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.storage.database import Database, restore
from tests.data.conftest import NOW
from tests.support.disks import contents

DAY = 86_400
WEEK = 7 * DAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
async def db(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path, now=NOW)
    yield database
    await database.close()


async def backed_up(db: Database, folder: Path, *, at: int, claims: int | None = None) -> Path:
    """A copy made at that moment, by a clock that `claims` another."""
    file = await db.backup(folder, now=claims or at)
    os.utime(file, (claims or at, claims or at))
    return file


async def test_copies_are_kept_for_a_week(db: Database, folder: Path) -> None:
    files = [await backed_up(db, folder, at=NOW + day * DAY) for day in range(10)]
    gone = await db.prune_copies(folder, now=NOW + 9 * DAY)
    assert gone == files[:2]
    assert set(contents(folder)) == {file.name for file in files[2:]}


async def test_the_newest_stays_however_old_it_is(db: Database, folder: Path) -> None:
    old = await backed_up(db, folder, at=NOW)
    newest = await backed_up(db, folder, at=NOW + DAY)
    assert await db.prune_copies(folder, now=NOW + 400 * DAY) == [old]
    assert set(contents(folder)) == {newest.name}


async def test_one_from_a_clock_that_was_ahead_goes_a_week_after_it_was_seen(
    db: Database, folder: Path
) -> None:
    ahead = await backed_up(db, folder, at=NOW, claims=NOW + 400 * DAY)
    assert await db.prune_copies(folder, now=NOW) == []
    await backed_up(db, folder, at=NOW + WEEK)
    assert await db.prune_copies(folder, now=NOW + WEEK) == []
    assert await db.prune_copies(folder, now=NOW + WEEK + 1) == [ahead]


async def test_one_under_another_name_is_known_by_what_is_in_it(db: Database, folder: Path) -> None:
    file = await backed_up(db, folder, at=NOW)
    odd = [folder / f"{file.name}.bak", folder / f"{file.stem} (1).sqlite3"]
    odd += [folder / "bot-before the move.sqlite3", folder / f"{file.name}-wal"]
    for name in odd:
        name.write_bytes(file.read_bytes())
        os.utime(name, (NOW, NOW))
    newest = await backed_up(db, folder, at=NOW + WEEK)
    gone = await db.prune_copies(folder, now=NOW + WEEK + 1)
    assert set(gone) == {file, *odd}
    assert set(contents(folder)) == {newest.name}


async def test_strangers_are_left_alone(db: Database, folder: Path) -> None:
    file = await backed_up(db, folder, at=NOW)
    strangers = {"bot-notes.sqlite3", "other-20200101T000000Z.sqlite3", "bot.txt", "film.partial"}
    strangers |= {"bot-two-20200101T000000Z.sqlite3", "botany-20200101.sqlite3"}
    for name in strangers:
        is_other_bot = name.startswith(("bot-two", "botany", "other"))
        (folder / name).write_bytes(file.read_bytes() if is_other_bot else b"mine")
        os.utime(folder / name, (0, 0))
    assert await db.prune_copies(folder, now=NOW + WEEK + 1) == []
    assert set(contents(folder)) == strangers | {file.name}


async def test_what_was_left_half_written_goes_at_once(db: Database, folder: Path) -> None:
    file = await backed_up(db, folder, at=NOW)
    halves = [folder / f"{file.name}.partial", folder / f"{file.name}.partial-journal"]
    halves.append(folder.parent / f"bot.sqlite3.version-6.{NOW}.partial")
    for half in halves:
        half.write_bytes(b"half")
    assert set(await db.prune_copies(folder, now=NOW)) == set(halves)


async def test_the_copy_from_before_a_migration_goes_after_a_week(
    db: Database, path: Path, folder: Path
) -> None:
    before, unsaid = path.with_name(f"bot.sqlite3.version-6.{NOW}"), path.with_name("bot.sqlite3.1")
    for file in (before, unsaid, path.with_name("bot.sqlite3.key")):
        file.write_bytes(b"")
        os.utime(file, (NOW, NOW))
    assert await db.prune_copies(folder, now=NOW + WEEK) == []
    assert await db.prune_copies(folder, now=NOW + WEEK + 1) == [before]


async def test_the_file_that_a_restore_replaced_goes_after_a_week(path: Path, folder: Path) -> None:
    db = await Database.open(path, now=NOW)
    backup = await db.backup(folder, now=NOW)
    await db.close()
    os.utime(path, (NOW, NOW))
    kept = restore(backup, path)
    assert kept is not None
    replaced = int(kept.stat().st_mtime)
    assert datetime.fromtimestamp(replaced, UTC) > datetime.fromtimestamp(NOW, UTC)
    db = await Database.open(path, now=NOW)
    try:
        assert await db.prune_copies(folder, now=replaced + WEEK) == []
        assert await db.prune_copies(folder, now=replaced + WEEK + 1) == [kept]
    finally:
        await db.close()
