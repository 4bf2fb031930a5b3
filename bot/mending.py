"""Mending: what a crash, or Discord, left half done is finished, and what was deleted is erased."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.asking import now
from bot.errors import FAILED
from bot.posting import Place, finish_cover, is_there, look_for
from data.rooms import UNSET
from data.stubs import COVER, DRAFT, POSTED, POSTING, SPOILER, STANDING, UNDOING, Stub

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

PATIENCE = 60  # seconds after which something unfinished was left by a crash
DAY = 24 * 60 * 60
PACE = 1.0  # seconds between two looks into Discord
CHECKED_AT_MOST = 3000  # an hour
AT_ONCE = 100  # rows that one transaction seals anew


async def settle(bot: Bot, stub: Stub) -> None:
    """Bring to an end what was begun on a stub when the bot was killed or Discord failed."""
    channel = await place_of(bot, stub)
    if channel is None:
        return
    if stub.state == UNDOING:
        await bot.stubs.claim(stub.id, UNDOING, POSTED, now=now())
    elif stub.state == STANDING:
        await _finish(bot, channel, stub)
    elif (message := await look_for(channel, stub)) is not None:
        state = STANDING if stub.kind == COVER else POSTED
        await bot.stubs.posted(stub.id, message.id, state, now=now())
        if stub.kind == COVER:
            await finish_cover(bot, channel, replace(stub, message_id=message.id))
    elif stub.kind == SPOILER:
        await bot.stubs.claim(stub.id, POSTING, DRAFT, now=now())
    else:
        await bot.stubs.remove(stub.id)


async def _finish(bot: Bot, channel: Place, stub: Stub) -> None:
    """Finish a cover; if its stub was deleted by hand meanwhile, what it covers is left alone."""
    message_id = stub.message_id
    if message_id and await is_there(channel.get_partial_message(message_id)) is False:
        await bot.stubs.remove(stub.id)
    else:
        await finish_cover(bot, channel, stub)


async def place_of(bot: Bot, stub: Stub) -> Place | None:
    """The channel of a stub; None while Discord does not let the bot see it.

    Erases all stubs of a channel that is gone.
    """
    if bot.get_guild(stub.guild_id) is None:
        return None
    try:
        channel = bot.get_channel(stub.channel_id) or await bot.fetch_channel(stub.channel_id)
    except discord.NotFound:
        await bot.stubs.remove_channel(stub.guild_id, stub.channel_id)
        return None
    except FAILED:
        return None
    return channel if isinstance(channel, Place) else None


async def check(bot: Bot, stub: Stub) -> None:
    """Erase a stub whose message was deleted; we are not told of that when it happens."""
    channel = await place_of(bot, stub)
    if channel is None or stub.message_id is None:
        return
    message = channel.get_partial_message(stub.message_id)
    if await is_there(message) is False:
        await bot.stubs.remove(stub.id)
    else:
        await bot.stubs.checked(stub.id, now=now())


async def look_after(bot: Bot) -> None:
    """One round, once an hour: finish, check, expire, and seal anew what an older key sealed."""
    begun = now()
    for stub in await bot.stubs.unfinished(before=begun - PATIENCE):
        await _guarded(settle(bot, stub))
    due = await bot.stubs.due(before=begun - DAY, limit=CHECKED_AT_MOST)
    for number, stub in enumerate(due):
        if number:
            await asyncio.sleep(PACE)
        await _guarded(check(bot, stub))
    keep_days = bot.rooms.keep_days()
    expired = await bot.stubs.expire(now=begun, keep_days=keep_days, default_days=UNSET.keep_days)
    if expired:
        log.info("erased %d sealed messages that had expired", expired)
    await _reseal(bot)


async def _guarded(work: Awaitable[None]) -> None:
    """One stub's trouble is not another's."""
    try:
        await work
    except Exception:
        log.exception("could not look after a sealed message")


async def _reseal(bot: Bot) -> None:
    total = 0
    while resealed := await bot.stubs.reseal(limit=AT_ONCE):
        total += resealed
    if total:
        log.info("sealed %d messages anew; keys behind the first are no longer needed", total)
