"""The card of `/setup` and what hangs on it, as tests use them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from simcord.backend import serializers

from tests.support.answers import labels, text
from tests.support.presses import fill, press
from tests.support.world import World


async def part(member: Any, place: Any, label: str) -> Any:
    """Open the card, and press the button of one part."""
    return await press(member, await member.slash(place, "setup"), label)


async def filled(member: Any, place: Any, label: str, **values: str) -> Any:
    """Open the card, press the button of a part with a form, and fill it in."""
    return await fill(member, await part(member, place, label), **values)


async def set_default(member: Any, place: Any, show: str) -> Any:
    """Set the show that a server means when nobody names one."""
    return await filled(member, place, "Change the show", which=show)


async def rooms_listed(member: Any, place: Any) -> str:
    """What a moderator is told of all rooms, from the card of their own."""
    card = await member.slash(place, "room scope")
    is_refused = "All rooms" not in labels(card)
    return text(card if is_refused else await press(member, card, "All rooms"))


async def invite(world: World, *, came: int = 0, is_outage: bool = False) -> None:
    """Let the bot hear of its server as of one that it came to so many seconds ago."""
    _came(world, came)
    backend = world.env.backend
    stored = backend.guilds[world.guild.id]
    payload: dict[str, Any] = dict(serializers.guild_create_payload(backend, stored))
    if not is_outage:
        payload.pop("unavailable")
        backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    backend.emit("GUILD_CREATE", payload)
    await world.env.settle()
    await world.env.advance_time(60)


async def come_back(world: World, *, came: int) -> None:
    """Start the bot again, on a server that it came to so many seconds ago."""
    _came(world, came)
    await world.restart()
    await world.env.advance_time(60)


def _came(world: World, seconds: int) -> None:
    backend = world.env.backend
    moment = world.env.now() - dt.timedelta(seconds=seconds)
    own = backend.guilds[world.guild.id].members[backend.bot_user.id]
    own.joined_at = moment.isoformat()
