"""What news.poller promises: sources are asked seldom, believed slowly, and forgiven everything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.news.poller import ALWAYS_PLAUSIBLE, FAILURES_IN_A_ROW, MOST_IN_ROUND
from bot.sources import SourceError
from data.catalog.listing import ListedSeason
from data.news.sightings import Sightings
from data.news.status import News
from data.news.store import NewsStore
from data.points import DAY, HOUR, MONTH, WEEK
from data.storage.database import Database
from data.storage.errors import DatabaseError
from tests.support.polling import (
    DATED,
    NOW,
    OUT,
    PREMIERE,
    STUB,
    TODAY,
    Catalogue,
    Other,
    World,
    show,
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    db = await Database.open(tmp_path / "bot.sqlite3", now=NOW)
    yield World(db, Catalogue(), await Sightings.open(db), await NewsStore.open(db))
    await db.close()


class TestTelling:
    async def test_a_new_season_is_told_after_a_second_look_a_day_later(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", STUB)
        await world.poll(after=HOUR)
        await world.poll(after=DAY - HOUR)
        assert world.news() == []
        await world.poll(after=HOUR)

        (news,) = world.news()
        assert news.id == "tvmaze-renewed-s2-2021-08-04"
        assert news.headline == "TVmaze lists season 2; no day is given"
        assert news.citations[0].url == "https://www.tvmaze.com/shows/1"
        assert world.told == 1

    async def test_it_is_told_once_however_often_it_is_seen(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        for _ in range(9):
            world.say(1, "running", STUB)
            await world.poll(after=DAY)

        assert len(world.news()) == world.told == 1

    async def test_what_it_says_at_first_is_no_news(self, world: World) -> None:
        world.follow(1)
        world.say(1, "running", STUB)
        for _ in range(9):
            await world.poll(after=DAY)

        assert world.news() == []
        assert world.told == 0

    async def test_what_flaps_is_not_told(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        for turn in range(12):
            world.say(1, "ended" if turn % 2 else "running", OUT)
            await world.poll(after=DAY)

        assert world.news() == []

    async def test_another_day_corrects_the_same_news(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", DATED)
        await world.poll(after=DAY)
        await world.poll(after=DAY)
        world.say(1, "running", (*OUT, ListedSeason(2, PREMIERE + timedelta(days=7))))
        await world.poll(after=DAY)
        await world.poll(after=DAY)

        assert world.headlines() == [
            f"TVmaze lists season 2, to begin on {PREMIERE + timedelta(days=7)}"
        ]
        assert len(world.news_store.versions("show-1", world.news()[0].id)) == 2

    async def test_a_season_is_told_when_its_day_has_come_though_nothing_changed(
        self, world: World
    ) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", (*DATED, ListedSeason(3)))
        begins = int(datetime.combine(PREMIERE, time(), UTC).timestamp())
        await world.poll(after=DAY)
        while world.now < begins + 3 * DAY:
            await world.poll(after=HOUR)

        assert world.headlines() == [
            f"TVmaze lists season 2, to begin on {PREMIERE}",
            "TVmaze lists season 2 as out",
            "TVmaze lists season 3; no day is given",
        ]
        assert [one.date for one in world.news()[1:]] == [PREMIERE, PREMIERE + timedelta(days=1)]

    async def test_a_show_that_is_over_is_still_watched(self, world: World) -> None:
        world.follow(1)
        world.say(1, "ended", OUT)
        await world.settle()
        world.say(1, "running", STUB)
        world.source.touched = set()  # it does not even say so
        await world.poll(after=MONTH)
        await world.poll(after=DAY)

        assert [one.kind for one in world.news()] == ["revived"]

    async def test_what_a_person_entered_is_not_told_and_not_overridden(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        said = News("said", TODAY, "cancelled", 2, "confirmed", "It is over")
        await world.news_store.record("show-1", [said], by_id=1, now=world.now)
        world.say(1, "ended", OUT)
        await world.poll(after=DAY)
        await world.poll(after=DAY)

        assert world.news() == [said]
        assert world.told == 0

    async def test_a_silent_one_is_what_later_ones_are_compared_to(self, world: World) -> None:
        await self.test_what_a_person_entered_is_not_told_and_not_overridden(world)
        world.say(1, "running", STUB)
        await world.poll(after=DAY)
        await world.poll(after=DAY)

        assert [one.kind for one in world.news()] == ["cancelled", "revived"]

    async def test_two_sources_that_agree_are_one_piece_of_news(self, world: World) -> None:
        other = Other()
        world.more = [other]
        world.restart()
        world.follow(1)
        other.ids, other.listings, other.touched = world.source.ids, world.source.listings, None
        await world.settle()
        world.say(1, "running", STUB)
        for _ in range(4):
            await world.poll(after=DAY)

        assert [one.found_by for one in world.news()] == ["tvmaze"]

    async def test_a_bot_killed_between_news_and_sighting_tells_it_once(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", STUB)
        await world.poll(after=DAY)
        waiting = world.sightings.of("show-1", "tvmaze")
        await world.poll(after=DAY)
        await world.sightings.save_many([waiting])
        await world.poll(after=DAY)

        assert len(world.news()) == 1
        assert len(world.news_store.versions("show-1", world.news()[0].id)) == 1
        assert world.sightings.of("show-1", "tvmaze").confirmation.waiting is None
        assert world.told == 1


class TestAsking:
    @pytest.mark.parametrize("count", [1, 7, 300])
    async def test_one_call_tells_what_changed_for_any_number_of_shows(
        self, world: World, count: int
    ) -> None:
        world.follow(*range(1, count + 1))
        await world.settle()
        world.source.away.clear()
        world.say(1, "running", OUT)

        assert await world.poll(after=HOUR) == [1]
        assert len(world.source.away) == 1

    async def test_what_changed_and_nobody_follows_is_not_fetched(self, world: World) -> None:
        world.follow(1, 2)
        await world.settle()
        world.shows.pop()
        world.source.touched = {2, 3}

        assert await world.poll(after=HOUR) == []

    async def test_it_is_asked_hourly_at_most_even_over_a_restart(self, world: World) -> None:
        world.follow(1)
        await world.poll()
        await world.poll(after=HOUR - 1)
        world.sightings = await Sightings.open(world.db)
        world.restart()
        await world.poll()
        assert len(world.source.away) == 1
        await world.poll(after=1)

        assert len(world.source.away) == 2

    async def test_it_is_asked_about_the_time_since_it_answered_last(self, world: World) -> None:
        world.follow(1)
        await world.poll()
        await world.poll(after=HOUR)
        world.source.is_down = True
        await world.poll(after=3 * HOUR)
        world.source.is_down = False
        await world.poll(after=9 * DAY)

        assert world.source.away == [0, HOUR, 3 * HOUR, 9 * DAY + 3 * HOUR]

    async def test_a_clock_that_was_ahead_does_not_silence_it(self, world: World) -> None:
        world.follow(1)
        await world.poll(after=4000 * DAY)
        await world.poll(after=-3990 * DAY)

        assert world.source.away == [0, MONTH]
        assert world.source.asked_for == [1]

    async def test_all_are_looked_at_again_every_month_and_no_sooner(self, world: World) -> None:
        world.follow(1, 2)
        world.say(2, "ended", OUT)
        await world.settle()

        assert await world.poll(after=MONTH - 1) == []
        assert await world.poll(after=HOUR) == [1, 2]

    async def test_one_that_comes_later_than_in_a_month_is_looked_at_before(
        self, world: World
    ) -> None:
        world.follow(1)
        world.say(1, "running", DATED)
        await world.settle()

        assert await world.poll(after=MONTH) == [1]

    async def test_where_it_cannot_tell_what_changed_all_are_looked_at_daily(
        self, world: World
    ) -> None:
        world.source.touched = None
        world.follow(1)
        await world.settle()

        assert await world.poll(after=DAY - HOUR) == []
        assert await world.poll(after=HOUR) == [1]

    async def test_what_it_does_not_list_is_sought_again_in_a_week(self, world: World) -> None:
        world.shows.append(show(1))
        await world.poll()
        await world.poll(after=WEEK - 1)
        assert world.source.sought == ["show-1"]
        world.shows.clear()
        world.follow(1)
        await world.poll(after=HOUR)

        assert world.source.sought == ["show-1", "show-1"]
        assert world.sightings.of("show-1", "tvmaze").listed_id == 1

    async def test_a_show_is_sought_once_and_then_known_by_its_id(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.source.ids["show-1"] = 2
        world.say(1, "running", OUT)

        assert await world.poll(after=DAY) == [1]
        assert world.source.sought == ["show-1"]

    async def test_another_id_in_the_pack_begins_anew(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.shows[:] = [replace(show(1), tvmaze=2)]
        world.say(1, "running", STUB)
        world.say(2, "ended", OUT)
        await world.poll(after=DAY)
        await world.poll(after=DAY)
        await world.poll(after=DAY)

        assert world.sightings.of("show-1", "tvmaze").listed_id == 2
        assert world.news() == []

    async def test_a_round_is_not_endless_and_the_next_goes_on(self, world: World) -> None:
        world.follow(*range(1, MOST_IN_ROUND + 3))
        first = await world.poll()
        second = await world.poll(after=HOUR)

        assert (len(first), len(second)) == (MOST_IN_ROUND, 2)
        assert not set(first) & set(second)

    async def test_a_second_poll_at_once_does_nothing(self, world: World) -> None:
        world.follow(1)
        world.source.may_answer.clear()
        first = asyncio.create_task(world.poller.poll())
        await world.source.is_asked.wait()
        world.now += DAY
        await world.poller.poll()
        assert len(world.source.away) == 1
        world.source.may_answer.set()
        await first

        assert world.source.asked_for == [1]

    async def test_it_says_when_it_was_answered_last(self, world: World) -> None:
        assert world.poller.last_success("tvmaze") is None
        world.follow(1)
        await world.poll()
        world.source.is_down = True
        await world.poll(after=HOUR)
        world.sightings = await Sightings.open(world.db)
        world.restart()

        assert world.poller.last_success("tvmaze") == NOW
        world.source.is_down = False
        await world.poll(after=DAY)
        assert world.poller.last_success("tvmaze") == world.now

    async def test_one_that_cannot_tell_what_changed_answers_by_its_shows(
        self, world: World
    ) -> None:
        world.source.touched = None
        world.follow(1)
        await world.settle()
        await world.poll(after=HOUR)

        assert world.poller.last_success("tvmaze") == NOW + DAY


class TestFaults:
    async def test_a_source_that_is_down_is_asked_later_and_later(self, world: World) -> None:
        world.follow(1)
        world.source.is_down = True
        tried = list[int]()
        for hour in range(100):
            await world.poll(after=HOUR)
            if len(world.source.away) > len(tried):
                tried.append(hour)
        gaps = [later - earlier for earlier, later in pairwise(tried)]
        assert gaps == [2, 4, 8, 16, 24, 24]
        world.source.is_down = False
        await world.poll(after=DAY)
        await world.poll(after=HOUR)

        assert len(world.source.away) == len(tried) + 2

    async def test_nothing_changes_while_it_is_down(self, world: World) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", STUB)
        await world.poll(after=HOUR)
        before = world.sightings.list("show-1")
        world.source.is_down = True
        for _ in range(9):
            await world.poll(after=DAY)
        assert world.sightings.list("show-1") == before
        assert world.news() == []
        world.source.is_down = False
        await world.poll(after=DAY)

        assert [one.kind for one in world.news()] == ["renewed"]

    async def test_after_some_failures_in_a_row_it_is_left_alone(self, world: World) -> None:
        world.follow(*range(1, 10))
        world.source.faults = dict.fromkeys(range(1, 10), SourceError("it is overloaded"))

        assert len(await world.poll()) == FAILURES_IN_A_ROW
        assert await world.poll(after=HOUR) == []

    async def test_failures_with_answers_between_them_stop_nothing(self, world: World) -> None:
        world.follow(*range(1, 10))
        world.source.faults = dict.fromkeys((1, 3, 5, 7), SourceError("it is overloaded"))

        assert len(await world.poll()) == 9

    async def test_shows_that_cannot_be_read_keep_no_others_from_their_turn(
        self, world: World
    ) -> None:
        world.follow(*range(1, 10))
        world.source.faults = dict.fromkeys((1, 2, 3), SourceError("a season is nonsense"))
        assert await world.poll() == [1, 2, 3]
        fetched = await world.poll(after=2 * HOUR)

        assert fetched == [4, 5, 6, 7, 8, 9, 1, 2, 3]
        assert len(await world.poll(after=HOUR)) == FAILURES_IN_A_ROW
        assert world.sightings.of("show-9", "tvmaze").checked_at == NOW + 2 * HOUR

    async def test_a_change_that_could_not_be_read_is_read_later(self, world: World) -> None:
        world.follow(1, 2)
        await world.settle()
        world.say(1, "running", STUB)
        world.source.faults = {1: SourceError("it is truncated")}
        await world.poll(after=DAY)
        world.source.faults = {}

        assert await world.poll(after=DAY) == [1]

    async def test_a_show_that_vanished_for_long_is_forgotten_and_sought_again_in_a_week(
        self, world: World
    ) -> None:
        world.follow(1, 2)
        await world.settle()
        world.say(1, "running", STUB)
        await world.poll(after=HOUR)
        gone = world.source.listings.pop(1)
        world.say(2, "running", STUB)
        assert await world.poll(after=DAY) == [1, 2]
        await world.poll(after=MONTH + WEEK)
        assert world.sightings.of("show-1", "tvmaze").listed_id is None
        world.source.listings[7] = replace(gone, id=7)
        world.source.ids["show-1"] = 7
        assert 7 not in await world.poll(after=DAY)
        assert 7 in await world.poll(after=WEEK)
        await world.poll(after=DAY)

        assert world.news(1) == []
        assert [one.kind for one in world.news(2)] == ["renewed"]

    async def test_a_source_that_lists_nothing_for_an_hour_loses_nothing(
        self, world: World
    ) -> None:
        world.follow(1)
        await world.settle()
        world.say(1, "running", STUB)
        await world.poll(after=HOUR)
        listings, world.source.listings = world.source.listings, {}
        await world.poll(after=DAY)
        world.source.listings = listings
        await world.poll(after=DAY)

        assert [one.kind for one in world.news(1)] == ["renewed"]

    async def test_one_source_that_fails_stops_no_other(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        other = Other()
        world.more = [other]
        world.restart()
        world.follow(1)
        world.source.faults = {1: RuntimeError("a bug of ours")}
        other.ids, other.listings = world.source.ids, world.source.listings
        await world.poll()

        assert other.asked_for == [1]
        assert "a bug of ours" in caplog.text

    async def test_a_database_that_fails_is_told_to_the_caller(self, world: World) -> None:
        world.follow(1)
        await world.db.close()

        with pytest.raises(DatabaseError):
            await world.poll()

    async def test_one_line_is_logged_for_a_round(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.follow(*range(1, 10))
        world.source.faults = dict.fromkeys((1, 4, 8), SourceError("a season is nonsense"))
        await world.poll()

        (line,) = caplog.messages
        assert "3 shows" in line
        assert "a season is nonsense" in line


class TestBrake:
    """Where a source says something new of very many shows at once, something is wrong with it."""

    async def changed(self, world: World, count: int, followed: int = 60) -> None:
        """So many of the shows end, and are seen to have ended a day later."""
        world.follow(*range(1, followed + 1))
        await world.settle()
        for number in range(1, count + 1):
            world.say(number, "ended", OUT)
        await world.poll(after=HOUR)
        await world.poll(after=DAY)

    def told(self, world: World) -> int:
        return sum(bool(world.news(number)) for number in range(1, len(world.shows) + 1))

    async def test_a_few_are_told(self, world: World) -> None:
        await self.changed(world, ALWAYS_PLAUSIBLE)

        assert self.told(world) == ALWAYS_PLAUSIBLE

    async def test_of_too_many_none_is_told(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await self.changed(world, ALWAYS_PLAUSIBLE + 1)

        assert self.told(world) == world.told == 0
        (error,) = [one for one in caplog.records if one.levelno == logging.ERROR]
        assert f"{ALWAYS_PLAUSIBLE + 1} shows" in error.getMessage()

    async def test_of_many_followed_a_twentieth_is_told(self, world: World) -> None:
        await self.changed(world, 15, followed=300)

        assert self.told(world) == 15

    async def test_what_is_taken_back_meanwhile_is_never_told(self, world: World) -> None:
        await self.changed(world, ALWAYS_PLAUSIBLE + 1)
        for number in range(1, ALWAYS_PLAUSIBLE + 2):
            world.say(number, "running", OUT)
        for _ in range(20):
            await world.poll(after=DAY)

        assert self.told(world) == 0

    async def test_what_is_left_is_told_once_it_is_few(self, world: World) -> None:
        await self.changed(world, ALWAYS_PLAUSIBLE + 1)
        world.say(1, "running", OUT)
        await world.poll(after=HOUR)

        assert self.told(world) == ALWAYS_PLAUSIBLE
        assert world.news(1) == []

    async def test_what_is_so_for_a_week_is_told(self, world: World) -> None:
        await self.changed(world, ALWAYS_PLAUSIBLE + 1)
        for _ in range(5):
            await world.poll(after=DAY)
        assert self.told(world) == 0
        await world.poll(after=DAY)

        assert self.told(world) == ALWAYS_PLAUSIBLE + 1

    async def test_what_people_said_before_does_not_count(self, world: World) -> None:
        for number in range(1, ALWAYS_PLAUSIBLE + 2):
            said = News("said", TODAY, "cancelled", 2, "confirmed", "It is over")
            await world.news_store.record(f"show-{number}", [said], now=NOW)
        await self.changed(world, ALWAYS_PLAUSIBLE + 2)

        assert world.headlines(ALWAYS_PLAUSIBLE + 2)
        assert len(world.news(1)) == 1
