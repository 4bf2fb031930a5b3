"""What stands in a channel, as far as Discord shows it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.discord_api.outcomes import Verdict, verdict_of
from bot.ui.custom_ids import of_item
from bot.ui.errors import FAILED

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

CLOCKS_APART = 300  # seconds that ours and Discord's may differ
PAGE = 100  # messages that one request brings
LOOKED_THROUGH = 2000  # messages of a channel's history


async def place_at(bot: discord.Client, channel_id: int) -> Place | None:
    """A channel or thread, also one that sleeps; None if nobody talks in it.

    Raises what Discord said: `bot.ui.errors.FAILED`.
    """
    channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
    return channel if isinstance(channel, Place) else None


class UnseenError(Exception):
    """What stands in a channel cannot be seen: not now, or not until somebody changes rights."""

    def __init__(self, cause: BaseException | None = None, *, is_for_good: bool = False) -> None:
        super().__init__()
        self.cause = cause or self
        self.is_for_good = is_for_good


async def history(channel: Place, after: discord.Object) -> AsyncGenerator[discord.Message]:
    """What was said in a channel since, the newest first. Raises `UnseenError`."""
    # Without the right to read it Discord shows an empty one.
    if not channel.permissions_for(channel.guild.me).read_message_history:
        raise UnseenError
    try:
        async for message in channel.history(limit=LOOKED_THROUGH, after=after, oldest_first=False):
            yield message
    except FAILED:
        raise UnseenError from None


def items(message: discord.Message) -> list[ui.Item[Any]]:
    """The buttons, texts and other parts of one of our messages."""
    return list(ui.LayoutView.from_message(message, timeout=None).walk_children())


def is_refusal(error: BaseException) -> bool:
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


async def marked(  # noqa: PLR0913  # what to look for, where, and how
    client: discord.Client,
    guild_id: int,
    channel_id: int,
    mark: str,
    *,
    since: int | None,
    turn: Callable[[], Awaitable[None]],
) -> int | None:
    """Our own message, by id, on which a button's custom_id has `mark` as a part; None: none.

    Looks at what was said since that moment (UTC epoch seconds; None: as far back as is looked);
    `turn` is awaited before each request after the first. Raises `UnseenError`.
    """
    guild = client.get_guild(guild_id)
    channel = guild and guild.get_channel_or_thread(channel_id)
    if guild and channel and not channel.permissions_for(guild.me).read_message_history:
        raise UnseenError(is_for_good=True)
    place = client.get_partial_messageable(channel_id, guild_id=guild_id)
    oldest = None if since is None else datetime.fromtimestamp(since - CLOCKS_APART, UTC)
    seen = 0
    try:
        async for message in place.history(limit=LOOKED_THROUGH):
            seen += 1
            if oldest is not None and message.created_at < oldest:
                return None
            if _is_marked(client, message, mark):
                return message.id
            if seen % PAGE == 0:
                await turn()
    except FAILED as error:
        raise UnseenError(error, is_for_good=verdict_of(error) is Verdict.REFUSED) from None
    # Without the right to read it Discord shows an empty one.
    if seen == LOOKED_THROUGH or (seen == 0 and channel is None):
        raise UnseenError(is_for_good=True)
    return None


def _is_marked(client: discord.Client, message: discord.Message, mark: str) -> bool:
    if client.user is None or message.author.id != client.user.id:
        return False
    return any(mark in of_item(item).parts for item in items(message))
