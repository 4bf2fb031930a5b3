"""Snapshots: what people can change in the world, to be put back after each thing they tried."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

from bot.shows.requests import importer_of
from data.catalog.conversion import pack_of_entry
from data.catalog.imports import Imports
from data.news.reminders import Reminders
from data.news.store import NewsStore
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
        self._children = dict[str, set[str]]()
        self._writes = 0
        self._messages: dict[int, Any] = {}

    async def take(self) -> None:
        db = self._world.bot.db
        self._tables, self._writes = await db.run(_read)
        self._children = await db.run(partial(_children, names=self._tables))

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
        bot = self._world.bot
        work = partial(_put_back, before=self._tables, children=self._children)
        changed, self._writes = await bot.db.run(work)
        if not changed:
            return
        vars(bot.rooms).update(vars(await Rooms.open(bot.db)))
        vars(bot.news_store).update(vars(await NewsStore.open(bot.db)))
        vars(bot.reminders).update(vars(await Reminders.open(bot.db)))
        vars(bot.parties).update(vars(await Parties.open(bot.db)))
        vars(bot.zones).update(vars(await TimeZones.open(bot.db)))
        bot.stubs.clear_cache()
        if "writing" in changed:
            for guild in bot.guilds:
                await bot.contributions.reread(guild.id)
        if not changed.isdisjoint(IMPORTED):
            await self._import_anew()

    async def _import_anew(self) -> None:
        """What a moderator took off or chose otherwise is in the library, too."""
        bot, importer = self._world.bot, importer_of(self._world.bot)
        vars(importer.imports).update(vars(await Imports.open(bot.db)))
        bot.library.put(map(pack_of_entry, await importer.imports.entries()), imported=True)
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
    tables = {name: _rows(tx, name) for name in _names(tx)}
    return tables, tx.total_changes


def _rows(tx: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    return tx.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608  # the database's own name


def _put_back(
    tx: sqlite3.Connection, before: Tables, children: dict[str, set[str]]
) -> tuple[set[str], int]:
    """Which tables had changed, and now hold again what they held before."""
    changed = {name for name, rows in before.items() if _rows(tx, name) != rows}
    if changed:
        rewritten = _with_children(changed, children)
        _write(tx, before, [name for name in before if name in rewritten])
    return changed, tx.total_changes


def _children(tx: sqlite3.Connection, names: Collection[str]) -> dict[str, set[str]]:
    """The tables that refer to each table."""
    children = {name: set[str]() for name in names}
    for name in names:
        query = 'SELECT "table" FROM pragma_foreign_key_list(?)'
        for (parent,) in tx.execute(query, (name,)):
            children.setdefault(parent, set()).add(name)
    return children


def _with_children(names: set[str], children: dict[str, set[str]]) -> set[str]:
    """These tables and whatever refers to them: a deleted row may take others along."""
    found, left = set[str](), set(names)
    while left:
        found |= left
        left = {child for name in left for child in children[name]} - found
    return found


def _write(tx: sqlite3.Connection, tables: Tables, names: list[str]) -> None:
    tx.execute("PRAGMA defer_foreign_keys = 1")
    for name in names:
        tx.execute(f"DELETE FROM {name}")  # noqa: S608  # the database's own names
    for name in names:
        if rows := tables[name]:
            places = ", ".join("?" * len(rows[0]))
            tx.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608
