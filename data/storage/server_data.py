"""Everything stored about a server, in all tables with a `guild_id`, found through the schema."""

from __future__ import annotations

import sqlite3

MOST_ERASED = 300  # of one table, at once


def stored_guilds(tx: sqlite3.Connection) -> set[int]:
    """The servers that have rows in other tables than `server`."""
    found = set[int]()
    for table in _server_tables(tx):
        if table != "server":
            rows = tx.execute(f"SELECT DISTINCT guild_id FROM {table}")  # noqa: S608  # no input
            found.update(guild_id for (guild_id,) in rows)
    return found


def erase_some(tx: sqlite3.Connection, guild_id: int) -> tuple[int, bool]:
    """Erase up to `MOST_ERASED` rows of one table; returns how many, and whether none are left.

    Rows that are deleted by a cascade are not counted. When no table has more rows than that, all
    tables are emptied in one step: so the settings of a server are either complete or gone.
    """
    tables = _server_tables(tx)
    for table in tables:
        if _has_many(tx, table, guild_id):
            return _erase(tx, table, guild_id), False
    return sum(_erase(tx, table, guild_id) for table in tables), True


def _has_many(tx: sqlite3.Connection, table: str, guild_id: int) -> bool:
    query = f"SELECT 1 FROM {table} WHERE guild_id = ? LIMIT 1 OFFSET ?"  # noqa: S608  # no input
    return tx.execute(query, (guild_id, MOST_ERASED)).fetchone() is not None


def _erase(tx: sqlite3.Connection, table: str, guild_id: int) -> int:
    """Erase by primary key: not all tables have a rowid."""
    keys = tx.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    key = ", ".join(name for (name,) in keys.fetchall())
    some = f"SELECT {key} FROM {table} WHERE guild_id = ? LIMIT ?"  # noqa: S608  # no input
    erase = f"DELETE FROM {table} WHERE ({key}) IN ({some})"  # noqa: S608  # no input
    return tx.execute(erase, (guild_id, MOST_ERASED)).rowcount


def _server_tables(tx: sqlite3.Connection) -> tuple[str, ...]:
    rows = tx.execute(
        "SELECT name FROM sqlite_schema AS made WHERE type = 'table' AND EXISTS"
        " (SELECT 1 FROM pragma_table_info(made.name) WHERE name = 'guild_id')"
        " ORDER BY name"
    )
    return tuple(str(name) for (name,) in rows)
