"""Channels and their messages, as far as Discord shows them to the bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.clock import MOST_APART
from bot.discord_api.outcomes import Outcome, outcome_of
from bot.ui.custom_ids import of_item
from bot.ui.errors import FAILED

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

# Seconds by which a clock of this machine that is gone by may differ from Discord's, and some more.
CLOCK_SKEW = MOST_APART + 60
PAGE = 100  # messages that one request returns
MOST_MESSAGES = 2000  # messages of a channel that are read at most


async def place_at(bot: discord.Client, channel_id: int) -> Place | None:
    """A channel or thread, also an archived one; None if it holds no messages.

    Raises one of `bot.ui.errors.FAILED`.
    """
    channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    return channel if isinstance(channel, Place) else None


class UnreadableError(Exception):
    """The messages of a channel cannot be read.

    `is_for_good`: not before somebody changes the bot's permissions; else it may work later.
    """

    def __init__(self, cause: BaseException | None = None, *, is_for_good: bool = False) -> None:
        super().__init__()
        self.cause = cause or self
        self.is_for_good = is_for_good


async def history(channel: Place, after: discord.Object) -> AsyncGenerator[discord.Message]:
    """The messages of a channel after that one, the newest first. Raises `UnreadableError`."""
    # Without the permission to read the history Discord returns an empty one.
    if not channel.permissions_for(channel.guild.me).read_message_history:
        raise UnreadableError
    try:
        async for message in channel.history(limit=MOST_MESSAGES, after=after, oldest_first=False):
            yield message
    except FAILED:
        raise UnreadableError from None


def items(message: discord.Message) -> list[ui.Item[Any]]:
    """The buttons, texts and other parts of one of our messages."""
    return list(ui.LayoutView.from_message(message, timeout=None).walk_children())


def is_refusal(error: BaseException) -> bool:
    """Whether Discord refused the request, so that it was surely not done."""
    return isinstance(error, discord.HTTPException) and 400 <= error.status < 500  # noqa: PLR2004


async def is_there(message: discord.PartialMessage) -> bool | None:
    """Whether a message still exists; None if Discord cannot be asked."""
    try:
        await message.fetch()
    except discord.NotFound:
        return False
    except FAILED:
        return None
    return True


async def find_message(  # noqa: PLR0913  # what to look for, where, and when to pause
    client: discord.Client,
    guild_id: int,
    channel_id: int,
    mark: str,
    *,
    since: int | None,
    turn: Callable[[], Awaitable[None]],
) -> int | None:
    """The id of the bot's message with a button whose custom_id has `mark` as a part, or None.

    Reads the messages since that moment (UTC epoch seconds; None: the last `MOST_MESSAGES`).
    `turn` is awaited before each request after the first. Raises `UnreadableError`.
    """
    guild = client.get_guild(guild_id)
    channel = guild and guild.get_channel_or_thread(channel_id)
    if guild and channel and not channel.permissions_for(guild.me).read_message_history:
        raise UnreadableError(is_for_good=True)
    place = client.get_partial_messageable(channel_id, guild_id=guild_id)
    oldest = None if since is None else datetime.fromtimestamp(since - CLOCK_SKEW, UTC)
    seen = 0
    try:
        async for message in place.history(limit=MOST_MESSAGES):
            seen += 1
            if oldest is not None and message.created_at < oldest:
                return None
            if _is_marked(client, message, mark):
                return message.id
            if seen % PAGE == 0:
                await turn()
    except FAILED as error:
        raise UnreadableError(error, is_for_good=outcome_of(error) is Outcome.REFUSED) from None
    # Without the permission to read the history Discord returns an empty one.
    if seen == MOST_MESSAGES or (seen == 0 and channel is None):
        raise UnreadableError(is_for_good=True)
    return None


def _is_marked(client: discord.Client, message: discord.Message, mark: str) -> bool:
    if client.user is None or message.author.id != client.user.id:
        return False
    return any(mark in of_item(item).parts for item in items(message))
