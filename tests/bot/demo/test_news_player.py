"""The timeline that the demo plays: alerts arrive one by one, and the last is corrected."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo import news_player
from bot.demo.news_player import PLAYED_NEWS, WRONG_HEADLINE, add_news_player, played_news
from tests.support.answers import text
from tests.support.presses import press
from tests.support.world import World, posted


@pytest.fixture
async def invitation(world: World) -> Any:
    role = world.guild.create_role("alerts", mentionable=True)
    channel = world.bot.get_channel(world.channel.id)
    await add_news_player(world.bot, channel, role.id, since=int(world.env.now().timestamp()))
    (message,) = posted(world)
    return message


async def play(world: World, invitation: Any) -> str:
    answer = await press(world.mod, invitation, news_player.PLAY)
    await world.env.advance_time(5)
    return text(answer)


async def test_each_press_announces_one_thing_and_the_last_corrects_what_stands(
    world: World, invitation: Any
) -> None:
    told = [await play(world, invitation) for _ in PLAYED_NEWS]
    assert "4 of 5" in told[-1]
    alerts = {message.id: text(message) for message in posted(world)}
    assert len(alerts) == 1 + len(PLAYED_NEWS)
    assert any(WRONG_HEADLINE in alert for alert in alerts.values())

    assert "had a mistake in it" in await play(world, invitation)

    alerts = {message.id: text(message) for message in posted(world)}
    assert len(alerts) == 1 + len(PLAYED_NEWS)
    assert any("**Corrected**" in alert for alert in alerts.values())
    assert "That was all of it" in await play(world, invitation)


async def test_only_a_moderator_can_play(world: World, invitation: Any) -> None:
    answer = await press(world.ann, invitation, news_player.PLAY)

    assert "Maya can press that" in text(answer)
    assert len(posted(world)) == 1


async def test_what_is_played_is_what_the_pack_says_under_todays_date(world: World) -> None:
    headlines = {news.headline for news in world.bot.library.news(news_player.DEMO_SHOW)}

    assert {news.headline for news in played_news(world.bot)} - headlines == {WRONG_HEADLINE}
