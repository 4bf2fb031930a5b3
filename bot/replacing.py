"""Replacing: an open message deleted, and only once the stub that stands in for it does."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import discord

from bot.asking import now
from bot.errors import FAILED
from bot.looking import is_refusal, is_there
from bot.posting import Place, take_down
from data.stubs import POSTED, STANDING, Stub

if TYPE_CHECKING:
    from bot.client import Bot


class Covering(Enum):
    """What became of a message that a stub was to cover."""

    DONE = "it is gone, and the stub stands for it"
    REFUSED = "it is where it was, and there is no stub"
    CHANGED = "its author has changed it since; it is where it was, and there is no stub"
    UNKNOWN = "the stub stands, and Discord does not tell whether the message does too"


async def finish_cover(bot: Bot, channel: Place, stub: Stub) -> Covering:
    """Delete the message that a standing stub covers, if it is still what the stub holds.

    Where it cannot be deleted the stub goes instead, so that the two never both stay.
    """
    assert stub.source_id is not None  # noqa: S101  # the table says so of every cover
    original = channel.get_partial_message(stub.source_id)
    try:
        if channel.permissions_for(channel.guild.me).read_message_history:
            there = await original.fetch()
            if edited_at(there) != stub.source_edited_at:
                await take_down(bot, channel, stub)
                return Covering.CHANGED
        await original.delete()
    except discord.NotFound:
        pass
    except FAILED as error:
        stays = True if is_refusal(error) else await is_there(original)
        if stays is None:
            return Covering.UNKNOWN
        if stays:
            await take_down(bot, channel, stub)
            return Covering.REFUSED
    await bot.stubs.claim(stub.id, STANDING, POSTED, now=now())
    return Covering.DONE


def edited_at(message: discord.Message) -> int | None:
    """When a message was last edited, in UTC epoch seconds."""
    return int(message.edited_at.timestamp()) if message.edited_at else None
