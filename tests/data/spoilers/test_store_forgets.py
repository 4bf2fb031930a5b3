"""What the store of hidden messages removes, and when."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial

import pytest

from data.spoilers import rows as stub_rows
from data.spoilers.deletion import STEP_ROWS
from data.spoilers.store import (
    BARS_STYLE,
    COVER,
    GONE,
    POSTED,
    POSTING,
    UNDOING,
    HourlyLimitError,
    Stubs,
)
from data.storage.database import Database
from tests.data.conftest import NOW
from tests.support.stubs import (
    ANN,
    ATTIC,
    AWAY,
    BEN,
    BOT,
    CAT,
    DAY,
    EMPTIED,
    FULL,
    HOME,
    HOUR,
    LOUNGE,
    STUB,
    WORDS,
    forgotten,
    post,
    rows,
)


class TestRemoving:
    async def test_it_goes_once_and_leaves_neither_text_nor_files_nor_who_waits(
        self, db: Database, stubs: Stubs
    ) -> None:
        posted = await post(stubs, STUB, 9)
        assert await stubs.keep(BEN, posted.id, now=NOW)
        assert await stubs.remove(posted.id) == posted
        assert await stubs.remove(posted.id) is None
        assert await rows(db) == [1, 0, 0]
        assert await stubs.get(posted.id) is None
        assert await stubs.read(posted.id) is None
        assert await stubs.files(posted.id) == ()
        assert await stubs.list(ANN) == ()
        assert await stubs.claim(posted.id, POSTED, UNDOING, now=NOW) is None

    async def test_a_message_that_was_not_deleted_is_known_until_it_is(self, stubs: Stubs) -> None:
        first, second = [
            await post(stubs, replace(STUB, kind=COVER, source_id=n), n, now=NOW + n)
            for n in (9, 10)
        ]
        await stubs.save(STUB, WORDS, now=NOW)
        assert await stubs.undeleted_messages(limit=9) == ()
        for stub in (second, first):
            await stubs.remove(stub.id)
        left = [replace(stub, state=GONE, reply_to=None) for stub in (first, second)]
        assert await stubs.undeleted_messages(limit=9) == tuple(left)
        assert await stubs.undeleted_messages(limit=1) == (left[0],)
        await stubs.mark_checked(first.id, now=NOW + 99)
        assert await stubs.undeleted_messages(limit=1) == (left[1],)

        await stubs.mark_deleted(second.id)
        assert await stubs.undeleted_messages(limit=9) == (left[0],)
        assert await stubs.get(first.id) is None
        assert await stubs.read(first.id) is None

    async def test_only_of_what_is_gone_the_message_is_cleared(self, stubs: Stubs) -> None:
        posted = await post(stubs, STUB, 9)
        await stubs.mark_deleted(posted.id)
        await stubs.mark_deleted(5)
        assert await stubs.get(posted.id) == posted

    async def test_the_message_of_one_that_is_gone_can_be_anothers(self, stubs: Stubs) -> None:
        await stubs.remove((await post(stubs, STUB, 9)).id)
        again = await post(stubs, STUB, 9)
        await stubs.remove(again.id)
        assert len(await stubs.undeleted_messages(limit=9)) == 2

    async def test_a_channel_takes_its_own_along(self, db: Database, stubs: Stubs) -> None:
        await post(stubs, STUB, 9)
        await stubs.remove((await post(stubs, STUB, 10)).id)
        others = [
            await post(stubs, replace(STUB, channel_id=ATTIC), 11),
            await post(stubs, replace(STUB, guild_id=AWAY), 12),
        ]
        assert await stubs.remove_channel(HOME, LOUNGE) == 1
        assert await rows(db) == [2, 4, 0]
        assert [await stubs.get(other.id) for other in others] == others


class TestPeople:
    async def test_they_see_all_that_is_theirs(self, stubs: Stubs) -> None:
        own = await stubs.save(STUB, FULL, now=NOW)
        covered = await post(
            stubs, replace(STUB, kind=COVER, by_id=BEN, source_id=5), 9, now=NOW + 1
        )
        shared = await stubs.save(replace(STUB, author_id=BEN, by_id=BEN), WORDS, now=NOW + 2)
        assert await stubs.list(ANN) == ((covered, EMPTIED), (own, EMPTIED))
        assert await stubs.list(BEN) == ((shared, WORDS), (covered, EMPTIED))
        assert await stubs.list(CAT) == ()

    async def test_forgetting_leaves_no_trace_of_one_and_all_of_others(
        self, db: Database, stubs: Stubs
    ) -> None:
        await stubs.save(STUB, FULL, now=NOW)
        await post(stubs, replace(STUB, kind=COVER, by_id=BEN, source_id=5), 9)
        await stubs.remove((await stubs.save(STUB, WORDS, now=NOW)).id)
        other = await post(stubs, replace(STUB, author_id=CAT, by_id=CAT), 10)
        for member in (ANN, BEN):
            await stubs.keep(member, other.id, now=NOW)

        assert await forgotten(stubs, ANN) == 2
        assert await forgotten(stubs, ANN) == 0
        assert await rows(db) == [1, 2, 1]
        assert await stubs.kept(BEN) == (other,)
        assert await stubs.files(other.id) == FULL.files
        left = await db.run(lambda tx: list(tx.iterdump()))
        assert not [
            line for line in left if line.startswith(f'INSERT INTO "waiting" VALUES({ANN},')
        ]

    async def test_what_they_covered_of_others_stays_as_if_the_bot_had(self, stubs: Stubs) -> None:
        cover = await post(stubs, replace(STUB, kind=COVER, by_id=BEN, source_id=5), 9)
        assert await forgotten(stubs, BEN) == 0
        assert await stubs.list(BEN) == ()
        assert await stubs.read(cover.id) == (replace(cover, by_id=BOT), EMPTIED)

    @pytest.mark.parametrize("author", [ANN, BEN])
    async def test_to_be_forgotten_does_not_get_one_round_the_limit(
        self, stubs: Stubs, author: int
    ) -> None:
        await stubs.save(replace(STUB, author_id=author), WORDS, now=NOW)
        await forgotten(stubs, ANN, now=NOW + 10)
        with pytest.raises(HourlyLimitError) as caught:
            await stubs.save(STUB, WORDS, now=NOW + 11)
        assert caught.value.retry_after == HOUR - 1
        await stubs.save(replace(STUB, by_id=CAT), WORDS, now=NOW + 11)
        await stubs.save(STUB, WORDS, now=NOW + 10 + HOUR)

    async def test_who_made_none_lately_may_go_on_at_once(self, stubs: Stubs) -> None:
        await stubs.save(STUB, WORDS, now=NOW - HOUR)
        await stubs.save(replace(STUB, by_id=BEN), WORDS, now=NOW)
        await forgotten(stubs, ANN)
        assert await stubs.save(STUB, WORDS, now=NOW)


class TestExpiring:
    async def test_each_server_keeps_them_for_its_own_time(
        self, db: Database, stubs: Stubs
    ) -> None:
        ages = {HOME: (9, 10, 11), AWAY: (29, 30, 31), 300: (4, 5, 6)}
        for guild, days in ages.items():
            for day in days:
                stub = replace(STUB, guild_id=guild)
                await post(stubs, stub, guild * 100 + day, now=NOW - day * DAY)
        assert await stubs.expire(now=NOW, keep_days={AWAY: 30, 300: 5}, default_days=10) == 3
        found = [
            (stub.guild_id, (NOW - stub.created_at) // DAY) for stub, _ in await stubs.list(ANN)
        ]
        assert sorted(found) == [(HOME, 9), (HOME, 10), (AWAY, 29), (AWAY, 30), (300, 4), (300, 5)]
        assert await rows(db) == [6, 12, 0]

    async def test_more_than_are_deleted_at_once_all_go(self, db: Database, stubs: Stubs) -> None:
        many = 2 * STEP_ROWS + 1

        def fill(tx: sqlite3.Connection, guild: int) -> None:
            for _ in range(many):
                stub = replace(STUB, guild_id=guild, state=POSTING, id=stub_rows.random_stub_id())
                stub_rows.insert(tx, stub, "key", b"sealed")

        for guild in (HOME, AWAY):
            await db.run(partial(fill, guild=guild))
        assert await stubs.remove_channel(HOME, LOUNGE) == many
        assert await stubs.expire(now=NOW, keep_days={}, default_days=1) == many
        assert await rows(db) == [0, 0, 0]

    async def test_drafts_and_what_is_left_of_those_gone_stay_a_day(
        self, db: Database, stubs: Stubs
    ) -> None:
        await stubs.save(STUB, WORDS, now=NOW)
        gone = await post(stubs, STUB, 9)
        await stubs.remove(gone.id)
        await stubs.mark_deleted(gone.id)
        kept = await post(stubs, STUB, 10)
        expire = {"keep_days": {HOME: 365}, "default_days": 365}
        assert await stubs.expire(now=NOW + DAY, **expire) == 0
        assert await stubs.expire(now=NOW + DAY + 1, **expire) == 2
        assert await rows(db) == [1, 2, 0]
        assert await stubs.get(kept.id) == kept

    async def test_what_is_left_of_one_stays_while_its_message_does(self, stubs: Stubs) -> None:
        gone = await post(stubs, STUB, 9)
        await stubs.remove(gone.id)
        assert await stubs.expire(now=NOW + 9 * DAY, keep_days={}, default_days=10) == 0
        assert await stubs.undeleted_messages(limit=9)
        assert await stubs.expire(now=NOW + 11 * DAY, keep_days={}, default_days=10) == 1

    async def test_bars_stay_as_their_words_do(self, stubs: Stubs) -> None:
        bars = [
            await post(stubs, replace(STUB, style=BARS_STYLE, guild_id=guild), guild)
            for guild in (HOME, AWAY)
        ]
        expire = {"now": NOW + 9 * DAY, "keep_days": {AWAY: 5}, "default_days": 5}
        assert await stubs.expire(**expire) == 0
        assert [await stubs.get(stub.id) for stub in bars] == bars
        await stubs.remove(bars[0].id)
        assert await stubs.expire(**expire) == 1
