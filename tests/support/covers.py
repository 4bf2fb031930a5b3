"""Messages that are covered, and how tests look at what is left of them."""

from __future__ import annotations

from typing import Any

import discord
from simcord import interactions

from data.rooms.settings import Helper
from data.spoilers.store import Stub
from tests.support.answers import text
from tests.support.presses import press
from tests.support.world import World, posted

COVER = "Cover as spoiler"
WORDS = "It was *Naomi*, and ||the bridge|| too. @everyone"
FILE = ("Naomi Did It.PNG", b"a picture")
MESSAGES = "/channels/*/messages"
MESSAGE = "/channels/*/messages/*"


async def written(world: World, words: str = WORDS, **more: Any) -> discord.Message:
    return await world.ann.send(world.channel, words, **more)


async def covered(world: World, by: Any, message: discord.Message) -> Any:
    return await by.context_menu(world.channel, COVER, message)


async def trusted(world: World) -> Any:
    """Ben, whom the moderators trust to cover for others."""
    await world.bot.rooms.add_helper(world.guild.id, Helper(world.ben.id, is_role=False))
    return world.ben


def sheriff(world: World, name: str = "sheriff") -> Any:
    """Somebody with Manage Messages."""
    role = world.guild.create_role(name, permissions=discord.Permissions(manage_messages=True))
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def stub_of(world: World, **more: Any) -> Any:
    """What Ben's cover of Ann's message left in the channel."""
    await covered(world, await trusted(world), await written(world, **more))
    (stub,) = posted(world)
    return stub


def stands(world: World, message: discord.Message) -> bool:
    return any(found.id == message.id for found in world.channel.history())


async def stored(world: World) -> list[Stub]:
    return [stub for stub, _ in await world.bot.stubs.list(world.ann.id)]


def sent_to_channels(world: World) -> str:
    """All that the bot has put into any channel, as it went over the wire."""
    calls = world.env.http_requests
    return "\n".join(str(call.json) for call in calls if call.path.startswith("/channels/"))


async def undone(by: Any, stub: Any) -> Any:
    asked = await press(by, await press(by, stub, "More"), "Undo the cover")
    return await press(by, asked, "Yes, show it")


async def uncertain(world: World, by: Any) -> Stub:
    """A cover of which Discord did not tell whether the message under it is gone."""
    message = await written(world)
    world.env.inject_error("GET", MESSAGE, status=503, times=2)
    told = await covered(world, by, message)
    assert "can't say yet" in text(told)
    (stub,) = await stored(world)
    return stub


async def at_once(world: World, message: discord.Message, *members: Any) -> list[str]:
    """Let several use the command on one message before any of them is answered."""
    backend, channel_id = world.env.backend, message.channel.id
    (command,) = [c for c in await world.bot.tree.fetch_commands() if c.name == COVER]
    shown: Any = await world.bot.http.get_message(channel_id, message.id)
    resolved = {"messages": {str(message.id): {**shown, "content": message.content}}}
    for member in members:
        data = {"id": str(command.id), "name": COVER, "type": 3, "target_id": str(message.id)}
        _, sent = interactions.base_payload(
            backend,
            type=2,
            channel_id=channel_id,
            guild_id=world.guild.id,
            user_id=member.id,
            data={**data, "resolved": resolved},
        )
        backend.emit("INTERACTION_CREATE", sent)
    await world.env.settle()
    return [text(found) for found in backend.messages[channel_id].values() if found.is_ephemeral]
