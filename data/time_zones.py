"""Zones: the time zone in which each member writes times, the same in every server."""

from __future__ import annotations

import sqlite3
from sys import intern
from typing import Self

from data.storage.database import Database
from data.storage.erasure import Erasure


class Zones:
    """All members' zones: read from memory, written through after each commit."""

    def __init__(self, db: Database, zones: dict[int, str]) -> None:
        self._db = db
        self._zones = zones

    @classmethod
    async def open(cls, db: Database) -> Self:
        return cls(db, await db.run(_read_all))

    def get(self, user_id: int) -> str | None:
        """The IANA name of a member's zone; None: this member never said."""
        return self._zones.get(user_id)

    async def save(self, user_id: int, zone: str) -> None:
        """Keep a member's zone in the place of another one.

        Whether there is a zone of that name is for the caller to know; "" is refused with
        `DatabaseError`.
        """

        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "INSERT INTO zone (user_id, zone) VALUES (?, ?)"
                " ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone",
                (user_id, zone),
            )

        await self._db.run(work, lambda _: self._zones.update({user_id: intern(zone)}))

    def erasure(self) -> Erasure[bool]:
        """Forget a member's zone; the result is False if there was none."""

        def work(tx: sqlite3.Connection, user_id: int) -> bool:
            return tx.execute("DELETE FROM zone WHERE user_id = ?", (user_id,)).rowcount > 0

        def then(user_id: int, _: bool) -> None:  # noqa: FBT001  # what `work` returned
            self._zones.pop(user_id, None)

        return Erasure(("zone.user_id",), work, then)


def _read_all(tx: sqlite3.Connection) -> dict[int, str]:
    rows = tx.execute("SELECT user_id, zone FROM zone")
    # Members are many, and zones a few hundred: one object for each of those.
    return {user_id: intern(zone) for user_id, zone in rows}
