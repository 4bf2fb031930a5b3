"""Departures: when the bot was removed from a server, and the erasure of that server's data."""

from __future__ import annotations

import sqlite3
from typing import Any

from data.rooms.memory import set_or_remove
from data.storage.database import Database
from data.storage.server_data import erase_some, stored_guilds
from data.storage.trusted_time import TrustedTime


def read_departures(tx: sqlite3.Connection) -> tuple[dict[int, int], set[int]]:
    """When which server was left, and the ids of all servers of which anything is stored."""
    query = "SELECT guild_id, left_at FROM server WHERE left_at IS NOT NULL"
    return dict(tx.execute(query).fetchall()), stored_guilds(tx)


class Departures:
    """When the bot was removed from each server; read from memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._left: dict[int, int] = {}
        self._stored: set[int] = set()

    def _take_departures(self, stored: tuple[dict[int, int], set[int]]) -> None:
        self._left, self._stored = stored

    async def mark_left(self, guild_id: int, *, now: TrustedTime) -> None:
        """Record when the bot was removed from a server; a second call keeps the first moment.

        `now` is in UTC epoch seconds. Must not be called for a server that is only unavailable.
        Raises `DatabaseError`.
        """

        def work(tx: sqlite3.Connection) -> int:
            moment: int = tx.execute(
                "INSERT INTO server (guild_id, left_at) VALUES (?, ?)"
                " ON CONFLICT (guild_id) DO UPDATE SET"
                " left_at = coalesce(server.left_at, excluded.left_at) RETURNING left_at",
                (guild_id, now),
            ).fetchone()[0]
            return moment

        await self._db.run(work, lambda moment: set_or_remove(self._left, guild_id, moment))

    async def mark_returned(self, guild_id: int) -> None:
        """Record that the bot is back on a server; its settings stay. Raises `DatabaseError`."""
        await self._db.run(
            lambda tx: (
                tx.execute(
                    "UPDATE server SET left_at = NULL WHERE guild_id = ?", (guild_id,)
                ).rowcount
            ),
            lambda _: set_or_remove(self._left, guild_id, None),
        )

    def guilds(self) -> tuple[int, ...]:
        """Every server about which something is stored, whether or not the bot is still there.

        A new server with nothing but hidden messages or reports is included only after the next
        start, which is early enough to check whether the bot was removed from it.
        """
        return tuple(sorted(self._stored.union(*self._by_server())))

    def departed(self, *, before: int) -> tuple[int, ...]:
        """The servers that the bot was removed from before that moment (UTC epoch seconds)."""
        return tuple(sorted(guild for guild, moment in self._left.items() if moment < before))

    async def erase_left(self, *, before: TrustedTime) -> int:
        """Erase servers that the bot was removed from before that moment; returns how many rows.

        Raises `DatabaseError`.
        """
        rows = 0
        for guild_id in self.departed(before=before):
            while some := await self._erase_some(guild_id, before):
                rows += some
        return rows

    async def _erase_some(self, guild_id: int, before: int) -> int:
        """Erase one step of rows, so that no press waits long; returns how many, 0 at the end."""

        def work(tx: sqlite3.Connection) -> tuple[int, bool]:
            # Checked again inside the transaction: the bot may be back since a moment ago.
            left = "SELECT 1 FROM server WHERE guild_id = ? AND left_at < ?"
            is_left = tx.execute(left, (guild_id, before)).fetchone() is not None
            return erase_some(tx, guild_id) if is_left else (0, False)

        def forget(erased: tuple[int, bool]) -> None:
            if erased[1]:
                self._forget(guild_id)

        return (await self._db.run(work, forget))[0]

    def _forget(self, guild_id: int) -> None:
        self._stored.discard(guild_id)
        for table in self._by_server():
            table.pop(guild_id, None)

    def _by_server(self) -> tuple[dict[int, Any], ...]:
        """The tables in memory that are keyed by the id of a server."""
        return (self._left,)
