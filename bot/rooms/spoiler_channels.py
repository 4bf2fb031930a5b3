"""Spoiler Channels: Discord's own warning before a channel, and the button that turns it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord_api.permissions import is_thread
from bot.rooms.settings import CHANNEL_PERMISSION_NEEDED, MANAGE_CHANNELS
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError
from bot.ui.text import Markup, say

if TYPE_CHECKING:
    from bot.context import Bot


SPOILER_CHANNEL_FLAG = 1 << 21  # a flag of Discord that discord.py 2.7 has no name for

SPOILER_CHANNEL_OFFER = (
    "Discord can also warn people before they enter: shall I make it a Spoiler Channel?"
)
MAKE_SPOILER_CHANNEL = "Make it a Spoiler Channel"
IS_SPOILER_CHANNEL = "{channel} is a Spoiler Channel now: people are asked before they enter."
ALREADY_SPOILER_CHANNEL = "{channel} is a Spoiler Channel already."
CHANNEL_OUT_OF_SIGHT = "I can't see that channel any more."
AGE_RESTRICTED = "{channel} is age-restricted, and Discord does not let a channel be both."
BOT_NEEDS_PERMISSION = "I can't switch that on: I need {permission} in {channel}."


class SpoilerChannel(StatelessButton, code="f"):
    """Turn on Discord's own warning for the channel whose scope was set."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        guild, user = interaction.guild, interaction.user
        channel = guild.get_channel(int(id)) if guild and id.isdecimal() else None
        if guild is None or channel is None or not isinstance(user, discord.Member):
            raise UserError(CHANNEL_OUT_OF_SIGHT)
        named = {"permission": MANAGE_CHANNELS, "channel": Markup(channel.mention)}
        if not channel.permissions_for(user).manage_channels:
            raise UserError(say(CHANNEL_PERMISSION_NEEDED, **named))
        if not channel.permissions_for(guild.me).manage_channels:
            raise UserError(say(BOT_NEEDS_PERMISSION, **named))
        try:
            sentence = await _switch_on(interaction.client, channel.id)
        # The permission was removed a moment ago, or Discord needs more than it says.
        except discord.Forbidden:
            raise UserError(say(BOT_NEEDS_PERMISSION, **named)) from None
        await answer(interaction, notice(say(sentence, channel=named["channel"])))


def button(channel_id: int) -> SpoilerChannel:
    return SpoilerChannel(str(channel_id), label=MAKE_SPOILER_CHANNEL)


def can_be_spoiler_channel(channel: object) -> bool:
    """Whether a channel can be a Spoiler Channel: all kinds can except threads and stages."""
    kind = getattr(channel, "type", None)
    return not is_thread(channel) and kind is not discord.ChannelType.stage_voice


async def _switch_on(bot: Bot, channel_id: int) -> str:
    """Set the flag through the raw API, because discord.py 2.7 does not know it.

    Returns the sentence to answer with. Raises `discord.HTTPException`.
    """
    raw: Any = await bot.http.get_channel(channel_id)
    flags = int(raw.get("flags") or 0)
    if raw.get("nsfw"):
        return AGE_RESTRICTED
    if flags & SPOILER_CHANNEL_FLAG:
        return ALREADY_SPOILER_CHANNEL
    await bot.http.edit_channel(channel_id, flags=flags | SPOILER_CHANNEL_FLAG)
    return IS_SPOILER_CHANNEL
