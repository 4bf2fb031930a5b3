"""Deletes many stubs in small steps, so that nobody else waits long for the database."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice

from data.storage.database import Database

STEP_ROWS = 300
STEP_BYTES = 8 * 1024 * 1024  # of files; one file may be more

FileKey = tuple[int, int]  # of stub_file: the stub and the position


async def delete_stubs(db: Database, ids: Sequence[int], then: Callable[[object], None]) -> int:
    """Delete stubs with their files; returns how many. Raises `DatabaseError`.

    Each is out of sight before its files are touched; after a kill the rest is still found by its
    age. `then` is called after each step.
    """
    count = 0
    for start in range(0, len(ids), STEP_ROWS):
        some = ids[start : start + STEP_ROWS]
        left = deque(await db.run(partial(_hide, ids=some), lambda _: then(None)))
        while left:
            await db.run(partial(_delete_files, keys=_step(left)), then)
        count += await db.run(partial(_delete_rows, ids=some), then)
    return count


def _step(left: deque[tuple[FileKey, int]]) -> list[FileKey]:
    """Take the next files that together have at most `STEP_BYTES`, at least one."""
    sizes = list(islice(left, STEP_ROWS))
    total, keys = 0, list[FileKey]()
    for key, size in sizes:
        total += size
        if keys and total > STEP_BYTES:
            break
        keys.append(key)
        left.popleft()
    return keys


def _hide(tx: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[FileKey, int]]:
    """Make the stubs unreadable; returns their files and how many bytes each has."""
    tx.executemany(
        "UPDATE stub SET state = 'gone', reply_to = NULL, source_edited_at = NULL,"
        " message_id = NULL, key_id = NULL, sealed = NULL WHERE id = ?",
        _each(ids),
    )
    query = "SELECT position, length(sealed) FROM stub_file WHERE stub_id = ?"
    return [
        ((id, position), size)
        for id in ids
        for position, size in tx.execute(query, (id,)).fetchall()
    ]


def _delete_files(tx: sqlite3.Connection, keys: Iterable[FileKey]) -> None:
    tx.executemany("DELETE FROM stub_file WHERE stub_id = ? AND position = ?", keys)


def _delete_rows(tx: sqlite3.Connection, ids: Sequence[int]) -> int:
    return tx.executemany("DELETE FROM stub WHERE id = ?", _each(ids)).rowcount


def _each(ids: Iterable[int]) -> list[tuple[int]]:
    return [(id,) for id in ids]
