"""Two members who write and approve texts about a small show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.rooms.settings import Helper
from tests.support.answers import text
from tests.support.packs import write_show
from tests.support.presses import fill, forge, press
from tests.support.rooms import let_anybody_use
from tests.support.world import Builder, World

LOOM = "loom"
STORY = """
[[episode]]
id = "e1"
at = "S1E1"
title = "Warp"
aired = 2021-08-06
recap = "Ada finds a key."
[[episode]]
id = "e2"
at = "S1E2"
title = "Weft"
aired = 2021-08-13
[[episode]]
id = "e3"
at = "S1E3"
title = "Shuttle"
aired = 2021-08-20
[[character]]
id = "c1"
name = "Ada"
known = "S1E1"
[[character]]
id = "c2"
name = "Quill"
known = "S1E3"
"""
WORDS = "Ada hides the key in the clock."
BEYOND = "Something waits at a point past yours."


async def told_by_two(worlds: Builder, folder: Path, story: str) -> World:
    """A show that two members, whom the moderators trust, are through S1E2 of."""
    write_show(folder / "shows", LOOM, story)
    world: World = await worlds(folder / "shows")
    await world.bot.rooms.set_default_show(world.guild.id, LOOM)
    for command in ("write", "review"):  # as its owner can let those who are trusted see them
        let_anybody_use(world, command)
    for member in (world.ann, world.ben):
        await world.bot.rooms.add_helper(world.guild.id, Helper(member.id, is_role=False))
        await world.watched(member, "S1E2")
    return world


def carla(world: World) -> Any:
    """A third member, whom the moderators trust too."""
    return world.guild.add_member(world.env.create_user("carla"))


async def ahead(world: World) -> Any:
    """Somebody who is trusted and has watched everything."""
    member = carla(world)
    await world.bot.rooms.add_helper(world.guild.id, Helper(member.id, is_role=False))
    await world.watched(member, "S1E3")
    return member


async def opened(world: World, member: Any, what: str, **options: str) -> Any:
    return await member.slash(world.channel, f"write {what}", **options)


async def recap(world: World, words: str = WORDS, member: Any = None) -> Any:
    member = member or world.ann
    return await fill(member, await opened(world, member, "recap", episode="S1E2"), text=words)


async def fact(world: World, words: str = WORDS, member: Any = None, **values: str) -> Any:
    member = member or world.ann
    form = await opened(world, member, "fact", character="Ada")
    return await fill(member, form, text=words, **values)


async def review(world: World, member: Any = None) -> Any:
    return await (member or world.ben).slash(world.channel, "review")


async def approved(world: World) -> None:
    await press(world.ben, await review(world), "Approve")


async def changes(world: World, member: Any) -> Any:
    return await member.slash(world.channel, "review", show=LOOM)


async def asked(world: World, member: Any, command: str, **options: str) -> str:
    return text(await member.slash(world.channel, command, **options))


async def downloaded(member: Any, channel: Any, show: str = LOOM) -> Any:
    """What comes of *Download* on a show's card, whether or not it is offered."""
    card = await member.slash(channel, "shows", show=show)
    return await forge(member, card, f"wd|{show}")
