"""How a server that was left is forgotten, and kept if the bot comes back in time."""

from __future__ import annotations

from typing import Any

import discord

from data.points import Point
from tests.support.rooms import set_scope
from tests.support.setup import set_default
from tests.support.world import World

SHOW = "hit-and-run"
HOUR = 60 * 60
DAY = 24 * HOUR


async def scoped(world: World) -> int:
    await set_scope(world.mod, world.channel, point="S1E3")
    await set_default(world.mod, world.channel, SHOW)
    return world.guild.id


async def tell(world: World, event: str, payload: dict[str, Any]) -> None:
    """An event as Discord sends it to the bot."""
    world.env.backend.emit(event, payload)
    await world.env.settle()


async def test_a_server_that_was_left_is_kept_for_a_while(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild)})

    assert world.bot.rooms.departed(before=2**40) == (guild,)
    assert len(world.bot.rooms.list(guild)) == 1
    assert world.bot.rooms.default_show(guild) == SHOW


async def test_a_server_that_was_left_is_erased_after_thirty_days_and_not_before(
    world: World,
) -> None:
    guild = await scoped(world)
    moment = int(world.env.now().timestamp())
    await world.bot.rooms.mark_left(guild, now=moment - 29 * DAY - HOUR)
    await tell(world, "GUILD_DELETE", {"id": str(guild)})

    await world.env.advance_time(DAY - 2 * HOUR)
    assert len(world.bot.rooms.list(guild)) == 1

    await world.env.advance_time(3 * HOUR)
    assert world.bot.rooms.list(guild) == ()
    assert world.bot.rooms.default_show(guild) is None


async def test_a_server_that_was_left_and_came_back_is_as_it_was(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild)})
    await tell(world, "GUILD_CREATE", created(world))

    assert world.bot.rooms.departed(before=2**40) == ()
    assert len(world.bot.rooms.list(guild)) == 1


async def test_a_server_that_is_unavailable_was_not_left(world: World) -> None:
    guild = await scoped(world)

    await tell(world, "GUILD_DELETE", {"id": str(guild), "unavailable": True})

    assert world.bot.rooms.departed(before=2**40) == ()


async def test_progress_stays_when_a_server_is_left(world: World) -> None:
    await world.watched(world.ann, "S1E3")

    await tell(world, "GUILD_DELETE", {"id": str(world.guild.id)})

    assert len(world.bot.progress.list(world.ann.id)) == 1


async def test_a_server_that_was_left_while_the_bot_was_away_is_noticed(world: World) -> None:
    point = world.bot.library.order(SHOW).at("S1E3")
    await world.bot.rooms.save(1 << 40, 7, SHOW, point, now=1)

    await world.restart()
    await world.env.settle()

    assert world.bot.rooms.departed(before=2**40) == (1 << 40,)


async def test_a_server_that_came_back_while_the_bot_was_away_is_noticed(world: World) -> None:
    guild = await scoped(world)
    await world.bot.rooms.mark_left(guild, now=1)

    with world.env._bot_scope():  # noqa: SLF001  # the simulator waits for what the bot began
        world.bot.dispatch("ready")
    await world.env.settle()

    assert world.bot.rooms.departed(before=2**40) == ()
    assert len(world.bot.rooms.list(guild)) == 1


def created(world: World) -> dict[str, Any]:
    """What Discord says of a server that the bot is added to."""
    place = {"id": str(world.channel.id), "type": 0, "name": "couch", "position": 0}
    everyone: dict[str, Any] = {
        "id": str(world.guild.id),
        "name": "@everyone",
        "permissions": str(discord.Permissions.all().value),
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
    }
    return {
        "id": str(world.guild.id),
        "name": world.guild.name,
        "owner_id": str(world.mod.id),
        "roles": [everyone],
        "channels": [{**place, "permission_overwrites": []}],
        "members": [],
        "threads": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "member_count": 4,
    }


async def test_servers_that_left_or_came_back_while_the_bot_was_down_are_noticed(
    world: World,
) -> None:
    elsewhere, here = 4242, world.guild.id
    for guild_id in (elsewhere, here):
        await world.bot.rooms.save(guild_id, 1, SHOW, Point("e01"), now=0)
    await world.bot.rooms.mark_left(here, now=0)

    await world.restart()

    assert world.bot.rooms.departed(before=2**40) == (elsewhere,)
    assert len(world.bot.rooms.list(here)) == 1
