"""Departures: the servers that the bot was removed from, and what is forgotten of them in time."""

from __future__ import annotations

import sqlite3
from typing import Any

from data.rooms.memory import put
from data.storage.database import Database
from data.storage.server_data import erase_some, stored_guilds


def read_departures(tx: sqlite3.Connection) -> tuple[dict[int, int], set[int]]:
    """When which server was left, and the ids of all servers of which anything is stored."""
    query = "SELECT guild_id, left_at FROM server WHERE left_at IS NOT NULL"
    return dict(tx.execute(query).fetchall()), stored_guilds(tx)


class Departures:
    """When the bot was removed from which server: read from memory, written through."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._left: dict[int, int] = {}
        self._stored: set[int] = set()

    def _take_departures(self, stored: tuple[dict[int, int], set[int]]) -> None:
        self._left, self._stored = stored

    async def left(self, guild_id: int, *, now: int) -> None:
        """The bot was removed; a second notice does not move the moment. Scopes stay for a while.

        An unavailable server was not left.
        """

        def work(tx: sqlite3.Connection) -> int:
            moment: int = tx.execute(
                "INSERT INTO server (guild_id, left_at) VALUES (?, ?)"
                " ON CONFLICT (guild_id) DO UPDATE SET"
                " left_at = coalesce(server.left_at, excluded.left_at) RETURNING left_at",
                (guild_id, now),
            ).fetchone()[0]
            return moment

        await self._db.run(work, lambda moment: put(self._left, guild_id, moment))

    async def returned(self, guild_id: int) -> None:
        """The bot is back: what was set is as it was."""
        await self._db.run(
            lambda tx: (
                tx.execute(
                    "UPDATE server SET left_at = NULL WHERE guild_id = ?", (guild_id,)
                ).rowcount
            ),
            lambda _: put(self._left, guild_id, None),
        )

    def guilds(self) -> tuple[int, ...]:
        """Every server about which something is stored, left or not.

        One that has nothing but hidden messages or reports is known from the next start on, which
        is when somebody has to ask whether the bot was removed from it.
        """
        return tuple(sorted(self._stored.union(*self._by_server())))

    def gone(self, *, before: int) -> tuple[int, ...]:
        """The servers that were left before that moment (UTC epoch seconds)."""
        return tuple(sorted(guild for guild, moment in self._left.items() if moment < before))

    async def erase_left(self, *, before: int) -> int:
        """Forget the servers that were left before that moment; returns how many rows that were."""
        rows = 0
        for guild_id in self.gone(before=before):
            while some := await self._erase_some(guild_id, before):
                rows += some
        return rows

    async def _erase_some(self, guild_id: int, before: int) -> int:
        """In steps: many rows at once would hold up every press. 0 when it is over."""

        def work(tx: sqlite3.Connection) -> tuple[int, bool]:
            # Asked again in here: it may have come back a moment ago.
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
        """Everything that is kept in memory of servers, each by its id."""
        return (self._left,)
