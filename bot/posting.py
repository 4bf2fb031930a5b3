"""Posting: stubs put into channels, changed and taken down; each stands once, whatever fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.asking import now
from bot.cards import Card, barred, sealed
from bot.channels import mention_of
from bot.covering import hidden_pages, say
from bot.errors import FAILED, UserError
from bot.revealing import GONE, Reveal
from data.stubs import (
    BARS,
    COVER,
    DRAFT,
    POSTED,
    POSTING,
    SEALED,
    SHARE,
    STANDING,
    Content,
    Stub,
)

if TYPE_CHECKING:
    from bot.client import Bot

log = logging.getLogger(__name__)

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
# What else stands beside Reveal on a stub, for everybody; and in its menu, for one member.
Beside = Callable[[Stub], Sequence[ui.Item[Any]]]
Within = Callable[[discord.Interaction[Any], Stub], Sequence[ui.Item[Any]]]

HEADING = "**{show}** · spoilers through **{label}**\n"
FROM = "from {who}"
COVERED = "what {who} wrote here, covered"
SHARED = "an answer that {who} shared; it goes further than this room"
IN_BARS = "Spoilers for **{show}** through **{label}** · from {who}"
REVEAL = "Reveal"

LONGEST_BARRED = 3600  # UTF-16 units behind bars on one card
CLOCKS_APART = 30  # seconds that ours and Discord's may differ
LOOKED_THROUGH = 200  # messages of a channel's history, to find a stub that may stand in it


def face(bot: Bot, stub: Stub, content: Content | None) -> Card:
    """How a stub looks in its channel: behind bars only if it may be, else without a word of it."""
    title, label = bot.library.in_words(stub.show, stub.point)
    named = {"show": title, "label": label, "who": mention_of(stub.author_id)}
    beside = [item for offer in bot.beside_stubs for item in offer(stub)]
    if stub.style == BARS and content is not None:
        return barred(say(IN_BARS, **named), content.text, label=label, rows=[beside])
    whose = {COVER: COVERED, SHARE: SHARED}.get(stub.kind, FROM)
    reveal = Reveal(str(stub.id), label=REVEAL, style=discord.ButtonStyle.primary)
    return sealed(say(HEADING + whose, **named), rows=[[reveal, *beside]])


def styled(bot: Bot, channel: object, stub: Stub, content: Content | None) -> Stub:
    """The stub in the style in which it may stand in the channel now."""
    fixed = bot.audience.style(stub.guild_id, channel)
    is_barred = (
        (fixed or stub.style) == BARS
        and stub.kind not in {COVER, SHARE}
        and content is not None
        and len(hidden_pages(content.text, LONGEST_BARRED)) == 1
        and bot.audience.may_bar(stub.guild_id, channel, stub.show, stub.point)
    )
    return replace(stub, style=BARS if is_barred else SEALED)


async def post(bot: Bot, channel: Place, id: int) -> discord.Message | None:
    """Post a draft; None if it was posted already, or is gone.

    Raises what Discord said: then it is a draft again.
    """
    draft = await bot.stubs.claim(id, DRAFT, POSTING, now=now())
    if draft is None:
        return None
    try:
        return await _send(bot, channel, draft)
    except FAILED:
        await bot.stubs.claim(id, POSTING, DRAFT, now=now())
        raise


async def stand(bot: Bot, channel: Place, stub: Stub, content: Content) -> Stub:
    """Store a new stub and post it; one that covers a message does not cover it yet.

    Raises `TooManyError`, `CoveredError`, or what Discord said: then nothing stands.
    """
    saved = await bot.stubs.save(replace(stub, state=POSTING), content, now=now())
    try:
        message = await _send(bot, channel, saved)
    except FAILED:
        await _withdraw(bot, channel, saved)
        raise
    return replace(saved, message_id=message.id)


async def _send(bot: Bot, channel: Place, stub: Stub) -> discord.Message:
    """Post it, and note that it stands. Between deciding how it looks and sending nothing waits."""
    content = await _content(bot, stub)
    styled_ = styled(bot, channel, stub, content)
    card, reference = face(bot, styled_, content), reference_to(channel, stub)
    nonce = str(stub.id)  # a repetition within minutes is the same message
    if reference is None:
        message = await channel.send(view=card, nonce=nonce)
    else:
        message = await channel.send(view=card, nonce=nonce, reference=reference)
    state = STANDING if stub.kind == COVER else POSTED
    is_noted = await bot.stubs.posted(stub.id, message.id, state, now=now())
    if not is_noted and await bot.stubs.get(stub.id) is None:  # erased while it was being posted
        await _delete(channel, message.id)
        raise UserError(GONE)
    if styled_.style != stub.style:
        await bot.stubs.edit(stub.id, style=styled_.style)
    if styled(bot, channel, styled_, content).style != styled_.style:
        await redraw(bot, channel, replace(styled_, message_id=message.id))
    return message


async def _content(bot: Bot, stub: Stub) -> Content | None:
    found = await bot.stubs.read(stub.id)
    return found[1] if found else None


def reference_to(channel: Place, stub: Stub) -> discord.MessageReference | None:
    """What the stub answers, where the bot may point at it."""
    guild = getattr(channel, "guild", None)
    if stub.reply_to is None or guild is None:
        return None
    if not channel.permissions_for(guild.me).read_message_history:
        return None
    return discord.MessageReference(
        message_id=stub.reply_to, channel_id=channel.id, fail_if_not_exists=False
    )


async def redraw(bot: Bot, channel: Place, stub: Stub) -> Stub:
    """Bring a stub's message to what is stored. Raises `UserError` if it is not there any more."""
    if stub.message_id is None:
        raise UserError(GONE)
    content = await _content(bot, stub)
    drawn = styled(bot, channel, stub, content)
    if drawn.style != stub.style:
        await bot.stubs.edit(stub.id, style=drawn.style)
    try:
        message = channel.get_partial_message(stub.message_id)
        # Said once more: discord.py leaves the bot's default out where it edits what has no text.
        nobody = discord.AllowedMentions.none()
        await message.edit(view=face(bot, drawn, content), allowed_mentions=nobody)
    except discord.NotFound:
        await bot.stubs.remove(stub.id)
        raise UserError(GONE) from None
    return drawn


