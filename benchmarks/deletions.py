"""What others wait while a member has much erased, and while many covers expire."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet

from data.points import Point
from data.spoilers.rows import insert, random_stub_id
from data.spoilers.store import POSTING, SPOILER, Stub, Stubs
from data.storage.database import Database
from data.storage.encryption import Cipher
from data.storage.erasure import erase
from data.storage.trusted_time import TrustedTime

NOW = TrustedTime(1_790_000_000)
DAY = 24 * 60 * 60
MEMBER, BOT = 1, 2
MB = 1024 * 1024
LONGEST_WAIT = 0.1  # seconds, the goal


def fill(tx: sqlite3.Connection, stubs: int, files: int) -> None:
    """So many stubs of a member, and a file of 8 MB under so many of them."""
    for number in range(stubs):
        id = random_stub_id()
        stub = Stub(3, 4, SPOILER, MEMBER, MEMBER, "show", Point("e1"), state=POSTING, id=id)
        insert(tx, stub, "key", os.urandom(600))
        if number < files:
            tx.execute("INSERT INTO stub_file VALUES (?, 0, 'key', ?)", (id, os.urandom(8 * MB)))
    tx.execute("UPDATE stub SET created_at = ?", (NOW - 5 * DAY,))


async def longest_wait(db: Database, work: Awaitable[object]) -> tuple[float, float]:
    """The longest wait of others for a write while `work` runs, and how long it runs itself."""
    begun, longest = time.perf_counter(), 0.0
    task = asyncio.ensure_future(work)
    while not task.done():
        asked = time.perf_counter()
        await db.remember("somebody", "else")
        longest = max(longest, time.perf_counter() - asked)
    await task
    return longest, time.perf_counter() - begun


async def measured(
    what: str, stubs: int, files: int, work: Callable[[Database, Stubs], Awaitable[object]]
) -> bool:
    with TemporaryDirectory(dir=Path(__file__).parent) as folder:
        path = Path(folder) / "bot.sqlite3"
        db = await Database.open(path, now=NOW)
        try:
            await db.run(lambda tx: fill(tx, stubs, files))
            for _ in range(3):
                await db.remember("the log", "is begun anew, without all that was filled in")
            store = Stubs(db, Cipher([Fernet.generate_key().decode()]))
            waited, took = await longest_wait(db, work(db, store))
            log = path.with_name("bot.sqlite3-wal").stat().st_size / MB
        finally:
            await db.close()
    print(
        f"{what}: others wait {waited * 1000:.0f} ms at most, all in {took:.2f} s, log {log:.0f} MB"
    )
    return waited <= LONGEST_WAIT


async def forget(db: Database, stubs: Stubs) -> None:
    begun = time.perf_counter()
    await erase(db, MEMBER, [stubs.erasure(heir=BOT, now=NOW)])
    print(f"  answered after {(time.perf_counter() - begun) * 1000:.0f} ms")
    await stubs.delete_hidden()


async def expire(_: Database, stubs: Stubs) -> None:
    await stubs.expire(now=NOW, keep_days={}, default_days=1)


async def main() -> int:
    goals = [
        await measured("forget 5,000 with 60 files", 5000, 60, forget),
        await measured("expire 60 covers", 60, 60, expire),
    ]
    return 0 if all(goals) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
