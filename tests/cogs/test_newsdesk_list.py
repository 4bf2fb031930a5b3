"""Where news are from, as the timeline and `/newsdesk list` tell it, and previews that grew old."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from data.news.status import News
from tests.support.answers import labels, with_days
from tests.support.newsdesk import (
    HOUR,
    SHOW,
    corrected,
    entered,
    published,
    staffed,
    taken_back,
    told,
)
from tests.support.packs import write_show
from tests.support.presses import press
from tests.support.renewals import timeline
from tests.support.world import Builder, World


@pytest.fixture
async def world(world: World) -> World:
    return await staffed(world)


class TestListing:
    async def test_everybody_is_told_where_news_are_from_and_what_became_of_them(
        self, world: World
    ) -> None:
        news = await published(world)
        await press(world.ann, await corrected(world, news, season=3), "Publish")
        found = News("f", news.date, "ended", None, "reported", "Ended", (), "tvmaze")
        await world.bot.news_store.record(SHOW, [found], now=5)

        answer = await timeline(world.ben, world.channel)
        listed = with_days(answer)

        at = int(world.env.now().timestamp())
        assert f"**{news.date} · Renewed, season 3** · reported" in listed
        assert f"-# entered <t:{at}:f> by a person · corrected <t:{at}:f> by a person" in listed
        assert "-# entered <t:5:f> by tvmaze itself" in listed
        assert "by the show's pack" not in listed, "that it came with me needs no line"
        assert listed.index("Renewed, season 3") < listed.index("2021-09-20 · Cancelled")
        assert str(world.ann.id) not in listed
        assert answer.ephemeral

    async def test_what_was_taken_back_is_listed_without_what_it_said(self, world: World) -> None:
        news = await published(world)
        asked = await taken_back(world, world.ann, news.id)
        await press(world.ann, asked, "Take it back")

        listed = with_days(await timeline(world.ben, world.channel))

        assert f"**{news.date} · Renewed, season 2** · taken back" in listed
        assert news.headline not in listed

        await published(world)
        assert "· told again <t:" in with_days(await timeline(world.ben, world.channel))

    async def test_only_those_who_enter_news_see_who_entered_them(self, world: World) -> None:
        await published(world)

        for member in (world.ann, world.mod):
            listed = with_days(await member.slash(world.channel, "newsdesk list"))
            assert f"by {world.ann.mention}" in listed

    async def test_a_long_list_says_how_long_and_a_long_story_is_cut(self, world: World) -> None:
        news = await published(world)
        for season in range(3, 12):
            await press(world.ann, await corrected(world, news, season=season), "Publish")
        day = news.date
        many = [
            News(f"n{n}", day - timedelta(days=n + 1), "undecided", n, "reported", "Unknown")
            for n in range(30)
        ]
        await world.bot.news_store.record(SHOW, many, now=5)

        answer = await world.ann.slash(world.channel, "newsdesk list")
        listed, pages = with_days(answer), 1
        while "More ▶" in labels(answer):
            await press(world.ann, answer, "More")
            listed, pages = listed + with_days(answer), pages + 1
            assert len(with_days(answer)) <= 4000
        await press(world.ann, answer, "◀ Back")

        assert f"Page {pages - 1} of {pages}" in with_days(answer)
        assert all(f"season {number}**" in listed for number in (1, 29))
        assert listed.count("corrected <t:") == 3
        assert f"by {world.ann.mention} · … · corrected" in listed
        assert "by the show's pack" in listed

    async def test_a_show_without_news_is_answered_kindly(
        self, worlds: Builder, tmp_path: Path
    ) -> None:
        write_show(tmp_path / "shows", "loom")
        world = await staffed(await worlds(tmp_path / "shows"))

        answer = await world.ann.slash(world.channel, "newsdesk list", show="loom")

        assert "I have no news about Loom." in with_days(answer)

    async def test_each_can_be_corrected_and_taken_back_but_what_is_taken_back(
        self, world: World
    ) -> None:
        news = await published(world)
        answer = await world.ann.slash(world.channel, "newsdesk list")
        before = labels(answer)
        await press(world.ann, await taken_back(world, world.ann, news.id), "Take it back")

        after = labels(await world.ann.slash(world.channel, "newsdesk list"))

        assert before.count("Correct") == before.count("Take back") == 5
        assert after.count("Correct") == after.count("Take back") == 4


async def test_an_old_preview_is_forgotten_before_discord_refuses_its_answer(
    world: World,
) -> None:
    preview = await entered(world)
    await world.env.advance_time(HOUR)

    await press(world.ann, preview, "Publish")

    assert told(world) == ()
