"""Everything that is stored of one server, in whatever table: those are asked for, not listed."""

from __future__ import annotations

import sqlite3


def stored_guilds(tx: sqlite3.Connection) -> set[int]:
    """The servers that have rows beside the one of their settings."""
    found = set[int]()
    for table in _tables(tx):
        if table != "server":
            rows = tx.execute(f"SELECT DISTINCT guild_id FROM {table}")  # noqa: S608  # no input
            found.update(guild_id for (guild_id,) in rows)
    return found


def erase_guild(tx: sqlite3.Connection, guild_id: int) -> int:
    """Erase every row of a server; returns how many, those that go with them not counted."""
    return sum(
        tx.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,)).rowcount  # noqa: S608
        for table in _tables(tx)
    )


def _tables(tx: sqlite3.Connection) -> tuple[str, ...]:
    """`server` last: without it nothing would say any more that the rest has to go."""
    rows = tx.execute(
        "SELECT name FROM sqlite_schema AS made WHERE type = 'table' AND EXISTS"
        " (SELECT 1 FROM pragma_table_info(made.name) WHERE name = 'guild_id')"
        " ORDER BY name = 'server', name"
    )
    return tuple(str(name) for (name,) in rows)