async def take_down(bot: Bot, channel: Place, stub: Stub) -> bool:
    """Erase a stub's words, then its message; False if the words were gone already."""
    removed = await bot.stubs.remove(stub.id)
    if stub.message_id is not None:
        await _delete(channel, stub.message_id)
    return removed is not None


async def _delete(channel: Place, message_id: int) -> None:
    """Delete one of our messages. Where Discord refuses, its buttons open nothing any more."""
    try:
        await channel.get_partial_message(message_id).delete()
    except FAILED as error:
        log.warning("could not delete a message of mine: %s", type(error).__name__)


async def _withdraw(bot: Bot, channel: Place, stub: Stub) -> None:
    """Forget a stub that Discord did not take, and delete it if it stands after all."""
    await bot.stubs.remove(stub.id)
    found = await look_for(channel, stub)
    if found is not None:
        await _delete(channel, found.id)


async def look_for(channel: Place, stub: Stub) -> discord.Message | None:
    """A stub's message in the channel's history; None if it is not there, or cannot be seen."""
    since = discord.Object(discord.utils.time_snowflake(_moment(stub.created_at - CLOCKS_APART)))
    try:
        async for message in channel.history(limit=LOOKED_THROUGH, after=since):
            if any(_is_about(item, stub) for item in _items(message)):
                return message
    except FAILED:
        return None
    return None


def _items(message: discord.Message) -> list[ui.Item[Any]]:
    return list(ui.LayoutView.from_message(message, timeout=None).walk_children())


def _is_about(item: ui.Item[Any], stub: Stub) -> bool:
    """Whether it is a button of this stub's, whichever of them stand on it."""
    return (getattr(item, "custom_id", None) or "").partition("|")[2] == str(stub.id)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Covering(Enum):
    """What became of a message that a stub was to cover."""

    DONE = "it is gone, and the stub stands for it"
    REFUSED = "it is where it was, and there is no stub"
    UNKNOWN = "the stub stands, and Discord does not tell whether the message does too"


async def finish_cover(bot: Bot, channel: Place, stub: Stub) -> Covering:
    """Delete the message that a standing stub covers: only now, and only if that can be known.

    Where it cannot be deleted the stub goes instead, so that the two never both stay.
    """
    assert stub.source_id is not None  # noqa: S101  # the table says so of every cover
    original = channel.get_partial_message(stub.source_id)
    try:
        await original.delete()
    except discord.NotFound:
        pass
    except FAILED as error:
        stays = True if _is_refusal(error) else await is_there(original)
        if stays is None:
            return Covering.UNKNOWN
        if stays:
            await take_down(bot, channel, stub)
            return Covering.REFUSED
    await bot.stubs.claim(stub.id, STANDING, POSTED, now=now())
    return Covering.DONE


def _is_refusal(error: BaseException) -> bool:
    """Whether Discord has said no, so that nothing can have happened."""
    return isinstance(error, discord.HTTPException) and 400 <= error.status < 500  # noqa: PLR2004


async def is_there(message: discord.PartialMessage) -> bool | None:
    """Whether a message still stands; None if Discord does not say."""
    try:
        await message.fetch()
    except discord.NotFound:
        return False
    except FAILED:
        return None
    return True
