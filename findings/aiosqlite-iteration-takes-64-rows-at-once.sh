#!/usr/bin/env bash
# aiosqlite 0.22.1: leaving `async for row in cursor` early loses the rows that were fetched with it.
#
# It fetches 64 rows at a time (iter_chunk_size) and hands them out one by one. After a `break` the
# cursor stands behind all of them, so the next fetch skips those that were never handed out.
#
# Guessed: as in sqlite3, that the next fetch gives the row after the one at which one stopped.
# Seen:    sqlite3 goes on with row 1, aiosqlite with row 64.
set -euo pipefail

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
python3 -m venv venv
venv/bin/python -m pip --disable-pip-version-check --quiet install aiosqlite==0.22.1

cat >look.py <<'END'
import asyncio
import sqlite3

import aiosqlite

NUMBERS = (
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) SELECT i FROM n"
)


async def look():
    cursor = sqlite3.connect(":memory:").execute(NUMBERS)
    for row in cursor:
        break
    print(f"sqlite3: stopped at {row[0]}, then {cursor.fetchone()[0]}")

    async with aiosqlite.connect(":memory:") as db:
        cursor = await db.execute(NUMBERS)
        async for row in cursor:
            break
        print(f"aiosqlite: stopped at {row[0]}, then {(await cursor.fetchone())[0]}")


asyncio.run(look())
END

venv/bin/python -W ignore look.py | tee seen.txt
diff - seen.txt <<'END'
sqlite3: stopped at 0, then 1
aiosqlite: stopped at 0, then 64
END
