"""Many stubs are deleted in small steps: out of sight at once, with others in between."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.spoilers.deletion import (
    STEP_BYTES,
    STEP_ROWS,
    Piece,
    delete_stubs,
    parted,
    steps,
)
from data.spoilers.store import Stubs
from data.storage.database import Database
from data.storage.file import LARGEST_LOG
from data.storage.trusted_time import TrustedTime
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.stubs import ANN, BEN, BOT, DAY, STUB, post, rows

MB = 1024 * 1024


@given(st.lists(st.integers(1, 3 * STEP_BYTES), max_size=50), st.integers(1, 4 * STEP_BYTES))
def test_no_step_is_larger_than_its_bounds_and_nothing_is_left_out(
    sizes: list[int], most: int
) -> None:
    files = [Piece(row, 0, size) for row, size in enumerate(sizes)]
    found = list(steps(files, most))

    assert [piece for step in found for piece in step] == files
    for step in found:
        assert 0 < len(step) <= STEP_ROWS
        assert len(step) == 1 or sum(piece.size for piece in step) <= most


@given(st.lists(st.integers(1, 3 * STEP_BYTES), max_size=20))
def test_pieces_are_small_and_make_up_the_files(sizes: list[int]) -> None:
    pieces = list(parted(Piece(row, 0, size) for row, size in enumerate(sizes)))

    assert all(0 < piece.size <= STEP_BYTES for piece in pieces)
    for row, size in enumerate(sizes):
        mine = [piece for piece in pieces if piece.row == row]
        assert [piece.start for piece in mine] == list(range(0, size, STEP_BYTES))
        assert sum(piece.size for piece in mine) == size


async def test_nothing_of_a_file_is_left_in_the_database(db: Database, stubs: Stubs) -> None:
    (id,) = await covers(db, stubs, 1, 1)
    marker = b"MARKER" * (MB // 2)
    add = "INSERT INTO stub_file VALUES (?, 10, 'key', ?)"
    await db.run(lambda tx: tx.execute(add, (id, marker)))
    path = Path(await db.run(lambda tx: tx.execute("PRAGMA database_list").fetchone()[2]))
    assert b"MARKER" in _stored(path)

    await delete_stubs(db, [id], lambda _: None)

    assert b"MARKER" not in _stored(path)


async def test_of_a_server_that_was_left_all_goes_in_small_steps(
    db: Database, stubs: Stubs
) -> None:
    ids = await covers(db, stubs, 3, 3 * MB)
    here, before = STUB.guild_id, TrustedTime(NOW)
    assert await stubs.remove_guild(here, before=before) == 0

    leave = "INSERT INTO server (guild_id, left_at) VALUES (?, ?)"
    await db.run(lambda tx: tx.execute(leave, (here, NOW - 1)))
    assert await stubs.remove_guild(here + 1, before=before) == 0
    assert await stubs.remove_guild(here, before=before) == len(ids)
    assert await rows(db) == [0, 0, 0]


def _stored(path: Path) -> bytes:
    """All that is in the file of the database, once nothing is left in its log."""
    with closing(sqlite3.connect(path)) as another:
        assert another.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    return path.read_bytes()


async def covers(db: Database, stubs: Stubs, count: int, size: int) -> list[int]:
    """Stubs that stand, each with a file of that many bytes beside its small ones."""
    ids = [(await post(stubs, STUB, 9 + number)).id for number in range(count)]

    def fill(tx: sqlite3.Connection) -> None:
        add = "INSERT INTO stub_file VALUES (?, 9, 'key', zeroblob(?))"
        tx.executemany(add, [(id, size) for id in ids])

    await db.run(fill)
    return ids


async def test_others_come_in_between(db: Database, stubs: Stubs) -> None:
    ids = await covers(db, stubs, 6, 5 * MB)
    seen = list[str]()
    deleting = asyncio.create_task(delete_stubs(db, ids, lambda _: seen.append("step")))
    while not deleting.done():
        await db.run(lambda tx: tx.execute("SELECT 1"), lambda _: seen.append("other"))

    assert await deleting == 6
    assert await rows(db) == [0, 0, 0]
    assert seen.count("step") >= 6
    between = seen[seen.index("step") : len(seen) - seen[::-1].index("step")]
    assert between.count("other") >= between.count("step") - 1


async def test_nothing_of_them_is_seen_from_the_first_step_on(db: Database, stubs: Stubs) -> None:
    ids = await covers(db, stubs, 3, MB)

    class Killed(Exception):  # noqa: N818
        pass

    def kill(_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        await delete_stubs(db, ids, kill)

    stubs.clear_cache()
    assert [await stubs.get(id) for id in ids] == [None] * 3
    assert [await stubs.files(id) for id in ids] == [()] * 3
    assert await stubs.undeleted_messages(limit=9) == ()
    assert await stubs.expire(now=NOW + DAY + 1, keep_days={}, default_days=365) == 3
    assert await rows(db) == [0, 0, 0]


async def test_what_is_gone_for_long_is_deleted_in_the_same_steps(
    db: Database, stubs: Stubs
) -> None:
    await covers(db, stubs, 3, MB)
    await db.run(lambda tx: tx.execute("UPDATE stub SET created_at = 0"))
    await post(stubs, replace(STUB, author_id=7), 99)
    assert await stubs.expire(now=NOW, keep_days={}, default_days=365) == 3
    assert (await rows(db))[0] == 1


async def test_what_a_member_erases_is_gone_at_once_and_deleted_later(
    db: Database, stubs: Stubs
) -> None:
    ids = await covers(db, stubs, 3, MB)
    other = await post(stubs, replace(STUB, author_id=BEN, by_id=ANN), 99)
    erased = await forget(stubs, ANN, stubs.erasure(heir=BOT, now=NOW))

    assert erased.count == 3
    assert [await stubs.get(id) for id in ids] == [None] * 3
    assert [await stubs.files(id) for id in ids] == [()] * 3
    assert await stubs.list(ANN) == ()
    assert await stubs.undeleted_messages(limit=9) == ()
    assert (await rows(db))[0] == 4

    again = Stubs(db, stubs._cipher)  # noqa: SLF001  # a bot that was killed before it went on
    assert await again.delete_hidden() == 3
    assert await again.delete_hidden() == 0
    assert await rows(db) == [1, 2, 0]
    assert await again.get(other.id) is not None


async def test_the_log_is_small_again_afterwards(db: Database, stubs: Stubs, path: Path) -> None:
    ids = await covers(db, stubs, 10, 4 * MB)
    await delete_stubs(db, ids, lambda _: None)
    for number in range(3):
        await db.remember("key", str(number))

    assert path.with_name(f"{path.name}-wal").stat().st_size <= LARGEST_LOG
