"""A news desk with an editor, and news that they enter."""

from __future__ import annotations

from typing import Any

from data.news.status import News
from tests.support.presses import fill, forge, press
from tests.support.world import World

SHOW = "hit-and-run"
LINK = "https://www.example.com/who-dies"
RENEWED = {"show": SHOW, "kind": "renewed", "link": LINK, "season": 2}
HOUR = 60 * 60


async def staffed(world: World) -> World:
    """The moderator runs the bot, Ann may enter news, and Ben is anybody."""
    world.bot.owner_id = world.mod.id
    await world.bot.news_store.add_editor(world.ann.id, now=1)
    await world.ann.slash(world.channel, "help")  # which brings the commands to this server
    return world


def today(world: World) -> str:
    return str(world.env.now().date())


def told(world: World) -> tuple[News, ...]:
    """What is told of the show, without what its pack brought."""
    news = world.bot.news_store.list(SHOW)
    return tuple(one for one in news if str(one.date) >= today(world))


async def entered(world: World, **options: Any) -> Any:
    return await world.ann.slash(world.channel, "newsdesk enter", **(RENEWED | options))


async def published(world: World, **options: Any) -> News:
    await press(world.ann, await entered(world, **options), "Publish")
    return told(world)[-1]


async def corrected(world: World, news: News, **options: Any) -> Any:
    """What is proposed once a form of these fields is filled in; "" is an empty one."""
    form = await on_list(world, world.ann, "nc", news.id)
    return await fill_in(world.ann, form, **options)


async def fill_in(member: Any, form: Any, **options: Any) -> Any:
    named = {"kind": "what", "confidence": "how", "date": "day"}
    return await fill(member, form, **{named.get(k, k): str(v) for k, v in options.items()})


async def taken_back(world: World, member: Any, id: str) -> Any:
    """The question whether news are to be taken back."""
    return await on_list(world, member, "ny", id)


async def on_list(world: World, member: Any, code: str, id: str) -> Any:
    """Press a button of some news on the list of an editor."""
    listed = await member.slash(world.channel, "newsdesk list", show=SHOW)
    return await forge(member, listed, f"{code}|{SHOW}|{id}")
