"""Regulars: who has used the bot in which channel, and on which day last."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.storage.database import Database
from data.storage.erasure import Erasure
from data.storage.trusted_time import TrustedTime

MOST_PRUNED = 300  # rows in one transaction, so that no press waits long


@dataclass(frozen=True, slots=True)
class Regular:
    """A channel in which one member has used the bot, and the last day (UTC) of use."""

    guild_id: int
    channel_id: int
    seen_on: date


class Regulars:
    """All regulars; at most one write for each member, channel and day.

    The ids that were written today are kept in memory. What a member did is never stored.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._today: date | None = None
        self._seen = dict[tuple[int, int], set[int]]()
        self._forgotten = set[int]()

    async def note(self, guild_id: int, channel_id: int, user_id: int, *, today: date) -> None:
        """Record that a member used the bot in a channel. Raises `DatabaseError`.

        A member who was erased today is not recorded before tomorrow: otherwise the press that
        erases them would record them again.
        """
        if today != self._today:
            self._today = today
            self._seen.clear()
            self._forgotten.clear()
        seen = self._seen.setdefault((guild_id, channel_id), set())
        if user_id in seen or user_id in self._forgotten:
            return
        seen.add(user_id)  # before the write, so that a second press does not write too
        try:
            await self._db.run(lambda tx: _write(tx, guild_id, channel_id, user_id, today))
        except BaseException:
            seen.discard(user_id)
            raise

    async def list(self, guild_id: int, channel_id: int, *, since: date) -> tuple[int, ...]:
        """The ids of members who used the bot in a channel on that day (UTC) or later."""
        query = (
            "SELECT user_id FROM regular WHERE guild_id = ? AND channel_id = ? AND seen_on >= ?"
            " ORDER BY user_id"
        )
        values = guild_id, channel_id, since.isoformat()
        rows = await self._db.run(lambda tx: tx.execute(query, values).fetchall())
        return tuple(user_id for (user_id,) in rows)

    async def of(self, user_id: int) -> tuple[Regular, ...]:
        """Everything that is stored about one member."""
        query = (
            "SELECT guild_id, channel_id, seen_on FROM regular WHERE user_id = ?"
            " ORDER BY guild_id, channel_id"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (user_id,)).fetchall())
        return tuple(
            Regular(guild, channel, date.fromisoformat(day)) for guild, channel, day in rows
        )

    def erasure(self) -> Erasure[int]:
        """Erases where a member used the bot; the result is the number of channels."""
        query = "DELETE FROM regular WHERE user_id = ?"
        return Erasure(
            ("regular.user_id",),
            lambda tx, user_id: tx.execute(query, (user_id,)).rowcount,
            before=self._forgotten.add,  # otherwise a press in the meantime would stay recorded
        )

    async def forget_channel(self, guild_id: int, channel_id: int) -> int:
        """Erase the regulars of a deleted channel; returns how many. Raises `DatabaseError`."""
        channel = guild_id, channel_id
        statement = "DELETE FROM regular WHERE guild_id = ? AND channel_id = ?"
        return await self._db.run(lambda tx: tx.execute(statement, channel).rowcount)

    async def prune(self, *, before: TrustedTime) -> int:
        """Erase rows last used before that day (UTC); returns how many. Raises `DatabaseError`."""
        rows, day = 0, datetime.fromtimestamp(before, UTC).date()
        while some := await self._db.run(lambda tx: _prune_some(tx, day)):
            rows += some
        return rows


def _write(
    tx: sqlite3.Connection, guild_id: int, channel_id: int, user_id: int, today: date
) -> None:
    tx.execute(
        "INSERT INTO regular (guild_id, channel_id, user_id, seen_on) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (guild_id, channel_id, user_id) DO UPDATE SET seen_on = excluded.seen_on",
        (guild_id, channel_id, user_id, today.isoformat()),
    )


def _prune_some(tx: sqlite3.Connection, before: date) -> int:
    return tx.execute(
        "DELETE FROM regular WHERE (guild_id, channel_id, user_id) IN"
        " (SELECT guild_id, channel_id, user_id FROM regular WHERE seen_on < ? LIMIT ?)",
        (before.isoformat(), MOST_PRUNED),
    ).rowcount
