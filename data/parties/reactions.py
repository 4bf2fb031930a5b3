"""Counts of reactions: pressed into memory, and written together every few seconds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import partial

from data.storage.database import Database

LAST_MINUTE = 999

Pressed = Counter[tuple[int, str, int, str]]  # of party, episode, minute and kind


class ReactionCounts:
    """How often each reaction was pressed in each minute of an episode; nobody is named.

    A reaction waits for no disk: a crash loses those that are not written yet.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pressed: Pressed = Counter()
        self._listener: Callable[[], None] | None = None

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Sets what is called when there is something to write; None: nothing."""
        self._listener = listener

    def add(self, party_id: int, episode: str, minute: int, kind: str) -> None:
        self._pressed[party_id, episode, min(minute, LAST_MINUTE), kind] += 1
        if self._listener is not None:
            self._listener()

    async def write(self) -> None:
        """Writes what was pressed since the last time.

        Raises `DatabaseError`; what was not written then counts the next time.
        """
        pressed, self._pressed = self._pressed, Counter()
        if not pressed:
            return
        try:
            await self._db.run(partial(_write, pressed=pressed))
        except Exception:
            self._pressed.update(pressed)
            raise

    async def read(self, party_id: int) -> tuple[tuple[str, int, str, int], ...]:
        """All of a party as rows of episode, minute, kind and count, in that order."""
        await self.write()
        query = (
            "SELECT episode, minute, kind, pressed FROM reaction WHERE party_id = ?"
            " ORDER BY episode, minute, kind"
        )
        return await self._db.run(lambda tx: tuple(tx.execute(query, (party_id,)).fetchall()))


def _write(tx: sqlite3.Connection, pressed: Pressed) -> None:
    """Adds the counts of parties that are still there."""
    tx.executemany(
        "INSERT INTO reaction (party_id, episode, minute, kind, guild_id, pressed)"
        " SELECT id, ?, ?, ?, guild_id, ? FROM party WHERE id = ?"
        " ON CONFLICT (party_id, episode, minute, kind) DO UPDATE"
        " SET pressed = pressed + excluded.pressed",
        [
            (episode, minute, kind, count, party_id)
            for (party_id, episode, minute, kind), count in pressed.items()
        ],
    )
