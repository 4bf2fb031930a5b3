"""What has to work with a kind of news that was only added to the two tables; run as a script."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.cli.pack_template import optional_tables
from bot.news.announcement import announcement_lines
from bot.news.editor_commands import KIND_CHOICES
from bot.news.editor_input import EditorInput, news_from
from bot.news.follow import PRESETS, in_words
from bot.news.headlines import headline_of
from bot.news.timeline import timeline
from data.news.status import News, fate_of, status_of
from data.news.store import NewsStore, Version
from data.news.subscriptions import Subscription, Subscriptions
from data.outbox import Outbox
from data.packs.tables import NewsTable, Pack
from data.storage.database import Database

KIND, SHOW = "postponed", "show"
DAY = date(2026, 3, 1)
NOW = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
POSTPONED = News("a", DAY, KIND, 2, "reported", "They need more time")


def check_pack() -> None:
    table = {"id": "a", "date": DAY, "kind": KIND, "confidence": "reported", "headline": "Later"}
    assert NewsTable.model_validate(table).kind == KIND
    assert f'"{KIND}"' in str(Pack.model_json_schema()).replace("'", '"')
    assert KIND in optional_tables("GUIDE")


def check_status() -> None:
    rumour = replace(POSTPONED, id="b", kind="renewed", confidence="rumour")
    cancelled = replace(POSTPONED, id="c", date=date(2026, 4, 1), kind="cancelled")
    status, fate = status_of([POSTPONED]), fate_of(rumour, [rumour, POSTPONED])
    assert status is not None
    assert status.news == POSTPONED
    assert fate is not None
    assert fate.verdict == "borne out"
    own = replace(POSTPONED, confidence="rumour")
    overruled = fate_of(own, [own, cancelled])
    assert overruled is not None
    assert overruled.verdict == "contradicted"


def check_words() -> None:
    assert headline_of(KIND, 2, "reported") == "Season 2 will come later"
    assert [one for one in KIND_CHOICES if one.value == KIND and one.name == "Postponed"]
    given = EditorInput(kind=KIND, link="https://example.com/a", season=2)
    assert news_from(given, today=DAY).headline == "Season 2 will come later"
    assert KIND in PRESETS["dates"]
    assert KIND not in PRESETS["decisions"]
    assert in_words(frozenset([KIND])) == "only postponed"
    told = Version(SHOW, POSTPONED, 1, "person", None, NOW)
    assert "Postponed, season 2" in timeline([[told]])[0][0].text


async def check_stores(path: Path) -> None:
    db = await Database.open(path, now=NOW)
    try:
        subscriptions, news_store = Subscriptions(db), await NewsStore.open(db)
        told, untold = frozenset([KIND]), frozenset(["renewed"])
        for channel, kinds in ((1, told), (2, untold)):
            saved = await subscriptions.save(Subscription(7, channel, SHOW, kinds, NOW))
            assert saved.kinds == kinds
        assert await news_store.record(SHOW, [POSTPONED], now=NOW) == 1
        (row,) = await Outbox(db).claim(limit=9, now=NOW)
        assert row.channel_id == 1
        reopened = await NewsStore.open(db)
        assert reopened.list(SHOW) == (POSTPONED,)
        lines = announcement_lines("A Show", reopened.versions(SHOW, "a")[-1])
        assert "**Postponed: season 2 comes later.**" in lines
    finally:
        await db.close()


if __name__ == "__main__":
    check_pack()
    check_status()
    check_words()
    asyncio.run(check_stores(Path(sys.argv[1])))
    print("every check passed")  # noqa: T201  # what the test waits for
