"""Rooms: how far each channel may talk about each show, and what each server has set."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Self, TypeVar

from data.database import Database
from data.point import Point

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """How far one channel may talk about one show; `updated_at` in UTC epoch seconds."""

    guild_id: int
    channel_id: int
    show: str
    point: Point
    updated_at: int


class Rooms:
    """All scopes and settings: read from memory, written through after each commit.

    Holds nothing about people. A thread has scopes of its own only; that it inherits its parent's
    is for the caller to know.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._scopes: dict[int, dict[int, dict[str, Scope]]] = {}
        self._default_shows: dict[int, str] = {}
        self._left: dict[int, int] = {}

    @classmethod
    async def open(cls, db: Database) -> Self:
        rooms = cls(db)
        scopes, servers = await db.run(_read_all)
        for scope in scopes:
            rooms._keep(scope)
        rooms._default_shows = {guild: show for guild, show, _ in servers if show is not None}
        rooms._left = {guild: left_at for guild, _, left_at in servers if left_at is not None}
        return rooms

    def scope(self, guild_id: int, channel_id: int, show: str) -> Point | None:
        """None: nobody set one here."""
        scope = self._scopes.get(guild_id, {}).get(channel_id, {}).get(show)
        return None if scope is None else scope.point

    def shows(self, guild_id: int, channel_id: int) -> tuple[str, ...]:
        """The shows that have a scope in this channel."""
        return tuple(sorted(self._scopes.get(guild_id, {}).get(channel_id, ())))

    def list(self, guild_id: int) -> tuple[Scope, ...]:
        """Every scope of a server, channel by channel."""
        channels = self._scopes.get(guild_id, {})
        scopes = (scope for channel in channels.values() for scope in channel.values())
        return tuple(sorted(scopes, key=lambda scope: (scope.channel_id, scope.show)))

    async def save(
        self, guild_id: int, channel_id: int, show: str, point: Point, *, now: int
    ) -> Scope:
        scope = Scope(guild_id, channel_id, show, point, now)

        def work(tx: sqlite3.Connection) -> Scope:
            tx.execute(
                "INSERT INTO scope (guild_id, channel_id, show, episode, minute, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, channel_id, show) DO UPDATE SET"
                " episode = excluded.episode, minute = excluded.minute,"
                " updated_at = excluded.updated_at",
                (guild_id, channel_id, show, point.episode, point.minute, now),
            )
            return scope

        return await self._db.run(work, self._keep)

    async def remove(self, guild_id: int, channel_id: int, show: str | None = None) -> int:
        """Clear one show's scope in a channel, or (without one) all; returns how many."""

        def work(tx: sqlite3.Connection) -> int:
            if show is None:
                return tx.execute(
                    "DELETE FROM scope WHERE guild_id = ? AND channel_id = ?",
                    (guild_id, channel_id),
                ).rowcount
            return tx.execute(
                "DELETE FROM scope WHERE guild_id = ? AND channel_id = ? AND show = ?",
                (guild_id, channel_id, show),
            ).rowcount

        return await self._db.run(work, lambda _: self._drop(guild_id, channel_id, show))

    def default_show(self, guild_id: int) -> str | None:
        return self._default_shows.get(guild_id)

    async def set_default_show(self, guild_id: int, show: str | None) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "INSERT INTO server (guild_id, default_show) VALUES (?, ?)"
                " ON CONFLICT (guild_id) DO UPDATE SET default_show = excluded.default_show",
                (guild_id, show),
            )

        await self._db.run(work, lambda _: _put(self._default_shows, guild_id, show))

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

        await self._db.run(work, lambda moment: _put(self._left, guild_id, moment))

    async def returned(self, guild_id: int) -> None:
        """The bot is back: what was set is as it was."""
        await self._db.run(
            lambda tx: (
                tx.execute(
                    "UPDATE server SET left_at = NULL WHERE guild_id = ?", (guild_id,)
                ).rowcount
            ),
            lambda _: _put(self._left, guild_id, None),
        )

    def guilds(self) -> tuple[int, ...]:
        """Every server about which something is stored, left or not."""
        return tuple(sorted(self._scopes.keys() | self._default_shows.keys() | self._left.keys()))

    def gone(self, *, before: int) -> tuple[int, ...]:
        """The servers that were left before that moment (UTC epoch seconds)."""
        return tuple(sorted(guild for guild, moment in self._left.items() if moment < before))

    async def erase_left(self, *, before: int) -> int:
        """Forget the servers that were left before that moment; returns how many rows that were."""

        def work(tx: sqlite3.Connection) -> tuple[tuple[int, ...], int]:
            # Asked again in here: one of them may have come back a moment ago.
            gone = tx.execute("SELECT guild_id FROM server WHERE left_at < ?", (before,))
            guilds = tuple(int(row[0]) for row in gone.fetchall())
            return guilds, sum(_erase(tx, guild_id) for guild_id in guilds)

        _, rows = await self._db.run(work, lambda erased: self._forget(erased[0]))
        return rows

    def _keep(self, scope: Scope) -> None:
        channels = self._scopes.setdefault(scope.guild_id, {})
        channels.setdefault(scope.channel_id, {})[scope.show] = scope

    def _drop(self, guild_id: int, channel_id: int, show: str | None) -> None:
        channels = self._scopes.get(guild_id, {})
        scopes = channels.get(channel_id, {})
        for gone in tuple(scopes) if show is None else (show,):
            scopes.pop(gone, None)
        if not scopes:
            channels.pop(channel_id, None)
        if not channels:
            self._scopes.pop(guild_id, None)

    def _forget(self, guild_ids: tuple[int, ...]) -> None:
        for guild_id in guild_ids:
            self._scopes.pop(guild_id, None)
            self._default_shows.pop(guild_id, None)
            self._left.pop(guild_id, None)


def _read_all(
    tx: sqlite3.Connection,
) -> tuple[tuple[Scope, ...], tuple[tuple[int, str | None, int | None], ...]]:
    scopes = tuple(
        Scope(guild_id, channel_id, show, Point(episode, minute), updated_at)
        for guild_id, channel_id, show, episode, minute, updated_at in tx.execute(
            "SELECT guild_id, channel_id, show, episode, minute, updated_at FROM scope"
        )
    )
    servers = tx.execute("SELECT guild_id, default_show, left_at FROM server").fetchall()
    return scopes, tuple(servers)


def _erase(tx: sqlite3.Connection, guild_id: int) -> int:
    scopes = tx.execute("DELETE FROM scope WHERE guild_id = ?", (guild_id,)).rowcount
    return scopes + tx.execute("DELETE FROM server WHERE guild_id = ?", (guild_id,)).rowcount


def _put(table: dict[int, T], guild_id: int, value: T | None) -> None:
    if value is None:
        table.pop(guild_id, None)
    else:
        table[guild_id] = value
