"""Settings: what the moderators of each server have set for it and for its channels."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from data.rooms.memory import set_or_remove
from data.storage.database import Database
from data.storage.erasure import Erasure


@dataclass(frozen=True, slots=True)
class Server:
    """The settings of a server. Hidden messages are kept for `keep_days` days, at least one.

    `reports_to_cover` is how many reports cover a message without a moderator; 0: never.
    """

    default_show: str | None = None
    log_channel: int | None = None
    keep_days: int = 365
    reports_to_cover: int = 0


UNSET = Server()


@dataclass(frozen=True, slots=True)
class Helper:
    """A member or a role that a server trusts to cover what others wrote."""

    id: int
    is_role: bool


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """The settings of all servers, each with the server's id first."""

    servers: list[tuple[int, Server]]
    styles: list[tuple[int, int, str]]
    helpers: list[tuple[int, Helper]]


def read_settings(tx: sqlite3.Connection) -> StoredSettings:
    """Every setting of every server."""
    servers = tx.execute(
        "SELECT guild_id, default_show, log_channel, keep_days, reports_to_cover FROM server"
    )
    styles = tx.execute("SELECT guild_id, channel_id, style FROM style")
    helpers = tx.execute("SELECT guild_id, helper_id, is_role FROM helper")
    return StoredSettings(
        [(guild_id, Server(*values)) for guild_id, *values in servers],
        styles.fetchall(),
        [(guild_id, Helper(id, bool(is_role))) for guild_id, id, is_role in helpers],
    )


class Settings:
    """All settings: read from memory, which is updated after each commit.

    About people only the helpers are stored. A thread has only its own style here.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._servers: dict[int, Server] = {}
        self._styles: dict[int, dict[int, str]] = {}
        self._helpers: dict[int, frozenset[Helper]] = {}

    def _take_settings(self, stored: StoredSettings) -> None:
        for guild_id, server in stored.servers:
            self._keep_server(guild_id, server)
        for guild_id, channel_id, style in stored.styles:
            self._styles.setdefault(guild_id, {})[channel_id] = style
        for guild_id, helper in stored.helpers:
            self._keep_helpers(guild_id, self._helpers_of(guild_id) | {helper})

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

        await self._db.run(work, lambda _: self._keep_server(guild_id, server))

    def keep_days(self) -> dict[int, int]:
        """The days that hidden messages are kept, for servers that changed the default."""
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
            self._keep_server(guild_id, server)

        await self._db.run(work, keep)

    def style(self, guild_id: int, channel_id: int) -> str | None:
        """How hidden messages look in a channel, `sealed` or `bars`; None if it is not set."""
        return self._styles.get(guild_id, {}).get(channel_id)

    def styles(self, guild_id: int) -> dict[int, str]:
        """Every style of a server that is fixed, by channel."""
        return dict(self._styles.get(guild_id, {}))

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
        """The helpers of a server: roles first, then members, each sorted by id."""
        helpers = self._helpers_of(guild_id)
        return tuple(sorted(helpers, key=lambda helper: (not helper.is_role, helper.id)))

    async def add_helper(self, guild_id: int, helper: Helper) -> bool:
        """Add a helper; returns False if it is one already. Raises `DatabaseError`."""

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
        """Remove a helper; returns False if it is none. Raises `DatabaseError`."""

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
        """The servers on which this member is a helper, not counting roles."""
        helper = Helper(user_id, is_role=False)
        return tuple(sorted(g for g, helpers in self._helpers.items() if helper in helpers))

    def erasure(self) -> Erasure[list[int]]:
        """Removes a member from the helpers of all servers; the result is their ids."""
        erase = "DELETE FROM helper WHERE helper_id = ? AND is_role = 0 RETURNING guild_id"

        def work(tx: sqlite3.Connection, user_id: int) -> list[int]:
            return [guild_id for (guild_id,) in tx.execute(erase, (user_id,)).fetchall()]

        def then(user_id: int, guilds: list[int]) -> None:
            helper = Helper(user_id, is_role=False)
            for guild_id in guilds:
                self._keep_helpers(guild_id, self._helpers_of(guild_id) - {helper})

        return Erasure(("helper.helper_id",), work, then)

    def _keep_server(self, guild_id: int, server: Server) -> None:
        """Servers with default settings are not kept in memory."""
        set_or_remove(self._servers, guild_id, None if server == UNSET else server)

    def _keep_style(self, guild_id: int, channel_id: int, style: str | None) -> None:
        styles = self._styles.get(guild_id, {})
        set_or_remove(styles, channel_id, style)
        set_or_remove(self._styles, guild_id, styles or None)

    def _keep_helpers(self, guild_id: int, helpers: frozenset[Helper]) -> None:
        set_or_remove(self._helpers, guild_id, helpers or None)

    def _helpers_of(self, guild_id: int) -> frozenset[Helper]:
        return self._helpers.get(guild_id, frozenset())
