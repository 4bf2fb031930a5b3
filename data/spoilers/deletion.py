"""Deletes many stubs in small steps, so that nobody else waits long for the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from data.storage.database import Database

STEP_ROWS = 300
STEP_BYTES = 512 * 1024  # that are overwritten at once
FREED_BYTES = 8 * 1024 * 1024  # that are freed at once, once they are overwritten


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stored file, named by its row."""

    row: int
    start: int
    size: int


async def delete_stubs(db: Database, ids: Sequence[int], then: Callable[[object], None]) -> int:
    """Delete stubs with their files; returns how many. Raises `DatabaseError`.

    Each is out of sight before its files are touched; after a kill the rest is still found by its
    age. Files are overwritten piece by piece and then freed, because SQLite would overwrite a whole
    one at once, or none of it. `then` is called after each step.
    """
    count = 0
    for start in range(0, len(ids), STEP_ROWS):
        some = ids[start : start + STEP_ROWS]
        files = await db.run(partial(_hide, ids=some), lambda _: then(None))
        for pieces in steps(parted(files), STEP_BYTES):
            await db.run(partial(_overwrite, pieces=pieces), then)
        for pieces in steps(files, FREED_BYTES):
            await db.run(partial(_free, rows=[piece.row for piece in pieces]), then)
        count += await db.run(partial(_delete_rows, ids=some), then)
    return count


def parted(files: Iterable[Piece]) -> Iterator[Piece]:
    """The same bytes in pieces of at most `STEP_BYTES`."""
    for file in files:
        for start in range(0, file.size, STEP_BYTES):
            yield Piece(file.row, start, min(STEP_BYTES, file.size - start))


def steps(pieces: Iterable[Piece], most: int) -> Iterator[list[Piece]]:
    """The pieces, so many at once that they have at most `most` bytes together, or one."""
    step, size = list[Piece](), 0
    for piece in pieces:
        if step and (size + piece.size > most or len(step) == STEP_ROWS):
            yield step
            step, size = [], 0
        step.append(piece)
        size += piece.size
    if step:
        yield step


def _hide(tx: sqlite3.Connection, ids: Sequence[int]) -> list[Piece]:
    """Make the stubs unreadable; returns their files."""
    tx.executemany(
        "UPDATE stub SET state = 'gone', reply_to = NULL, source_edited_at = NULL,"
        " message_id = NULL, key_id = NULL, sealed = NULL WHERE id = ?",
        _each(ids),
    )
    query = "SELECT rowid, length(sealed) FROM stub_file WHERE stub_id = ?"
    return [Piece(row, 0, size) for id in ids for row, size in tx.execute(query, (id,)).fetchall()]


def _overwrite(tx: sqlite3.Connection, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        # It may be gone with its server since.
        if tx.execute("SELECT 1 FROM stub_file WHERE rowid = ?", (piece.row,)).fetchone():
            with tx.blobopen("stub_file", "sealed", piece.row) as file:
                file.seek(piece.start)
                file.write(bytes(piece.size))


def _free(tx: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Delete files whose bytes are overwritten, without overwriting them again."""
    tx.execute("PRAGMA secure_delete = FAST")
    try:
        tx.executemany("DELETE FROM stub_file WHERE rowid = ?", _each(rows))
    finally:
        tx.execute("PRAGMA secure_delete = ON")


def _delete_rows(tx: sqlite3.Connection, ids: Sequence[int]) -> int:
    return tx.executemany("DELETE FROM stub WHERE id = ?", _each(ids)).rowcount


def _each(ids: Iterable[int]) -> list[tuple[int]]:
    return [(id,) for id in ids]
