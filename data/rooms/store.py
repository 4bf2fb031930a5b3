"""Rooms: how far each channel may talk about each show, and what else each server has set."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from data.points import Point
from data.storage.database import Database
from data.storage.erasure import Erasure
from data.storage.server_data import erase_some, stored_guilds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """How far one channel may talk about one show; `updated_at` in UTC epoch seconds."""

    guild_id: int
    channel_id: int
    show: str
    point: Point
    updated_at: int


@dataclass(frozen=True, slots=True)
class Server:
    """What a server set. Hidden messages are kept `keep_days` days, at least one.

    `reports_to_cover` is how many reports of a message cover it without a moderator; 0: none do.
    """

    default_show: str | None = None
    log_channel: int | None = None
    keep_days: int = 365
    reports_to_cover: int = 0


UNSET = Server()


@dataclass(frozen=True, slots=True)
class Helper:
    """A member or a role whom a server trusts to cover for others."""

    id: int
    is_role: bool


class Rooms:
    """All scopes and settings: read from memory, written through after each commit.

    Holds nothing about people but which of them are helpers. A thread has scopes and a style of
    its own only; that it inherits its parent's is for the caller to know.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._scopes: dict[int, dict[int, dict[str, Scope]]] = {}
        self._servers: dict[int, Server] = {}
        self._styles: dict[int, dict[int, str]] = {}
        self._helpers: dict[int, frozenset[Helper]] = {}
        self._left: dict[int, int] = {}
        self._stored: set[int] = set()

    @classmethod
    async def open(cls, db: Database) -> Self:
        rooms = cls(db)
        await db.run(rooms._read_all)
        return rooms

    def _read_all(self, tx: sqlite3.Connection) -> None:
        for scope in _scopes(tx):
            self._keep(scope)
        for guild_id, left_at, *values in tx.execute(
            "SELECT guild_id, left_at, default_show, log_channel, keep_days, reports_to_cover"
            " FROM server"
        ):
            _put(self._servers, guild_id, _kept(Server(*values)))
            _put(self._left, guild_id, left_at)
        for guild_id, channel_id, style in tx.execute(
            "SELECT guild_id, channel_id, style FROM style"
        ):
            self._styles.setdefault(guild_id, {})[channel_id] = style
        helpers = tx.execute("SELECT guild_id, helper_id, is_role FROM helper")
        for guild_id, helper_id, is_role in helpers:
            helper = Helper(helper_id, bool(is_role))
            self._keep_helpers(guild_id, self._helpers_of(guild_id) | {helper})
        self._stored = stored_guilds(tx)

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

    def server(self, guild_id: int) -> Server:
        return self._servers.get(guild_id, UNSET)

    async def save_server(self, guild_id: int, server: Server) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "INSERT INTO server"
                " (guild_id, default_show, log_channel, keep_days, reports_to_cover)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (guild_id) DO UPDATE SET"
                " default_show = excluded.default_show, log_channel = excluded.log_channel,"
                " keep_days = excluded.keep_days, reports_to_cover = excluded.reports_to_cover",
                (
                    guild_id,
                    server.default_show,
                    server.log_channel,
                    server.keep_days,
                    server.reports_to_cover,
                ),
            )

        await self._db.run(work, lambda _: _put(self._servers, guild_id, _kept(server)))

    def keep_days(self) -> dict[int, int]:
        """The servers that keep hidden messages for another time than most do."""
        return {
            guild_id: server.keep_days
            for guild_id, server in self._servers.items()
            if server.keep_days != UNSET.keep_days
        }

    def default_show(self, guild_id: int) -> str | None:
        return self.server(guild_id).default_show

    async def set_default_show(self, guild_id: int, show: str | None) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "INSERT INTO server (guild_id, default_show) VALUES (?, ?)"
                " ON CONFLICT (guild_id) DO UPDATE SET default_show = excluded.default_show",
                (guild_id, show),
            )

        def keep(_: None) -> None:
            server = replace(self.server(guild_id), default_show=show)
            _put(self._servers, guild_id, _kept(server))

        await self._db.run(work, keep)

    def style(self, guild_id: int, channel_id: int) -> str | None:
        """How hidden messages look in a channel, `sealed` or `bars`; None: nobody said."""
        return self._styles.get(guild_id, {}).get(channel_id)

    async def set_style(self, guild_id: int, channel_id: int, style: str | None) -> None:
        def work(tx: sqlite3.Connection) -> None:
            tx.execute(
                "DELETE FROM style WHERE guild_id = ? AND channel_id = ?", (guild_id, channel_id)
            )
            if style is not None:
                tx.execute(
                    "INSERT INTO style (guild_id, channel_id, style) VALUES (?, ?, ?)",
                    (guild_id, channel_id, style),
                )

        await self._db.run(work, lambda _: self._keep_style(guild_id, channel_id, style))

    def helpers(self, guild_id: int) -> tuple[Helper, ...]:
        """Roles first."""
        helpers = self._helpers_of(guild_id)
        return tuple(sorted(helpers, key=lambda helper: (not helper.is_role, helper.id)))

    async def add_helper(self, guild_id: int, helper: Helper) -> bool:
        """False: it was one already."""

        def work(tx: sqlite3.Connection) -> bool:
            added = tx.execute(
                "INSERT INTO helper (guild_id, helper_id, is_role) VALUES (?, ?, ?)"
                " ON CONFLICT (guild_id, helper_id, is_role) DO NOTHING",
                (guild_id, helper.id, helper.is_role),
            )
            return added.rowcount == 1

        return await self._db.run(
            work, lambda _: self._keep_helpers(guild_id, self._helpers_of(guild_id) | {helper})
        )

    async def remove_helper(self, guild_id: int, helper: Helper) -> bool:
        """False: it was none."""

        def work(tx: sqlite3.Connection) -> bool:
            removed = tx.execute(
                "DELETE FROM helper WHERE guild_id = ? AND helper_id = ? AND is_role = ?",
                (guild_id, helper.id, helper.is_role),
            )
            return removed.rowcount == 1

        return await self._db.run(
            work, lambda _: self._keep_helpers(guild_id, self._helpers_of(guild_id) - {helper})
        )

    def trusting(self, user_id: int) -> tuple[int, ...]:
        """The servers whose moderators trust this member by name."""
        helper = Helper(user_id, is_role=False)
        return tuple(sorted(g for g, helpers in self._helpers.items() if helper in helpers))

    def erasure(self) -> Erasure[list[int]]:
        """Trust a member on no server any more; the result is the servers that trusted them."""
        erase = "DELETE FROM helper WHERE helper_id = ? AND is_role = 0 RETURNING guild_id"

        def work(tx: sqlite3.Connection, user_id: int) -> list[int]:
            return [guild_id for (guild_id,) in tx.execute(erase, (user_id,)).fetchall()]

        def then(user_id: int, guilds: list[int]) -> None:
            helper = Helper(user_id, is_role=False)
            for guild_id in guilds:
                self._keep_helpers(guild_id, self._helpers_of(guild_id) - {helper})

        return Erasure(("helper.helper_id",), work, then)

    async def forget_channel(self, guild_id: int, channel_id: int) -> None:
        """The channel is no more: forget its scopes, its style, and that the log goes there."""

        def work(tx: sqlite3.Connection) -> None:
            channel = (guild_id, channel_id)
            tx.execute("DELETE FROM scope WHERE guild_id = ? AND channel_id = ?", channel)
            tx.execute("DELETE FROM style WHERE guild_id = ? AND channel_id = ?", channel)
            tx.execute(
                "UPDATE server SET log_channel = NULL WHERE guild_id = ? AND log_channel = ?",
                channel,
            )

        def keep(_: None) -> None:
            self._drop(guild_id, channel_id, None)
            self._keep_style(guild_id, channel_id, None)
            if self.server(guild_id).log_channel == channel_id:
                server = replace(self.server(guild_id), log_channel=None)
                _put(self._servers, guild_id, _kept(server))

        await self._db.run(work, keep)

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
        """Every server about which something is stored, left or not.

        One that has nothing but hidden messages or reports is known from the next start on, which
        is when somebody has to ask whether the bot was removed from it.
        """
        return tuple(sorted(self._stored.union(*self._tables())))

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

    def _keep_style(self, guild_id: int, channel_id: int, style: str | None) -> None:
        styles = self._styles.get(guild_id, {})
        _put(styles, channel_id, style)
        _put(self._styles, guild_id, styles or None)

    def _keep_helpers(self, guild_id: int, helpers: frozenset[Helper]) -> None:
        _put(self._helpers, guild_id, helpers or None)

    def _helpers_of(self, guild_id: int) -> frozenset[Helper]:
        return self._helpers.get(guild_id, frozenset())

    def _forget(self, guild_id: int) -> None:
        self._stored.discard(guild_id)
        for table in self._tables():
            table.pop(guild_id, None)

    def _tables(self) -> tuple[dict[int, Any], ...]:
        """Everything in memory, by server."""
        return self._scopes, self._servers, self._styles, self._helpers, self._left


def _scopes(tx: sqlite3.Connection) -> Iterator[Scope]:
    rows = tx.execute("SELECT guild_id, channel_id, show, episode, minute, updated_at FROM scope")
    for guild_id, channel_id, show, episode, minute, updated_at in rows:
        yield Scope(guild_id, channel_id, show, Point(episode, minute), updated_at)


def _kept(server: Server) -> Server | None:
    """None for one that set nothing: most did not, and memory need not hold them."""
    return None if server == UNSET else server


def _put(table: dict[int, T], guild_id: int, value: T | None) -> None:
    if value is None:
        table.pop(guild_id, None)
    else:
        table[guild_id] = value
