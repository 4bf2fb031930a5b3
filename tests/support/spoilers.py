"""Spoilers that people write and post in a world."""

from __future__ import annotations

from typing import Any

from tests.support.presses import fill, press
from tests.support.world import World, posted

SHOW = "hit-and-run"
WORDS = "It was the bridge! ||Even worse||, and a `||` in code. <@1> @everyone"


async def scoped(world: World, point: str) -> None:
    order = world.bot.library.order(SHOW)
    await world.bot.rooms.save(world.guild.id, world.channel.id, SHOW, order.at(point), now=1)


async def drafted(world: World, words: str = WORDS, **values: str) -> Any:
    form = await world.ann.slash(world.channel, "spoiler")
    return await fill(world.ann, form, your=words, **values)


async def stub_of(world: World, words: str = WORDS, **values: str) -> Any:
    """A spoiler that Ann, who has finished the show, has posted."""
    await world.watched(world.ann, "S1E9")
    draft = await drafted(world, words, **values)
    await press(world.ann, (draft, *draft.followups)[-1], "Post it")
    return posted(world)[-1]
