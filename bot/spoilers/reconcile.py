"""Finishes what a crash or Discord left half done, and erases what was deleted or has expired."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.discord_api.history import Place, UnreadableError, is_there, place_at
from bot.spoilers.cover import CoverOutcome, finish_cover, log_cover
from bot.spoilers.files import attached_to
from bot.spoilers.find_post import find_message
from bot.spoilers.posts import change_stub, delete_message, in_use, take_down
from bot.spoilers.uncover import find_words
from bot.ui.errors import FAILED, UserError
from bot.ui.text import split
from bot.ui.words import PIECE
from data.rooms.settings import UNSET
from data.spoilers.store import (
    BARS_STYLE,
    COVER,
    DRAFT,
    POSTED,
    POSTING,
    SPOILER,
    STANDING,
    UNDOING,
    Stub,
)

if TYPE_CHECKING:
    from bot.context import Bot


log = logging.getLogger(__name__)

RESEALED = (
    "sealed %d messages again; keep the older keys for as long as you keep backups from "
    "before today"
)
UNFINISHED_AFTER = 60  # seconds; then an unfinished change was left by a crash
CHECK_INTERVAL = 24 * 60 * 60
PAUSE_BETWEEN_CHECKS = 1.0  # seconds
MOST_CHECKED = 3000  # an hour
RESEAL_BATCH = 100  # rows that one transaction encrypts anew


async def finish_stub(bot: Bot, stub: Stub) -> None:
    """Finishes a change of a stub that a crash or an error of Discord interrupted.

    If its channel cannot be read now, the stub stays as it is until the next round.
    """
    channel = await place_of(bot, stub)
    if channel is None:
        return
    try:
        if stub.state == UNDOING:
            await _finish_undo(bot, channel, stub)
        elif stub.state == STANDING:
            await _finish_cover(bot, channel, stub)
        else:
            await _finish_post(bot, channel, stub)
    except UnreadableError:
        return


async def _finish_undo(bot: Bot, channel: Place, stub: Stub) -> None:
    """Takes the stub down if all its words were put back, else removes the words that were."""
    there = await _put_back_messages(bot, channel, stub) if stub.kind == COVER else []
    if there and there[-1] is not None:
        await take_down(bot, channel, stub)
        return
    for message in filter(None, there):
        await delete_message(channel, message.id)
    await bot.stubs.claim(stub.id, UNDOING, POSTED, now=now())


async def _put_back_messages(bot: Bot, channel: Place, stub: Stub) -> list[discord.Message | None]:
    """The messages with a cover's words; None for each that is missing. The last has the files."""
    found = await bot.stubs.read(stub.id)
    count = len(split(found[1].text, PIECE)) if found and found[1] else 1
    numbers = range(1, count + 1)
    return [await find_words(channel, stub, number) for number in numbers]


async def _finish_post(bot: Bot, channel: Place, stub: Stub) -> None:
    """Stores the message of a stub; without one it is a draft again, or is removed."""
    message = await find_message(channel, stub)
    if message is not None:
        state = STANDING if stub.kind == COVER else POSTED
        await bot.stubs.mark_posted(stub.id, message.id, state, now=now())
        if stub.kind == COVER:
            await _finish_cover(bot, channel, replace(stub, message_id=message.id))
    elif stub.kind == SPOILER:
        await bot.stubs.claim(stub.id, POSTING, DRAFT, now=now())
    else:
        await bot.stubs.remove(stub.id)


async def _finish_cover(bot: Bot, channel: Place, stub: Stub) -> None:
    """Finishes a cover, and tells the moderators.

    The covered message stays if somebody deleted the stub meanwhile, or the stub cannot be
    decrypted.
    """
    message_id = stub.message_id
    if message_id and await is_there(channel.get_partial_message(message_id)) is False:
        await bot.stubs.remove(stub.id)
    elif not await _is_readable(bot, stub):
        await take_down(bot, channel, stub)
    elif await finish_cover(bot, channel, stub) is CoverOutcome.DONE:
        await log_cover(bot, stub, stub.by_id)


async def _is_readable(bot: Bot, stub: Stub) -> bool:
    """Whether the words and files under a cover can be decrypted."""
    found = await bot.stubs.read(stub.id)
    if found is None or found[1] is None:
        return False
    try:
        async with attached_to(bot, stub):
            return True
    except UserError:
        return False


