"""The hello to a new server: once, where the bot may write, and never in a direct message."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.support.answers import as_written, labels, text
from tests.support.presses import press
from tests.support.setup import come_back, invite
from tests.support.world import World

DAY = 24 * 60 * 60
CLOSED = discord.PermissionOverwrite(send_messages=False)


@pytest.fixture
def rooms(world: World) -> dict[str, Any]:
    """A server's channels, in order; the bot may not write into the first."""
    denied = {world.guild.me: CLOSED}
    made = {"rules": world.guild.create_text_channel("rules", overwrites=denied)}
    return made | {name: world.guild.create_text_channel(name) for name in ("chat", "system")}


def hellos(world: World, *rooms: Any) -> list[Any]:
    """What the bot wrote in some rooms."""
    found = [message for room in rooms for message in room.history(viewer=world.ann)]
    return [message for message in found if message.author.id == world.bot.own_id]


async def test_hello_stands_in_the_system_channel_and_opens_the_set_up(
    world: World, rooms: dict[str, Any]
) -> None:
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": rooms["system"].id})

    await invite(world)

    (hello,) = hellos(world, *rooms.values(), world.channel)
    assert hellos(world, rooms["system"]) == [hello]
    assert "Moderators: `/setup` starts here." in as_written(text(hello))
    assert labels(hello) == ["Set me up"]
    card = await press(world.mod, hello, "Set me up")
    assert card.ephemeral
    assert "**Still open:**" in text(card)
    assert "You need Manage Server" in text(await press(world.ann, hello, "Set me up"))


async def test_without_a_system_channel_it_stands_in_the_first_where_the_bot_may_write(
    world: World, rooms: dict[str, Any]
) -> None:
    denied = {world.guild.me: CLOSED}
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": rooms["rules"].id})
    first = world.guild.create_text_channel("first", overwrites=denied)

    await invite(world)

    assert len(hellos(world, world.channel)) == 1
    assert hellos(world, first, *rooms.values()) == []


@pytest.mark.parametrize("is_outage", [True, False])
async def test_hello_is_said_once_whatever_discord_calls_new(
    world: World, rooms: dict[str, Any], *, is_outage: bool
) -> None:
    await invite(world)
    assert len(hellos(world, world.channel)) == 1

    await invite(world, is_outage=is_outage)
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": rooms["system"].id})
    await invite(world, is_outage=is_outage)
    await world.restart()
    await world.env.advance_time(60)

    assert len(hellos(world, world.channel, *rooms.values())) == 1


@pytest.mark.usefixtures("rooms")
async def test_a_server_that_has_been_here_for_long_is_not_greeted(world: World) -> None:
    for is_outage in (True, False):
        await invite(world, came=2 * DAY, is_outage=is_outage)

    assert hellos(world, world.channel) == []


@pytest.mark.usefixtures("rooms")
async def test_an_invitation_while_the_bot_was_away_is_answered_when_it_starts(
    world: World,
) -> None:
    await come_back(world, came=60)

    assert len(hellos(world, world.channel)) == 1


async def test_where_the_bot_may_write_nowhere_nothing_is_said_and_nobody_is_messaged(
    world: World,
) -> None:
    backend = world.env.backend
    for channel in list(backend.channels.values()):
        backend.delete_channel(channel.id)

    await invite(world)

    assert [one for one in world.env.http_requests if one.path == "/users/@me/channels"] == []
    posted = [one for one in world.env.http_requests if one.path.endswith("/messages")]
    assert posted == []
