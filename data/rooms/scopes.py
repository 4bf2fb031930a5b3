"""Scopes: how far each channel may talk about each show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from data.points import Point
from data.storage.database import Database


@dataclass(frozen=True, slots=True)
class Scope:
    """How far one channel may talk about one show; `updated_at` in UTC epoch seconds."""

    guild_id: int
    channel_id: int
    show: str
    point: Point
    updated_at: int


class Scopes:
    """All scopes: read from memory, which is updated after each commit.

    A thread has only its own scopes here; the caller applies those of its parent.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._scopes: dict[int, dict[int, dict[str, Scope]]] = {}

    def _take_scopes(self, stored: Iterable[Scope]) -> None:
        for scope in stored:
            self._keep(scope)

    def scope(self, guild_id: int, channel_id: int, show: str) -> Point | None:
        """The scope of a channel for a show; None if it is not set."""
        scope = self._scopes.get(guild_id, {}).get(channel_id, {}).get(show)
        return None if scope is None else scope.point

    def shows(self, guild_id: int, channel_id: int) -> tuple[str, ...]:
        """The slugs of the shows that have a scope in this channel, sorted."""
        return tuple(sorted(self._scopes.get(guild_id, {}).get(channel_id, ())))

    def list(self, guild_id: int) -> tuple[Scope, ...]:
        """Every scope of a server, sorted by channel and show."""
        channels = self._scopes.get(guild_id, {})
        scopes = (scope for channel in channels.values() for scope in channel.values())
        return tuple(sorted(scopes, key=lambda scope: (scope.channel_id, scope.show)))

    async def save(
        self, guild_id: int, channel_id: int, show: str, point: Point, *, now: int
    ) -> Scope:
        scope = Scope(guild_id, channel_id, show, point, now)
        return await self._db.run(lambda tx: _write(tx, scope), self._keep)

    async def move(self, scope: Scope) -> Point | None:
        """Set a scope, and return the one that it replaces; None if it was not set."""

        def work(tx: sqlite3.Connection) -> Point | None:
            before = _read(tx, scope.guild_id, scope.channel_id, scope.show)
            _write(tx, scope)
            return before

        return await self._db.run(work, lambda _: self._keep(scope))

    async def take_back(self, moved: Scope, before: Point | None, *, now: int) -> bool:
        """Set a scope that was moved back to what it was; False if it was moved again since."""
        guild_id, channel_id, show = moved.guild_id, moved.channel_id, moved.show

        def work(tx: sqlite3.Connection) -> tuple[bool, Scope | None]:
            if _read(tx, guild_id, channel_id, show) != moved.point:
                return False, None
            if before is not None:
                return True, _write(tx, Scope(guild_id, channel_id, show, before, now))
            _delete(tx, guild_id, channel_id, show)
            return True, None

        def keep(done: tuple[bool, Scope | None]) -> None:
            is_done, scope = done
            if scope is not None:
                self._keep(scope)
            elif is_done:
                self._drop_scopes(guild_id, channel_id, show)

        is_done, _ = await self._db.run(work, keep)
        return is_done

    async def remove(self, guild_id: int, channel_id: int, show: str | None = None) -> int:
        """Remove the scope of one show in a channel, or all without a show; returns how many.

        Raises `DatabaseError`.
        """
        return await self._db.run(
            lambda tx: _delete(tx, guild_id, channel_id, show),
            lambda _: self._drop_scopes(guild_id, channel_id, show),
        )

    def _keep(self, scope: Scope) -> None:
        channels = self._scopes.setdefault(scope.guild_id, {})
        channels.setdefault(scope.channel_id, {})[scope.show] = scope

    def _drop_scopes(self, guild_id: int, channel_id: int, show: str | None) -> None:
        channels = self._scopes.get(guild_id, {})
        scopes = channels.get(channel_id, {})
        for gone in tuple(scopes) if show is None else (show,):
            scopes.pop(gone, None)
        if not scopes:
            channels.pop(channel_id, None)
        if not channels:
            self._scopes.pop(guild_id, None)


def _read(tx: sqlite3.Connection, guild_id: int, channel_id: int, show: str) -> Point | None:
    row = tx.execute(
        "SELECT episode, minute FROM scope WHERE guild_id = ? AND channel_id = ? AND show = ?",
        (guild_id, channel_id, show),
    ).fetchone()
    return None if row is None else Point(*row)


def _write(tx: sqlite3.Connection, scope: Scope) -> Scope:
    point = scope.point
    tx.execute(
        "INSERT INTO scope (guild_id, channel_id, show, episode, minute, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, channel_id, show) DO UPDATE SET"
        " episode = excluded.episode, minute = excluded.minute,"
        " updated_at = excluded.updated_at",
        (
            scope.guild_id,
            scope.channel_id,
            scope.show,
            point.episode,
            point.minute,
            scope.updated_at,
        ),
    )
    return scope


def _delete(tx: sqlite3.Connection, guild_id: int, channel_id: int, show: str | None) -> int:
    """Delete the scope of one show in a channel, or all without a show; returns how many."""
    if show is None:
        return tx.execute(
            "DELETE FROM scope WHERE guild_id = ? AND channel_id = ?", (guild_id, channel_id)
        ).rowcount
    return tx.execute(
        "DELETE FROM scope WHERE guild_id = ? AND channel_id = ? AND show = ?",
        (guild_id, channel_id, show),
    ).rowcount


def read_scopes(tx: sqlite3.Connection) -> list[Scope]:
    """Every scope of every server."""
    rows = tx.execute("SELECT guild_id, channel_id, show, episode, minute, updated_at FROM scope")
    return [
        Scope(guild_id, channel_id, show, Point(episode, minute), updated_at)
        for guild_id, channel_id, show, episode, minute, updated_at in rows
    ]
