"""Snapshots: what people can change in the world, to be put back after each thing they tried."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from cogs.shows import importer_of
from data.catalog.conversion import imported
from data.catalog.imports import Imports
from data.news.reminders import Reminders
from data.news.store import Newsroom
from data.parties.store import Parties
from data.points import Point
from data.rooms.store import Rooms
from data.time_zones import TimeZones
from tests.support.world import World

# How far people are is moved all the time, and put back by itself; the others nobody can change.
LEFT_ALONE = {"progress", "show", "memory"}
IMPORTED = ("imported_show", "shelf")

Tables = dict[str, list[tuple[Any, ...]]]


class Snapshot:
    """What is stored, and the messages that stand, at the moment when it was last taken."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tables: Tables = {}
        self._writes = 0
        self._messages: dict[int, Any] = {}

    async def take(self) -> None:
        self._tables, self._writes = await self._world.bot.db.run(_read)

    def keep(self, channel_id: int, id: int) -> None:
        """Let this message stand from now on."""
        stored = self._world.env.backend.messages[channel_id][id]
        self._messages[id] = replace(stored)

    def let_go(self, id: int) -> None:
        del self._messages[id]

    def has_changed(self) -> bool:
        """Whether anything was written since, if only somebody's progress."""
        connection: Any = self._world.bot.db._connection  # noqa: SLF001  # asked without its thread
        return self._writes != connection.total_changes

    async def points(self) -> dict[int, str]:
        """Where each hidden message belongs now, by their ids."""
        return await self._world.bot.db.run(_points)

    async def restore(self) -> None:
        """Put back what is stored; what is kept in memory of it is read anew."""
        bot, before = self._world.bot, self._tables
        there, self._writes = await bot.db.run(_read)
        if there == before:
            return
        self._writes = await bot.db.run(lambda tx: _write(tx, before))
        vars(bot.rooms).update(vars(await Rooms.open(bot.db)))
        vars(bot.newsroom).update(vars(await Newsroom.open(bot.db)))
        vars(bot.reminders).update(vars(await Reminders.open(bot.db)))
        vars(bot.parties).update(vars(await Parties.open(bot.db)))
        vars(bot.zones).update(vars(await TimeZones.open(bot.db)))
        bot.stubs.clear_cache()
        if there["writing"] != before["writing"]:
            for guild in bot.guilds:
                await bot.writings.reread(guild.id)
        if any(there[name] != before[name] for name in IMPORTED):
            await self._import_anew()

    async def _import_anew(self) -> None:
        """What a moderator took off or chose otherwise is in the library, too."""
        bot, importer = self._world.bot, importer_of(self._world.bot)
        vars(importer.imports).update(vars(await Imports.open(bot.db)))
        bot.library.put(map(imported, await importer.imports.entries()), imported=True)
        for guild_id in importer.imports.shelves():
            importer.shelve(guild_id)

    def restore_messages(self, *, changed: bool) -> None:
        """Take away what was posted, and put back what was changed or deleted, if anything was."""
        messages = self._world.env.backend.messages
        for stored in messages.values():
            for id in [id for id in stored if id not in self._messages]:
                del stored[id]
        for id, kept in self._messages.items() if changed else ():
            messages.setdefault(kept.channel_id, {})[id] = replace(kept)


def _points(tx: sqlite3.Connection) -> dict[int, str]:
    rows = tx.execute("SELECT id, episode, minute FROM stub").fetchall()
    return {id: Point(episode, minute).token for id, episode, minute in rows}


def _names(tx: sqlite3.Connection) -> list[str]:
    found = tx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return [name for (name,) in found if name not in LEFT_ALONE and not name.startswith("sqlite_")]


def _read(tx: sqlite3.Connection) -> tuple[Tables, int]:
    tables = {
        name: sorted(tx.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608
        for name in _names(tx)
    }
    return tables, tx.total_changes


def _write(tx: sqlite3.Connection, tables: Tables) -> int:
    tx.execute("PRAGMA defer_foreign_keys = 1")
    for name in tables:
        tx.execute(f"DELETE FROM {name}")  # noqa: S608  # the database's own names
    for name, rows in tables.items():
        for row in rows:
            places = ", ".join("?" * len(row))
            tx.execute(f"INSERT INTO {name} VALUES ({places})", row)  # noqa: S608
    return tx.total_changes
