"""Regulars: who has used the bot in which channel, and the last day that they did."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from data.storage.database import Database
from data.storage.erasure import Erasure

MOST_PRUNED = 300  # rows at once: many would hold up every press


@dataclass(frozen=True, slots=True)
class Regular:
    """Where one member has used the bot, and on which day (UTC) for the last time."""

    guild_id: int
    channel_id: int
    seen_on: date


class Regulars:
    """All regulars; written once for each member, channel and day, whatever they press.

    What was written today is known in memory, as ids alone. Nothing says what anybody did.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._today: date | None = None
        self._seen = dict[tuple[int, int], set[int]]()
        self._forgotten = set[int]()

    async def note(self, guild_id: int, channel_id: int, user_id: int, *, today: date) -> None:
        """Somebody used the bot there. Who was forgotten today is not noted before tomorrow.

        Else the very press that erases somebody would note them again.
        """
        if today != self._today:
            self._today = today
            self._seen.clear()
            self._forgotten.clear()
        seen = self._seen.setdefault((guild_id, channel_id), set())
        if user_id in seen or user_id in self._forgotten:
            return
        seen.add(user_id)  # before it is written: a second press meanwhile writes nothing
        try:
            await self._db.run(lambda tx: _write(tx, guild_id, channel_id, user_id, today))
        except BaseException:
            seen.discard(user_id)
            raise

    async def list(self, guild_id: int, channel_id: int, *, since: date) -> tuple[int, ...]:
        """The ids of those who used the bot there on that day or later."""
        query = (
            "SELECT user_id FROM regular WHERE guild_id = ? AND channel_id = ? AND seen_on >= ?"
            " ORDER BY user_id"
        )
        values = guild_id, channel_id, since.isoformat()
        rows = await self._db.run(lambda tx: tx.execute(query, values).fetchall())
        return tuple(user_id for (user_id,) in rows)

    async def of(self, user_id: int) -> tuple[Regular, ...]:
        """Everything that is kept of one member."""
        query = (
            "SELECT guild_id, channel_id, seen_on FROM regular WHERE user_id = ?"
            " ORDER BY guild_id, channel_id"
        )
        rows = await self._db.run(lambda tx: tx.execute(query, (user_id,)).fetchall())
        return tuple(
            Regular(guild, channel, date.fromisoformat(day)) for guild, channel, day in rows
        )

    def erasure(self) -> Erasure[int]:
        """Forget where a member used the bot; the result is in how many channels that was."""
        query = "DELETE FROM regular WHERE user_id = ?"
        return Erasure(
            ("regular.user_id",),
            lambda tx, user_id: tx.execute(query, (user_id,)).rowcount,
            before=self._forgotten.add,  # a press that is noted meanwhile would outlive it
        )

    async def forget_channel(self, guild_id: int, channel_id: int) -> int:
        """The channel is no more; returns how many were noted there."""
        channel = guild_id, channel_id
        statement = "DELETE FROM regular WHERE guild_id = ? AND channel_id = ?"
        return await self._db.run(lambda tx: tx.execute(statement, channel).rowcount)

    async def prune(self, *, before: date) -> int:
        """Forget those who were last seen before that day; returns how many rows that were."""
        rows = 0
        while some := await self._db.run(lambda tx: _prune_some(tx, before)):
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
