"""How SQLite means to answer what a store asks: by an index, or through a whole table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from data.storage.database import Database

WORDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# The schema, which the program asks for its tables, is small whatever is stored; nothing but what
# is left over is in an index of that; what was chosen by an index is gone through.
SMALL = ("CONSTANT ROW", "SCAN chosen", "made", "pragma_table_info", "stub_leftover")


@asynccontextmanager
async def asked(db: Database) -> AsyncIterator[set[str]]:
    """Every statement that is run inside, its values filled in."""
    statements: list[str] = []
    found: set[str] = set()
    await db.run(lambda tx: tx.set_trace_callback(statements.append))
    try:
        yield found
    finally:
        await db.run(lambda tx: tx.set_trace_callback(None))
        found.update(query for query in statements if query.startswith(WORDS))


async def scans(db: Database, queries: set[str]) -> list[tuple[str, str]]:
    """The statements that would go through a whole table, however long, and which."""
    return [
        (query, str(row[3]))
        for query in sorted(queries)
        for row in await db.run(
            lambda tx, q=query: tx.execute(f"EXPLAIN QUERY PLAN {q}").fetchall()
        )
        if "SCAN" in row[3] and not any(small in row[3] for small in SMALL)
    ]
