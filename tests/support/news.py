"""News, and channels that follow them, for tests of the stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from data.citations import Citation
from data.news.status import News
from data.news.subscriptions import Subscription
from data.news_kinds import KIND_BITS, RUMOUR
from data.storage.database import Database
from tests.data.conftest import NOW

ANN, BEN = 11, 2**63 - 1
HOME, AWAY = 100, 200  # servers
LOUNGE, ATTIC, CELLAR = 101, 102, 201  # channels
ROLE = 900
DAY = 86_400
TODAY = datetime.fromtimestamp(NOW, UTC).date()
EVERYTHING = frozenset(KIND_BITS)
SURE = EVERYTHING - {RUMOUR}
CITED = (Citation("a.example"), Citation("b.example", "B | ü", "https://b.example/x"))
RENEWED = News("r", TODAY, "renewed", 2, "reported", "Season 2 is ordered", CITED)
SAID = replace(RENEWED, confidence="rumour")
FOUND = replace(RENEWED, id="f", found_by="tvmaze")
OTHERWISE = replace(RENEWED, headline="Otherwise")


def following(
    channel: int = LOUNGE, show: str | None = "lost", kinds: frozenset[str] = SURE, **more: Any
) -> Subscription:
    guild = AWAY if channel == CELLAR else HOME
    return Subscription(guild, channel, show, kinds, **{"since": NOW - DAY} | more)


async def planned(db: Database) -> list[tuple[str, int, int]]:
    """What is to be told: subject, channel and revision."""
    query = "SELECT subject, channel_id, wanted FROM outbox ORDER BY subject, channel_id"
    return await db.run(lambda tx: tx.execute(query).fetchall())


async def channels(db: Database) -> list[int]:
    return [channel for _, channel, _ in await planned(db)]
