"""Channels that Discord hides from the bot: it names its own View Channel, and lists them."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.discord_api.permissions import CANNOT_SEE
from bot.ui.mentions import mention
from tests.support.answers import text
from tests.support.following import SHOW, followed, subscribe
from tests.support.presses import interact, press
from tests.support.rooms import hide, let_anybody_use, set_scope
from tests.support.setup import rooms_listed
from tests.support.world import World

EVERYTHING = str(discord.Permissions.all().value)
UNSEEN_NOW = "I can't see this channel any more"


def told(channel: Any) -> str:
    return CANNOT_SEE.format(channel=mention(channel.id))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("room log", {}),
        ("room news", {"show": SHOW}),
        ("party plan", {"show": SHOW, "episodes": "S1E1", "when": "in 2 hours", "zone": "UTC"}),
    ],
)
async def test_the_bots_own_view_is_named_and_nobody_elses(
    world: World, command: str, options: dict[str, str]
) -> None:
    other = world.guild.create_text_channel("other")
    hide(world, other)

    asked = await world.mod.slash(world.channel, command, channel=other, **options)
    assert text(asked).startswith(told(other))


@pytest.mark.parametrize(("bots", "is_set"), [("0", False), (EVERYTHING, True)])
async def test_a_picked_channel_comes_with_the_bots_own_rights(
    world: World, bots: str, *, is_set: bool
) -> None:
    """The cache may be behind, in either direction."""
    other = world.guild.create_text_channel("other")
    if is_set:
        hide(world, other)
    channel = {"id": str(other.id), "type": 0, "name": "other", "permissions": EVERYTHING}
    option = {"name": "channel", "type": 7, "value": str(other.id)}
    data: dict[str, Any] = {"id": "1", "name": "room", "type": 1}
    data["options"] = [{"name": "log", "type": 1, "options": [option]}]
    data["resolved"] = {"channels": {str(other.id): channel | {"app_permissions": bots}}}

    await interact(world.mod, world.channel, 2, data)

    log = other.id if is_set else None
    assert world.bot.rooms.server(world.guild.id).log_channel == log


async def test_lists_show_what_is_stored_for_a_channel_that_is_hidden_now(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await set_scope(world.mod, other, "S1E2")
    await world.mod.slash(world.channel, "room style", style="sealed", channel=other)
    await world.mod.slash(world.channel, "room log", channel=other)
    await subscribe(world, other, paused="no_access")
    hide(world, other)

    rooms = (await rooms_listed(world.mod, world.channel)).splitlines()
    assert len([line for line in rooms if other.mention in line and UNSEEN_NOW in line]) == 3

    followed_ones = await world.mod.slash(world.channel, "room news")
    assert f"{other.mention} · Hit & Run" in text(followed_ones)
    assert UNSEEN_NOW in text(followed_ones)
    assert "Give me View Channel there" in text(followed_ones)
    await press(world.mod, followed_ones, "Try again")
    assert told(other) in text(followed_ones)
    assert (await followed(world))[other.id, SHOW].paused == "no_access"


async def test_it_is_known_by_its_flag_even_where_the_cache_keeps_the_old_rights(
    world: World,
) -> None:
    other = world.guild.create_text_channel("other")
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    before = guild.get_channel(other.id)
    assert before is not None
    hide(world, other)
    overwrites: Any = before
    overwrites._overwrites = []  # noqa: SLF001  # as an update leaves it that was half applied

    asked = await world.mod.slash(world.channel, "room log", channel=other)

    assert before.permissions_for(guild.me).view_channel
    assert text(asked).startswith(told(other))


async def test_a_hidden_channel_is_named_to_nobody_else(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await set_scope(world.mod, other, "S1E2")
    hide(world, other)
    let_anybody_use(world, "room")

    assert other.mention not in await rooms_listed(world.ann, world.channel)
