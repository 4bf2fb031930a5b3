"""Subscriptions: which channel gets which show's news, and which kinds of news."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.news_kinds import KIND_BITS
from data.storage.database import Database

_EVERY = ""  # in the column `show`
_COLUMNS = "guild_id, channel_id, show, kinds, role_id, publishes, since, paused"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that gets the news of a show; without a `show`, of every show.

    `kinds` are kinds of news and perhaps `RUMOUR`, without which no rumour is told. `since` is in
    UTC epoch seconds. `paused` says in a word why nothing is told for now. `publishes`: what is
    told goes on to the channels that follow this one.
    """

    guild_id: int
    channel_id: int
    show: str | None
    kinds: frozenset[str]
    since: int
    role_id: int | None = None
    publishes: bool = False
    paused: str | None = None


def mask_of(kinds: Iterable[str]) -> int:
    """The bits of these kinds. Raises `KeyError` if a name is not a kind."""
    return sum(KIND_BITS[kind] for kind in set(kinds))


class Subscriptions:
    """All subscriptions; what they are told is planned where news are recorded."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, guild_id: int, channel_id: int, show: str | None) -> Subscription | None:
        found = await self._select(
            "guild_id = ? AND channel_id = ? AND show = ?", guild_id, channel_id, show or _EVERY
        )
        return found[0] if found else None

    async def deciding(self, guild_id: int, channel_id: int, show: str) -> Subscription | None:
        """The subscription that applies to a show: its own, else the one for every show."""
        found = await self._select(
            "guild_id = ? AND channel_id = ? AND show IN ('', ?) ORDER BY show DESC",
            guild_id,
            channel_id,
            show,
        )
        return found[0] if found else None

    async def list(self, guild_id: int) -> tuple[Subscription, ...]:
        """All subscriptions of a server, ordered by channel."""
        return await self._select("guild_id = ? ORDER BY channel_id, show", guild_id)

    async def publishing(self) -> tuple[Subscription, ...]:
        """The subscriptions of channels that other channels can follow."""
        return await self._select("publishes = 1 ORDER BY channel_id, show")

    async def shows(self) -> frozenset[str | None]:
        """Every show that somebody follows; None among them: somebody follows every show."""
        rows = await self._db.run(
            lambda tx: tx.execute("SELECT DISTINCT show FROM subscription").fetchall()
        )
        return frozenset(show or None for (show,) in rows)

    async def servers_of_every_show(self) -> tuple[int, ...]:
        """The servers in which somebody follows every show."""
        query = "SELECT DISTINCT guild_id FROM subscription WHERE show = ? ORDER BY guild_id"
        rows = await self._db.run(lambda tx: tx.execute(query, (_EVERY,)).fetchall())
        return tuple(guild_id for (guild_id,) in rows)

    async def save(self, subscription: Subscription) -> Subscription:
        """Store a subscription; one that exists keeps its earlier `since`."""
        values = (
            subscription.guild_id,
            subscription.channel_id,
            subscription.show or _EVERY,
            mask_of(subscription.kinds),
            subscription.role_id,
            subscription.publishes,
            subscription.since,
            subscription.paused,
        )

        def work(tx: sqlite3.Connection) -> Subscription:
            rows = tx.execute(
                f"INSERT INTO subscription ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # no input
                " ON CONFLICT (guild_id, channel_id, show) DO UPDATE SET kinds = excluded.kinds,"
                " role_id = excluded.role_id, publishes = excluded.publishes,"
                " since = min(since, excluded.since),"
                f" paused = excluded.paused RETURNING {_COLUMNS}",
                values,
            )
            return next(_read(rows.fetchall()))

        return await self._db.run(work)

    async def remove(
        self, guild_id: int, channel_id: int | None = None, show: str | None = None
    ) -> int:
        """Remove a server's subscriptions, only those of a channel or a show if one is given.

        Returns how many. Subscriptions for every show are removed only if no show is given.
        """
        query = "DELETE FROM subscription WHERE guild_id = ?"
        values: list[int | str] = [guild_id]
        for column, value in (("channel_id", channel_id), ("show", show)):
            if value is not None:
                query += f" AND {column} = ?"
                values.append(value)
        return await self._db.run(lambda tx: tx.execute(query, values).rowcount)

    async def remove_one(self, subscription: Subscription) -> bool:
        """Remove one subscription, also one for every show; False if it did not exist."""
        query = "DELETE FROM subscription WHERE guild_id = ? AND channel_id = ? AND show = ?"
        show = subscription.show or _EVERY
        values = (subscription.guild_id, subscription.channel_id, show)
        return await self._db.run(lambda tx: tx.execute(query, values).rowcount > 0)

    async def pause(
        self, guild_id: int, channel_id: int, reason: str, *, role_id: int | None = None
    ) -> bool:
        """Pause a channel's subscriptions; with a role, only those that ping it.

        Returns False if they were paused already.
        """
        query = (
            "UPDATE subscription SET paused = ? WHERE guild_id = ? AND channel_id = ?"
            " AND paused IS NULL AND (? IS NULL OR role_id = ?)"
        )
        values = (reason, guild_id, channel_id, role_id, role_id)
        return await self._db.run(lambda tx: tx.execute(query, values).rowcount > 0)

    async def paused_for(self, reason: str) -> tuple[int, ...]:
        """The servers with a subscription that is paused for this reason."""
        query = "SELECT DISTINCT guild_id FROM subscription WHERE paused = ? ORDER BY guild_id"
        rows = await self._db.run(lambda tx: tx.execute(query, (reason,)).fetchall())
        return tuple(guild_id for (guild_id,) in rows)

    async def resume(self, guild_id: int, *, reason: str | None = None) -> int:
        """End the pauses of a server, or only those that have this reason."""
        query = (
            "UPDATE subscription SET paused = NULL WHERE guild_id = ? AND paused IS NOT NULL"
            " AND (? IS NULL OR paused = ?)"
        )
        values = (guild_id, reason, reason)
        return await self._db.run(lambda tx: tx.execute(query, values).rowcount)

    async def _select(self, which: str, *values: object) -> tuple[Subscription, ...]:
        query = f"SELECT {_COLUMNS} FROM subscription WHERE {which}"  # noqa: S608  # no input
        rows = await self._db.run(lambda tx: tx.execute(query, values).fetchall())
        return tuple(_read(rows))


def _read(
    rows: list[tuple[int, int, str, int, int | None, int, int, str | None]],
) -> Iterator[Subscription]:
    for guild_id, channel_id, show, kinds, role_id, publishes, since, paused in rows:
        yield Subscription(
            guild_id,
            channel_id,
            show or None,
            frozenset(kind for kind, bit in KIND_BITS.items() if kinds & bit),
            since,
            role_id,
            bool(publishes),
            paused,
        )
