"""The helpers whom the moderators of a server trust, and messages to the moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.ui.cards import Card
from bot.ui.errors import FAILED

if TYPE_CHECKING:
    from bot.context import Bot


def is_trusted(bot: Bot, member: discord.User | discord.Member) -> bool:
    """Whether a member, by name or by role, is a helper on their server."""
    if not isinstance(member, discord.Member):
        return False
    ids = {member.id, *(role.id for role in member.roles)}
    return any(helper.id in ids for helper in bot.rooms.helpers(member.guild.id))


async def tell_moderators(bot: Bot, guild_id: int, card: Card) -> discord.Message | None:
    """Post a card in the log channel; returns None if there is none, or Discord refuses."""
    log_channel = bot.rooms.server(guild_id).log_channel
    if log_channel is None:
        return None
    try:
        return await bot.get_partial_messageable(log_channel, guild_id=guild_id).send(view=card)
    except FAILED:
        return None
