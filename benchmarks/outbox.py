"""Plans one piece of news for many subscriptions, beside plainly writing as many rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from data.news import planning
from data.news.planning import NewsPlan
from data.news.subject import NewsSubject
from data.news_kinds import KIND_BITS, RENEWED
from data.storage.database import Database

ENOUGH = 0.7  # goal, as a part of the rows that a plain `executemany` writes in the same time
NOW, DAY = 1_628_000_000, 24 * 60 * 60
ROUNDS = 5

_ROWS = (
    "INSERT INTO outbox (topic, subject, guild_id, channel_id, nonce, state, due_at, wanted,"
    " publish, created_at) VALUES ('plain', ?, 1, ?, ?, 'due', ?, 1, 0, ?)"
)


@dataclass(frozen=True, slots=True)
class Planning:
    """Rows a second that planning made, and that `executemany` wrote beside it."""

    planned: float
    plain: float

    @property
    def ratio(self) -> float:
        return self.planned / self.plain


async def measure_planning(folder: Path, subscriptions: int) -> Planning:
    """Plan and write that many rows in turns; `folder` is there and holds nothing."""
    db = await Database.open(folder / "outbox.sqlite3", now=NOW)
    try:
        await db.run(lambda tx: _subscribe(tx, subscriptions))
        planned, plain = list[float](), list[float]()
        for number in range(ROUNDS):
            plan = NewsPlan(NewsSubject("show", f"news {number}"), 1, KIND_BITS[RENEWED], NOW + DAY)
            rows = [
                (f"plain {number}", channel, f"{number:012x}{channel:012x}", NOW, NOW)
                for channel in range(1, subscriptions + 1)
            ]
            planned.append(await _timed(db, lambda tx, plan=plan: planning.plan(tx, plan, NOW)))
            plain.append(await _timed(db, lambda tx, rows=rows: tx.executemany(_ROWS, rows)))
    finally:
        await db.close()
    return Planning(subscriptions / median(planned), subscriptions / median(plain))


async def _timed(db: Database, work: Callable[[sqlite3.Connection], object]) -> float:
    begun = perf_counter()
    await db.run(work)
    return perf_counter() - begun


def _subscribe(tx: sqlite3.Connection, subscriptions: int) -> None:
    tx.executemany(
        "INSERT INTO subscription (guild_id, channel_id, show, kinds, publishes, since)"
        " VALUES (1, ?, 'show', ?, 0, ?)",
        [(channel, KIND_BITS[RENEWED], NOW) for channel in range(1, subscriptions + 1)],
    )
