"""What survives a kill at any moment: everything that was acknowledged, and a sound file."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from data.points import Point
from data.progress import Progress
from data.rooms.store import Rooms
from data.storage.database import Database
from tests.support import ROOT

NOW = 1_628_000_000
KILLS = 25
MEMBERS = range(1, 5)
GUILD = 100

Last = dict[tuple[str, int], int]
WRITERS = [(what, number) for what in ("progress", "scope") for number in MEMBERS]


async def write_until_killed(path: Path, start: int) -> None:
    """Save progress and scopes side by side; say of each, once it is acknowledged, that it is."""
    db = await Database.open(path, now=start)
    progress, rooms = await Progress.open(db), await Rooms.open(db)
    acknowledge("opened", 0, start)

    async def members(writer: int) -> None:
        for number in range(start, start + 100_000):
            await progress.save(writer, "show", Point(f"e{number}"), now=number)
            acknowledge("progress", writer, number)

    async def moderators(writer: int) -> None:
        for number in range(start, start + 100_000):
            await rooms.save(GUILD, writer, "show", Point(f"e{number}"), now=number)
            acknowledge("scope", writer, number)

    await asyncio.gather(*map(members, MEMBERS), *map(moderators, MEMBERS))


def acknowledge(what: str, writer: int, number: int) -> None:
    print(what, writer, number, flush=True)  # noqa: T201  # the parent counts these lines


def kill_after(acknowledgements: int, path: Path, start: int) -> list[str]:
    """Run a writer, kill it, and return every line it got out before that."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.data.storage.test_crash", str(path), str(start)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(acknowledgements)]
        child.kill()
        lines += child.stdout.read().splitlines(keepends=True)
    assert child.returncode == -signal.SIGKILL
    return [line for line in lines if line.endswith("\n")]


def last_acknowledged(lines: list[str]) -> Last:
    last: Last = {}
    for line in lines:
        what, writer, number = line.split()
        last[what, int(writer)] = int(number)
    return last


async def stored(path: Path) -> Last:
    """What the bot finds when it starts again."""
    db = await Database.open(path, now=NOW)
    progress, rooms = await Progress.open(db), await Rooms.open(db)
    await db.close()
    found: Last = {}
    for writer in MEMBERS:
        if mark := progress.get(writer, "show"):
            found["progress", writer] = int(str(mark.point.episode)[1:])
            assert mark.updated_at == found["progress", writer]
        if scope := rooms.scope(GUILD, writer, "show"):
            found["scope", writer] = int(str(scope.episode)[1:])
    return found


def possible(acknowledged: int | None, before: int | None, start: int) -> set[int | None]:
    """Where a writer may stand: one more may have been saved, and the word of it not got out."""
    if acknowledged is None:
        return {before, start}
    return {acknowledged, acknowledged + 1}


def test_nothing_acknowledged_is_lost_in_25_kills(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    dice = random.Random(20210806)
    before: Last = {}
    start = 0
    for _ in range(KILLS):
        acknowledged = last_acknowledged(kill_after(dice.randrange(1, 200), path, start))
        found = asyncio.run(stored(path))
        for writer in WRITERS:
            assert found.get(writer) in possible(
                acknowledged.get(writer), before.get(writer), start
            )
        before, start = found, max(found.values(), default=0) + 1
    assert before.keys() == set(WRITERS)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


if __name__ == "__main__":
    asyncio.run(write_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
