"""Channels with a scope, as tests set and read them."""

from __future__ import annotations

from typing import Any

import discord

from tests.support.answers import labels
from tests.support.presses import press
from tests.support.world import World

SHOW = "hit-and-run"


def scope(world: World, channel: Any, show: str = SHOW) -> str | None:
    """What is stored for a channel, as people write it."""
    point = world.bot.rooms.scope(world.guild.id, channel.id, show)
    return None if point is None else world.bot.library.order(show).label(point)


async def set_scope(member: Any, place: Any, point: str, **options: Any) -> Any:
    """Set a channel's scope, and be sure of it where that is asked."""
    asked = await member.slash(place, "room scope", point=point, **options)
    offered = [label for label in labels(asked) if label.startswith("Yes, through")]
    return await press(member, asked, offered[0]) if offered else asked


def let_anybody_use(world: World, command: str) -> None:
    """What a server's owner can do in its settings: the command is shown to everybody."""
    synced = world.env.backend.commands[None].values()
    (root,) = [found for found in synced if found["name"] == command]
    world.guild.set_command_permissions(int(root["id"]), {world.guild.default_role: True})


def thread_in(world: World, channel: Any, **options: Any) -> Any:
    world.env.backend.create_thread(channel.id, "thread", world.ann.id, **options)
    return channel.threads[-1]


def hide(world: World, channel: Any) -> None:
    """Hide a channel from the bot, as Discord does: without its name, and with nobody's rights.

    Interactions stay whole, and the simulation knows nothing of it.
    """
    _deny_view(world, channel, world.guild, 0, name="___hidden___", flags=1 << 17)


def shut_out(world: World, channel: Any, member: Any) -> None:
    """Deny a member the view of a channel, as far as the bot hears of it."""
    _deny_view(world, channel, member, 1, name=channel.name, flags=0)


def _deny_view(world: World, channel: Any, who: Any, kind: int, **fields: Any) -> None:
    denied = str(discord.Permissions(view_channel=True).value)
    overwrite = {"id": str(who.id), "type": kind, "allow": "0", "deny": denied}
    bot: Any = world.bot
    state = bot._connection  # noqa: SLF001  # the gateway's own way in
    payload = {"id": str(channel.id), "guild_id": str(world.guild.id), "type": 0}
    payload |= {"position": 1, "parent_id": None, **fields}
    state.parsers["CHANNEL_UPDATE"](payload | {"permission_overwrites": [overwrite]})
