"""Time zones: the zone in which each member writes times, the same on every server."""

from __future__ import annotations

import sqlite3
from sys import intern
from typing import Self

from data.storage.database import Database
from data.storage.erasure import Erasure


class TimeZones:
    """The time zones of all members: read from memory, which is updated after each commit."""

    def __init__(self, db: Database, zones: dict[int, str]) -> None:
        self._db = db
        self._zones = zones

    @classmethod
    async def open(cls, db: Database) -> Self:
        return cls(db, await db.run(_read_all))

    def get(self, user_id: int) -> str | None:
        """The IANA name of a member's time zone; None if it is not set."""
        return self._zones.get(user_id)

    async def save(self, user_id: int, zone: str) -> None:
        """Set a member's time zone.

        The caller checks that a zone of that name exists. Raises `DatabaseError`, also for "".
        """

        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "INSERT INTO zone (user_id, zone) VALUES (?, ?)"
                " ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone",
                (user_id, zone),
            )

        await self._db.run(work, lambda _: self._zones.update({user_id: intern(zone)}))

    def erasure(self) -> Erasure[bool]:
        """Erases a member's time zone; the result is False if there was none."""

        def work(tx: sqlite3.Connection, user_id: int) -> bool:
            return tx.execute("DELETE FROM zone WHERE user_id = ?", (user_id,)).rowcount > 0

        def then(user_id: int, _: bool) -> None:  # noqa: FBT001  # what `work` returned
            self._zones.pop(user_id, None)

        return Erasure(("zone.user_id",), work, then)


def _read_all(tx: sqlite3.Connection) -> dict[int, str]:
    rows = tx.execute("SELECT user_id, zone FROM zone")
    # There are many members but only a few hundred zones, so the strings are shared.
    return {user_id: intern(zone) for user_id, zone in rows}
