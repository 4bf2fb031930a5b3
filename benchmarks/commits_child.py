"""Times writes of many at once in the checkout that it is started in; prints a line of JSON."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

PRESSES, AT_ONCE = 100, 1000
REACTIONS_A_SECOND, SECONDS = 60, 10
WRITE = (
    "INSERT INTO memory (key, value) VALUES (?, '1')"
    " ON CONFLICT (key) DO UPDATE SET value = value + 1"
)


def database_class() -> Any:  # noqa: ANN401  # of whichever version
    # By what lies here: an installed version would answer for a module that is missing.
    has_packages = Path("data", "storage").is_dir()
    name = "data.storage.database" if has_packages else "data.database"
    return importlib.import_module(name).Database


async def write(db: Any, key: str) -> float:  # noqa: ANN401
    """Seconds until a small write is acknowledged."""
    begun = perf_counter()
    await db.run(lambda tx: tx.execute(WRITE, (key,)).rowcount)
    return perf_counter() - begun


async def press(db: Any, user: int) -> float:  # noqa: ANN401
    """The first press of a day: noted as a regular beside it, saved, and read what waited there."""
    begun = perf_counter()
    noting = asyncio.create_task(write(db, f"regular {user}"))
    await write(db, f"progress {user}")
    await db.run(lambda tx: tx.execute("SELECT count(*) FROM waiting").fetchone())
    answered = perf_counter() - begun
    await noting
    return answered


async def reactions(db: Any) -> list[float]:  # noqa: ANN401
    """How long another server's writes take while a party reacts."""
    tasks, waits = list[asyncio.Task[float]](), list[asyncio.Task[float]]()
    for number in range(REACTIONS_A_SECOND * SECONDS):
        tasks.append(asyncio.create_task(write(db, "reaction")))
        if number % 10 == 0:
            waits.append(asyncio.create_task(write(db, "another server")))
        await asyncio.sleep(1 / REACTIONS_A_SECOND)
    await asyncio.gather(*tasks)
    return sorted(await asyncio.gather(*waits))


async def main(what: str) -> None:
    with TemporaryDirectory() as folder:
        db = await database_class().open(Path(folder) / "a.sqlite3", now=1)
        if what == "presses":
            times = sorted(await asyncio.gather(*(press(db, user) for user in range(PRESSES))))
            told = {"median": times[len(times) // 2], "last": times[-1]}
        elif what == "reactions":
            times = await reactions(db)
            told = {"p99": times[int(len(times) * 0.99) - 1]}
        else:
            begun = perf_counter()
            await asyncio.gather(*(write(db, str(n)) for n in range(AT_ONCE)))
            told = {"all": perf_counter() - begun}
        await db.close()
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
