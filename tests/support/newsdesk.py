"""A news desk with an editor, and news that they enter."""

from __future__ import annotations

from typing import Any

from data.news.status import News
from tests.support.presses import press
from tests.support.world import World

SHOW = "hit-and-run"
LINK = "https://www.example.com/who-dies"
RENEWED = {"show": SHOW, "kind": "renewed", "link": LINK, "season": 2}
HOUR = 60 * 60


async def staffed(world: World) -> World:
    """The moderator runs the bot, Ann may enter news, and Ben is anybody."""
    world.bot.owner_id = world.mod.id
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    return world


def today(world: World) -> str:
    return str(world.env.now().date())


def told(world: World) -> tuple[News, ...]:
    """What is told of the show, without what its pack brought."""
    news = world.bot.news_store.list(SHOW)
    return tuple(one for one in news if str(one.date) >= today(world))


async def entered(world: World, **options: Any) -> Any:
    return await world.ann.slash(world.channel, "renewal report enter", **(RENEWED | options))


async def published(world: World, **options: Any) -> News:
    await press(world.ann, await entered(world, **options), "Publish")
    return told(world)[-1]


async def corrected(world: World, news: News, **options: Any) -> Any:
    given = {"show": SHOW, "news": news.id} | options
    return await world.ann.slash(world.channel, "renewal report correct", **given)