async def place_of(bot: Bot, stub: Stub) -> Place | None:
    """The channel of a stub; None if the bot cannot see it.

    If the channel was deleted, all its stubs are erased.
    """
    if bot.get_guild(stub.guild_id) is None:
        return None
    try:
        return await place_at(bot, stub.channel_id)
    except discord.NotFound:
        await bot.stubs.remove_channel(stub.guild_id, stub.channel_id)
        return None
    except FAILED:
        return None


async def check_message(bot: Bot, stub: Stub) -> None:
    """Erases a stub whose message was deleted, as Discord does not tell the bot of that.

    A stub behind bars that is now past the scope of its room is sealed.
    """
    await bot.stubs.mark_checked(
        stub.id, now=now()
    )  # first, so that a channel that cannot be seen does not block others
    channel = await place_of(bot, stub)
    if channel is None or stub.message_id is None:
        return
    if await is_there(channel.get_partial_message(stub.message_id)) is False:
        await bot.stubs.remove(stub.id)
    elif stub.style == BARS_STYLE and not bot.audience.may_bar(
        stub.guild_id, channel, stub.show, stub.point
    ):
        await change_stub(bot, channel, stub)


async def retry_delete(bot: Bot, stub: Stub) -> None:
    """Tries again to delete the message of a stub that was taken down."""
    await bot.stubs.mark_checked(stub.id, now=now())  # first, so that it does not block others
    channel = await place_of(bot, stub)
    if channel is not None and stub.message_id and await delete_message(channel, stub.message_id):
        await bot.stubs.mark_deleted(stub.id)


async def reconcile(bot: Bot, *, patience: int = UNFINISHED_AFTER) -> None:
    """Does one round, every hour: finishes, checks, expires, and encrypts with the newest key.

    `patience` is in seconds: an unfinished change that is older was left by a crash.
    """
    begun = now()
    for stub in await bot.stubs.unfinished(before=begun - patience):
        await _guarded(_finish_if_left(bot, stub, begun))
    await _one_by_one(bot, retry_delete, await bot.stubs.undeleted_messages(limit=MOST_CHECKED))
    due = await bot.stubs.due_for_check(before=begun - CHECK_INTERVAL, limit=MOST_CHECKED)
    await _one_by_one(bot, check_message, due)
    await bot.stubs.delete_hidden()
    await _expire(bot)
    await _reseal(bot)


async def _expire(bot: Bot) -> None:
    at = bot.discord_time.now()
    if at is None:
        return
    keep_days = bot.rooms.keep_days()
    expired = await bot.stubs.expire(now=at, keep_days=keep_days, default_days=UNSET.keep_days)
    if expired:
        log.info("erased %d sealed messages that had expired", expired)


async def _finish_if_left(bot: Bot, listed: Stub, begun: int) -> None:
    """Finishes a stub, unless it is in use or has changed since it was listed."""
    if listed.id in bot.stubs.busy:
        return
    with in_use(bot, listed.id):
        stub = await bot.stubs.get(listed.id)
        if stub is not None and stub.state == listed.state:
            await finish_stub(bot, stub)
            await bot.stubs.claim(
                stub.id, stub.state, stub.state, now=begun
            )  # so that others come first in the next round


async def _one_by_one(
    bot: Bot, look: Callable[[Bot, Stub], Awaitable[None]], stubs: Sequence[Stub]
) -> None:
    """Checks stubs slowly, so that members' presses are not delayed by Discord's rate limits."""
    for number, stub in enumerate(stubs):
        if number and bot.get_guild(stub.guild_id) is not None:
            await asyncio.sleep(PAUSE_BETWEEN_CHECKS)
        await _guarded(look(bot, stub))


async def _guarded(work: Awaitable[None]) -> None:
    """Logs an error with one stub, so that the others go on."""
    try:
        await work
    except Exception:
        log.exception("could not look after a sealed message")


async def _reseal(bot: Bot) -> None:
    total = 0
    while reencrypted := await bot.stubs.reencrypt(limit=RESEAL_BATCH):
        total += reencrypted
    if total:
        log.info(RESEALED, total)
