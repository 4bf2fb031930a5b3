"""Rooms: scopes, settings, departures and greetings in one store."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any, Self

from data.rooms.departures import Departures, read_departures
from data.rooms.greetings import Greetings
from data.rooms.scopes import Scope, Scopes, read_scopes
from data.rooms.settings import Settings, StoredSettings, read_settings
from data.storage.database import Database

Stored = tuple[list[Scope], StoredSettings, tuple[dict[int, int], set[int]]]


class Rooms(Scopes, Settings, Departures, Greetings):
    """Scopes, settings, departures and greetings, and what concerns several of them."""

    def __init__(self, db: Database) -> None:
        Scopes.__init__(self, db)
        Settings.__init__(self, db)
        Departures.__init__(self, db)
        Greetings.__init__(self, db)

    @classmethod
    async def open(cls, db: Database) -> Self:
        rooms = cls(db)
        await db.run(
            lambda tx: (read_scopes(tx), read_settings(tx), read_departures(tx)), rooms._take
        )
        return rooms

    def _take(self, stored: Stored) -> None:
        scopes, settings, departures = stored
        self._take_scopes(scopes)
        self._take_settings(settings)
        self._take_departures(departures)

    async def forget_channel(self, guild_id: int, channel_id: int) -> None:
        """Erase a deleted channel's scopes and style, and unset it as the log channel.

        Raises `DatabaseError`.
        """

        def work(tx: sqlite3.Connection) -> None:
            channel = (guild_id, channel_id)
            tx.execute("DELETE FROM scope WHERE guild_id = ? AND channel_id = ?", channel)
            tx.execute("DELETE FROM style WHERE guild_id = ? AND channel_id = ?", channel)
            tx.execute(
                "UPDATE server SET log_channel = NULL WHERE guild_id = ? AND log_channel = ?",
                channel,
            )

        def keep(_: None) -> None:
            self._drop_scopes(guild_id, channel_id, None)
            self._keep_style(guild_id, channel_id, None)
            if self.server(guild_id).log_channel == channel_id:
                server = replace(self.server(guild_id), log_channel=None)
                self._keep_server(guild_id, server)

        await self._db.run(work, keep)

    def _by_server(self) -> tuple[dict[int, Any], ...]:
        return self._scopes, self._servers, self._styles, self._helpers, self._left
