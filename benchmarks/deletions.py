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
SECONDS = 10
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


async def waits_beside(db: Database, work: Awaitable[object]) -> tuple[list[float], float]:
    """How long others wait for a write while `work` runs, sorted, and how long it runs itself."""
    begun, waits = time.perf_counter(), list[float]()
    task = asyncio.ensure_future(work)
    while not task.done():
        asked = time.perf_counter()
        await db.remember("somebody", "else")
        waits.append(time.perf_counter() - asked)
    await task
    return sorted(waits), time.perf_counter() - begun


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
            waits, took = await waits_beside(db, work(db, store))
            log = path.with_name("bot.sqlite3-wal").stat().st_size / MB
        finally:
            await db.close()
    print(
        f"{what}: others wait {waits[-1] * 1000:.0f} ms at most, 99 of 100"
        f" {waits[len(waits) * 99 // 100] * 1000:.0f}, all in {took:.2f} s, log {log:.0f} MB"
    )
    return waits[-1] <= LONGEST_WAIT


async def forget(db: Database, stubs: Stubs) -> None:
    begun = time.perf_counter()
    await erase(db, MEMBER, [stubs.erasure(heir=BOT, now=NOW)])
    print(f"  answered after {(time.perf_counter() - begun) * 1000:.0f} ms")
    await stubs.delete_hidden()


async def expire(_: Database, stubs: Stubs) -> None:
    await stubs.expire(now=NOW, keep_days={}, default_days=1)


async def rest(*_: object) -> None:
    """What others wait for the disk by itself, as other programs use it too."""
    await asyncio.sleep(SECONDS)


async def main() -> int:
    await measured("nothing is deleted", 60, 60, rest)
    goals = [
        await measured("forget 5,000 with 60 files", 5000, 60, forget),
        await measured("expire 60 covers", 60, 60, expire),
    ]
    return 0 if all(goals) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
