"""What data.news.store promises: news with all their corrections, and who is to be told of them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.news.status import News
from data.news.store import PACK_ORIGIN, PERSON_ORIGIN, NewsStore, Version
from data.news.subscriptions import Subscription, Subscriptions
from data.news_kinds import RUMOUR
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.data.conftest import NOW
from tests.support.forgetting import forget
from tests.support.news import (
    ANN,
    ATTIC,
    BEN,
    CELLAR,
    DAY,
    EVERYTHING,
    FOUND,
    LOUNGE,
    OTHERWISE,
    RENEWED,
    ROLE,
    TODAY,
    following,
    planned,
)
from tests.support.query_plans import asked, scans


class TestRecording:
    async def test_what_is_recorded_is_told_and_kept(
        self, db: Database, news_store: NewsStore
    ) -> None:
        assert await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW) == 1
        for store in (news_store, await NewsStore.open(db)):
            assert store.list("lost") == (RENEWED,)
            assert store.versions("lost", "r") == (
                Version("lost", RENEWED, 1, PERSON_ORIGIN, ANN, NOW),
            )

    async def test_what_was_meant_to_follow_another_revision_is_not_recorded(
        self, db: Database, news_store: NewsStore
    ) -> None:
        assert await news_store.record("lost", [RENEWED], after=1, now=NOW) == 0
        assert await news_store.record("lost", [RENEWED], after=0, now=NOW) == 1
        assert await news_store.record("lost", [OTHERWISE], after=0, now=NOW) == 0
        assert await news_store.record("lost", [OTHERWISE], after=1, now=NOW) == 1
        for store in (news_store, await NewsStore.open(db)):
            assert [one.news for one in store.versions("lost", "r")] == [RENEWED, OTHERWISE]

    async def test_of_two_who_say_at_once_what_follows_only_the_first_is_recorded(
        self, news_store: NewsStore
    ) -> None:
        told = (RENEWED, OTHERWISE)
        counts = await asyncio.gather(
            *(news_store.record("lost", [one], after=0, now=NOW) for one in told)
        )
        assert counts == [1, 0]
        assert news_store.list("lost") == (RENEWED,)

    async def test_only_the_revision_that_was_meant_is_taken_back(
        self, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [RENEWED], now=NOW)
        assert not await news_store.retract("lost", "r", by_id=ANN, after=2, now=NOW)
        assert news_store.list("lost") == (RENEWED,)
        assert await news_store.retract("lost", "r", by_id=ANN, after=1, now=NOW)
        assert news_store.list("lost") == ()

    async def test_of_a_show_without_news_there_are_none(self, news_store: NewsStore) -> None:
        assert news_store.list("lost") == news_store.versions("lost", "r") == ()
        assert news_store.since("lost", 0) == news_store.ever("lost") == ()

    async def test_they_are_listed_by_their_day_however_they_came(
        self, news_store: NewsStore
    ) -> None:
        older = replace(RENEWED, id="a", date=TODAY - timedelta(days=9))
        await news_store.record("lost", [RENEWED, older], now=NOW)
        assert news_store.list("lost") == (older, RENEWED)

    async def test_shows_do_not_mix(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [RENEWED], now=NOW)
        await news_store.record("dark", [OTHERWISE], now=NOW)
        assert news_store.list("lost") == (RENEWED,)
        assert news_store.list("dark") == (OTHERWISE,)

    async def test_the_same_again_says_nothing_new(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        assert await news_store.record("lost", [RENEWED], by_id=BEN, now=NOW + 1) == 0
        assert len(news_store.versions("lost", "r")) == 1

    async def test_the_same_id_with_other_contents_is_a_correction(
        self, db: Database, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        assert await news_store.record("lost", [OTHERWISE], by_id=BEN, now=NOW + 5) == 1
        first, second = news_store.versions("lost", "r")
        assert (first.news, first.revision, first.by_id) == (RENEWED, 1, ANN)
        assert second == Version("lost", OTHERWISE, 2, PERSON_ORIGIN, BEN, NOW + 5)
        assert news_store.list("lost") == (OTHERWISE,)
        assert (await NewsStore.open(db)).versions("lost", "r") == (first, second)

    async def test_of_one_id_given_twice_the_later_counts(self, news_store: NewsStore) -> None:
        assert await news_store.record("lost", [RENEWED, OTHERWISE], now=NOW) == 1
        assert news_store.versions("lost", "r")[0].news == OTHERWISE

    async def test_nothing_is_recorded_if_one_of_them_cannot_be(
        self, db: Database, news_store: NewsStore
    ) -> None:
        broken = replace(RENEWED, id="b", headline="")
        with pytest.raises(DatabaseError):
            await news_store.record("lost", [RENEWED, broken], now=NOW)
        assert news_store.list("lost") == (await NewsStore.open(db)).list("lost") == ()

    async def test_twenty_at_once_leave_one_revision_after_the_other(
        self, db: Database, news_store: NewsStore
    ) -> None:
        said = [replace(RENEWED, headline=f"Headline {n}") for n in range(20)]
        await asyncio.gather(*(news_store.record("lost", [one], now=NOW) for one in said))
        versions = news_store.versions("lost", "r")
        assert [version.revision for version in versions] == list(range(1, 21))
        assert (await NewsStore.open(db)).versions("lost", "r") == versions


class TestSources:
    async def test_a_source_corrects_itself(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [FOUND], now=NOW)
        later = replace(FOUND, headline="Another day")
        assert await news_store.record("lost", [later], now=NOW) == 1
        assert news_store.list("lost") == (later,)
        assert news_store.versions("lost", "f")[1].origin == "tvmaze"

    async def test_a_person_overrules_a_source_and_never_the_other_way_round(
        self, db: Database, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [FOUND], now=NOW)
        entered = replace(FOUND, season=3, found_by=None)
        assert await news_store.record("lost", [entered], by_id=ANN, now=NOW) == 1
        assert await news_store.record("lost", [FOUND], now=NOW) == 0
        for store in (news_store, await NewsStore.open(db)):
            assert store.list("lost") == (entered,)
            assert [version.origin for version in store.versions("lost", "f")] == [
                "tvmaze",
                PERSON_ORIGIN,
            ]

    async def test_what_a_person_took_back_no_source_tells_again(
        self, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [FOUND], now=NOW)
        await news_store.retract("lost", "f", by_id=ANN, now=NOW)
        assert await news_store.record("lost", [FOUND], now=NOW) == 0
        assert news_store.list("lost") == ()


class TestTakingBack:
    async def test_what_was_taken_back_is_told_no_more_but_known(
        self, db: Database, news_store: NewsStore
    ) -> None:
        await news_store.record("lost", [RENEWED], now=NOW)
        assert await news_store.retract("lost", "r", by_id=BEN, now=NOW + 1)
        for store in (news_store, await NewsStore.open(db)):
            assert store.list("lost") == store.since("lost", 0) == ()
            last = store.versions("lost", "r")[-1]
            assert last == Version(
                "lost", RENEWED, 2, PERSON_ORIGIN, BEN, NOW + 1, is_retracted=True
            )
            assert store.ever("lost") == (store.versions("lost", "r"),)

    async def test_there_must_be_something_to_take_back(self, news_store: NewsStore) -> None:
        assert not await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        await news_store.record("lost", [RENEWED], now=NOW)
        assert not await news_store.retract("dark", "r", by_id=ANN, now=NOW)
        assert await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        assert not await news_store.retract("lost", "r", by_id=ANN, now=NOW)

    async def test_it_can_be_told_again(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [RENEWED], now=NOW)
        await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        assert await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW) == 1
        assert news_store.list("lost") == (RENEWED,)
        assert [one.revision for one in news_store.versions("lost", "r")] == [1, 2, 3]


class TestPacks:
    async def test_a_packs_news_are_loaded_once(self, db: Database, news_store: NewsStore) -> None:
        assert await news_store.load({"lost": [RENEWED], "dark": []}, now=NOW) == 1
        assert news_store.versions("lost", "r")[0].origin == PACK_ORIGIN
        again = await NewsStore.open(db)
        assert await again.load({"lost": [RENEWED], "dark": []}, now=NOW + 1) == 0
        assert again.versions("lost", "r") == news_store.versions("lost", "r")

    async def test_what_a_pack_says_otherwise_is_a_correction(self, news_store: NewsStore) -> None:
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        assert await news_store.load({"lost": [OTHERWISE]}, now=NOW + 1) == 1
        assert news_store.list("lost") == (OTHERWISE,)

    async def test_what_a_pack_leaves_out_is_taken_back_and_may_return(
        self, news_store: NewsStore
    ) -> None:
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        assert await news_store.load({"lost": []}, now=NOW) == 1
        assert news_store.list("lost") == ()
        assert await news_store.load({"lost": []}, now=NOW) == 0
        assert await news_store.load({"lost": [RENEWED]}, now=NOW) == 1
        assert news_store.list("lost") == (RENEWED,)

    async def test_what_people_and_sources_said_stays(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        await news_store.record("lost", [FOUND], now=NOW)
        assert await news_store.load({"lost": []}, now=NOW) == 0
        assert set(news_store.list("lost")) == {RENEWED, FOUND}

    async def test_what_a_person_corrected_in_a_pack_outlives_a_restart(
        self, db: Database, news_store: NewsStore
    ) -> None:
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        await news_store.record("lost", [OTHERWISE], by_id=ANN, now=NOW)
        again = await NewsStore.open(db)
        assert await again.load({"lost": [RENEWED]}, now=NOW) == 0
        assert again.list("lost") == (OTHERWISE,)

    async def test_what_a_person_corrected_stays_when_the_pack_leaves_it_out(
        self, news_store: NewsStore
    ) -> None:
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        await news_store.record("lost", [OTHERWISE], by_id=ANN, now=NOW)
        assert await news_store.load({"lost": []}, now=NOW) == 0
        assert news_store.list("lost") == (OTHERWISE,)

    async def test_what_a_person_took_back_stays_so_until_the_pack_says_otherwise(
        self, news_store: NewsStore
    ) -> None:
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        await news_store.retract("lost", "r", by_id=ANN, now=NOW)
        assert await news_store.load({"lost": [RENEWED]}, now=NOW) == 0
        assert news_store.list("lost") == ()
        assert await news_store.load({"lost": [OTHERWISE]}, now=NOW) == 1
        assert news_store.list("lost") == (OTHERWISE,)

    async def test_a_pack_counts_as_a_person_for_a_source(self, news_store: NewsStore) -> None:
        await news_store.load({"lost": [replace(FOUND, found_by=None)]}, now=NOW)
        assert await news_store.record("lost", [replace(FOUND, season=3)], now=NOW) == 0


class TestSince:
    async def test_what_was_first_recorded_after_a_moment_is_told_as_it_is_now(
        self, news_store: NewsStore
    ) -> None:
        old, new = replace(RENEWED, id="old"), replace(RENEWED, id="new")
        await news_store.record("lost", [old], now=NOW)
        await news_store.record("lost", [new], now=NOW + 1)
        for one in (old, new):
            await news_store.record("lost", [replace(one, headline="Mended")], now=NOW + 2)
        (version,) = news_store.since("lost", NOW)
        assert (version.news.id, version.news.headline) == ("new", "Mended")
        assert news_store.since("dark", 0) == ()

    async def test_all_that_ever_was_is_in_order_and_whole(self, news_store: NewsStore) -> None:
        older = replace(RENEWED, id="a", date=TODAY - timedelta(days=9))
        await news_store.record("lost", [RENEWED, older], now=NOW)
        await news_store.record("lost", [OTHERWISE], now=NOW)
        await news_store.retract("lost", "a", by_id=None, now=NOW)
        assert [[one.revision for one in versions] for versions in news_store.ever("lost")] == [
            [1, 2],
            [1, 2],
        ]
        assert [versions[0].news.id for versions in news_store.ever("lost")] == ["a", "r"]


class TestPeople:
    async def test_editors_are_named_once_and_remembered(
        self, db: Database, news_store: NewsStore
    ) -> None:
        assert await news_store.editors() == {}
        assert await news_store.add_editor(BEN, now=NOW)
        assert await news_store.add_editor(ANN, now=NOW + 1)
        assert not await news_store.add_editor(BEN, now=NOW + 2)
        assert await (await NewsStore.open(db)).editors() == {BEN: NOW, ANN: NOW + 1}
        assert await news_store.remove_editor(BEN)
        assert not await news_store.remove_editor(BEN)
        assert await news_store.editors() == {ANN: NOW + 1}

    async def test_what_somebody_did_is_told_oldest_first(self, news_store: NewsStore) -> None:
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        await news_store.record("dark", [RENEWED], by_id=BEN, now=NOW)
        await news_store.record("dark", [OTHERWISE], by_id=ANN, now=NOW + 2)
        await news_store.retract("lost", "r", by_id=ANN, now=NOW + 1)
        assert [(one.show, one.revision) for one in news_store.entered(ANN)] == [
            ("lost", 1),
            ("lost", 2),
            ("dark", 2),
        ]

    async def test_who_entered_news_can_be_forgotten_and_the_news_stay(
        self, db: Database, news_store: NewsStore
    ) -> None:
        await news_store.add_editor(ANN, now=NOW)
        await news_store.add_editor(BEN, now=NOW)
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        await news_store.record("lost", [OTHERWISE], by_id=BEN, now=NOW)
        await forget(news_store, ANN, news_store.editor_erasure(), news_store.entered_erasure())
        for store in (news_store, await NewsStore.open(db)):
            assert store.entered(ANN) == ()
            assert len(store.entered(BEN)) == 1
            assert store.list("lost") == (OTHERWISE,)
            assert await store.editors() == {BEN: NOW}


async def test_recording_goes_through_no_whole_table(
    db: Database, news_store: NewsStore, subscriptions: Subscriptions
) -> None:
    """Else each piece of news would cost what all before it, and all who follow others, weigh."""
    await subscriptions.save(following())
    async with asked(db) as queries:
        await news_store.record("lost", [RENEWED], now=NOW)
        await news_store.record("lost", [OTHERWISE], now=NOW)
        await news_store.retract("lost", "r", by_id=ANN, now=NOW)
    assert queries
    assert await scans(db, queries) == []


kinds = st.sampled_from(["renewed", "dated", "cancelled"])
followers = st.lists(
    st.builds(
        following,
        channel=st.sampled_from([LOUNGE, ATTIC, CELLAR]),
        show=st.sampled_from(["lost", "dark", None]),
        kinds=st.frozensets(st.sampled_from(["renewed", "dated", RUMOUR]), min_size=1),
        role_id=st.sampled_from([None, ROLE]),
        since=st.integers(NOW - 3 * DAY, NOW + 3 * DAY),
        paused=st.sampled_from([None, None, "no_access"]),
    ),
    max_size=8,
)
items = st.builds(
    News,
    id=st.sampled_from(["a", "b"]),
    date=st.dates(TODAY - timedelta(days=3), TODAY),
    kind=kinds,
    season=st.sampled_from([None, 1]),
    confidence=st.sampled_from(["rumour", "reported"]),
    headline=st.sampled_from(["One", "Other"]),
)


def wanting(news: News, followed: Sequence[Subscription]) -> set[int]:
    """Who is told, as a plain reader of the rules sees it."""
    found = set[int]()
    for one in followed:
        wants = news.kind in one.kinds and (not news.is_rumour or RUMOUR in one.kinds)
        is_after = datetime.fromtimestamp(one.since, UTC).date() <= news.date
        if one.show in {None, "lost"} and wants and is_after and one.paused is None:
            found.add(one.channel_id)
    return found


@settings(max_examples=40)
@given(followers, items)
def test_who_is_told_is_who_asked_for_it(followed: list[Subscription], news: News) -> None:
    async def check(path: Path) -> None:
        db = await Database.open(path, now=NOW)
        news_store, subscriptions = await NewsStore.open(db), Subscriptions(db)
        # What is followed twice keeps the moment since when it is, so each is followed once.
        once = {(one.channel_id, one.show): one for one in reversed(followed)}
        for one in once.values():
            await subscriptions.save(one)
        await news_store.record("lost", [news], now=NOW)
        rows = await planned(db)
        await db.close()
        assert {channel for _, channel, _ in rows} == wanting(news, [*once.values()])
        assert len({channel for _, channel, _ in rows}) == len(rows)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder) / "bot.sqlite3"))


steps = st.one_of(
    st.tuples(st.just("record"), items),
    st.tuples(st.just("find"), items),
    st.tuples(st.just("retract"), items),
    st.tuples(st.just("load"), st.lists(items, max_size=2)),
    st.tuples(st.just("forget"), st.none()),
)


async def play(news_store: NewsStore, script: Sequence[tuple[str, Any]]) -> None:
    for number, (action, about) in enumerate(script):
        now = NOW + number
        if action == "record":
            await news_store.record("lost", [about], by_id=ANN, now=now)
        elif action == "find":
            await news_store.record("lost", [replace(about, found_by="tvmaze")], now=now)
        elif action == "retract":
            await news_store.retract("lost", about.id, by_id=ANN, now=now)
        elif action == "load":
            await news_store.load({"lost": about}, now=now)
        else:
            await forget(news_store, ANN, news_store.editor_erasure(), news_store.entered_erasure())


@settings(max_examples=40)
@given(st.lists(steps, max_size=15))
def test_memory_and_disk_agree_and_nothing_is_planned_twice(
    script: list[tuple[str, Any]],
) -> None:
    async def check(path: Path) -> None:
        db = await Database.open(path, now=NOW)
        news_store = await NewsStore.open(db)
        await Subscriptions(db).save(following(kinds=EVERYTHING, since=NOW - 9 * DAY))
        await play(news_store, script)
        stored, rows = await NewsStore.open(db), await planned(db)
        await db.close()
        assert stored.ever("lost") == news_store.ever("lost")
        revisions = {versions[-1].news.id: len(versions) for versions in stored.ever("lost")}
        for versions in stored.ever("lost"):
            assert [one.revision for one in versions] == [*range(1, len(versions) + 1)]
        # What says the same under another id is told once, so not all of it stands here.
        wanted = {subject: revision for subject, _, revision in rows}
        assert len(wanted) == len(rows)
        for subject, revision in wanted.items():
            assert revision <= revisions[subject.removeprefix("lost/").removesuffix("~")]

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(Path(folder) / "bot.sqlite3"))


class TestTwins:
    """The same news under two ids are told once."""

    async def test_a_pack_that_renames_its_news_tells_nothing_twice_and_takes_nothing_back(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.load({"lost": [RENEWED]}, now=NOW)
        renamed = replace(RENEWED, id="renamed")
        await news_store.load({"lost": [renamed]}, now=NOW)

        assert news_store.list("lost") == (renamed,)
        assert await planned(db) == [("lost/r", LOUNGE, 1)]

    async def test_a_pack_that_brings_what_somebody_entered_tells_nobody_again(
        self, db: Database, news_store: NewsStore, subscriptions: Subscriptions
    ) -> None:
        await subscriptions.save(following())
        await news_store.record("lost", [RENEWED], by_id=ANN, now=NOW)
        await news_store.load(
            {"lost": [replace(RENEWED, id="pack", headline="In other words")]}, now=NOW
        )

        assert [subject for subject, _, _ in await planned(db)] == ["lost/r"]
