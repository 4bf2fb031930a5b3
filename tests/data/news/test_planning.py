"""Which channels a piece of news is announced in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.news.store import NewsStore
from data.news.subscriptions import Subscriptions
from data.news_kinds import RUMOUR
from data.storage.database import Database
from tests.data.conftest import NOW
from tests.support.news import (
    ANN,
    ATTIC,
    CELLAR,
    EVERYTHING,
    HOME,
    LOUNGE,
    OTHERWISE,
    RENEWED,
    ROLE,
    SAID,
    TODAY,
    channels,
    following,
    planned,
)


class TestPlanning:
    async def test_whoever_follows_the_show_or_every_show_is_told(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        for one in (following(), following(ATTIC, "dark"), following(CELLAR, None, role_id=ROLE)):
            await subscriptions.save(one)
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 1), ("lost/r", CELLAR, 1)]

    async def test_only_who_wants_such_news_is_told(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(LOUNGE, kinds=frozenset(["renewed"])))
        await subscriptions.save(following(ATTIC, kinds=frozenset(["dated", RUMOUR])))
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await channels(db) == [LOUNGE]

    async def test_rumours_go_only_where_they_are_wanted_and_ping_nobody(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(LOUNGE, role_id=ROLE))
        await subscriptions.save(following(ATTIC, kinds=EVERYTHING, role_id=ROLE))
        await news_store.record("lost", [SAID], now=NOW)
        assert await planned(db) == [("lost/r~", ATTIC, 1)]

    async def test_a_rumour_that_is_reported_is_told_to_those_who_wanted_no_rumour(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(LOUNGE, role_id=ROLE))
        await subscriptions.save(following(ATTIC, kinds=EVERYTHING, role_id=ROLE))
        await news_store.record("lost", [SAID], now=NOW)
        await news_store.record("lost", [RENEWED], now=NOW)
        told = [("lost/r", LOUNGE, 2), ("lost/r", ATTIC, 2)]
        assert await planned(db) == [*told, ("lost/r~", ATTIC, 2)]

    async def test_a_paused_channel_is_not_told_now_or_later(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await subscriptions.pause(HOME, LOUNGE, "no_access")
        await news_store.record("lost", [RENEWED], now=NOW)
        await subscriptions.resume(HOME)
        await news_store.record("lost", [OTHERWISE], now=NOW)
        assert await planned(db) == []

    @pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (1, True)])
    async def test_news_dated_before_the_day_it_was_followed_are_not_told(
        self,
        db: Database,
        news_store: NewsStore,
        subscriptions: Subscriptions,
        days: int,
        told: bool,  # noqa: FBT001  # a case of the table
    ) -> None:
        await subscriptions.save(following(since=NOW))
        await news_store.record(
            "lost", [replace(RENEWED, date=TODAY + timedelta(days=days))], now=NOW
        )
        assert await channels(db) == ([LOUNGE] if told else [])

    async def test_a_channel_that_follows_twice_is_told_once_as_it_follows_the_show(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(show=None))
        await subscriptions.save(following(show="lost", role_id=ROLE))
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 1)]

    async def test_where_the_show_itself_is_followed_for_other_kinds_every_show_counts(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(show=None))
        await subscriptions.save(following(kinds=frozenset(["dated"]), role_id=ROLE))
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 1)]

    async def test_a_mended_word_is_told_to_nobody_new(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.record("lost", [RENEWED], now=NOW)
        await subscriptions.save(following(ATTIC))
        await news_store.record("lost", [OTHERWISE], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 2)]

    async def test_another_kind_is_told_to_those_who_want_that_one(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following(LOUNGE, kinds=frozenset(["renewed"])))
        await subscriptions.save(following(ATTIC, kinds=frozenset(["final"])))
        await news_store.record("lost", [RENEWED], now=NOW)
        await news_store.record("lost", [replace(RENEWED, kind="final")], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 2), ("lost/r", ATTIC, 2)]

    async def test_taking_back_is_wanted_where_it_was_told_and_told_nowhere_else(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.record("lost", [RENEWED], now=NOW)
        await subscriptions.save(following(ATTIC))
        await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 2)]

    async def test_what_is_told_again_is_told_to_those_who_came_meanwhile(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.record("lost", [RENEWED], now=NOW)
        await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        await subscriptions.save(following(ATTIC))
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 3), ("lost/r", ATTIC, 3)]

    async def test_a_packs_news_are_told_like_all_others(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        await news_store.load({"lost": []}, now=NOW)
        assert await planned(db) == [("lost/r", LOUNGE, 2)]

    async def test_what_says_nothing_new_plans_nothing(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await news_store.record("lost", [RENEWED], now=NOW)
        await subscriptions.save(following())
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await planned(db) == []

    async def test_each_announcement_has_a_nonce_of_its_own(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        for channel in range(1, 101):
            await subscriptions.save(following(channel))
        await news_store.record("lost", [RENEWED], now=NOW)
        nonces = await db.run(lambda tx: tx.execute("SELECT nonce FROM outbox").fetchall())
        assert len(set(nonces)) == 100
