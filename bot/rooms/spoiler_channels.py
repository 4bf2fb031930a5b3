"""Spoiler Channels: Discord's own notice before a channel, and the button that switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.discord_api.permissions import is_thread
from bot.rooms.settings import MANAGE_CHANNELS, NEED
from bot.ui.buttons import StatelessButton
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError
from bot.ui.text import Markup, say

if TYPE_CHECKING:
    from bot.context import Bot


FLAG = 1 << 21  # Discord's own, which discord.py 2.7 has no name for

OFFER = "Discord can also warn people before they enter: shall I make it a Spoiler Channel?"
MAKE_SPOILER_CHANNEL = "Make it a Spoiler Channel"
IS_SPOILER_CHANNEL = "{channel} is a Spoiler Channel now: people are asked before they enter."
ALREADY = "{channel} is a Spoiler Channel already."
GONE = "I can't see that channel any more."
AGE_RESTRICTED = "{channel} is age-restricted, and Discord does not let a channel be both."
I_NEED = "I can't switch that on: I need {permission} in {channel}."


class SpoilerChannel(StatelessButton, code="f"):
    """Switch on Discord's own notice for the channel whose scope was set."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        (id,) = self.parts
        guild, user = interaction.guild, interaction.user
        channel = guild.get_channel(int(id)) if guild and id.isdecimal() else None
        if guild is None or channel is None or not isinstance(user, discord.Member):
            raise UserError(GONE)
        named = {"permission": MANAGE_CHANNELS, "channel": Markup(channel.mention)}
        if not channel.permissions_for(user).manage_channels:
            raise UserError(say(NEED, **named))
        if not channel.permissions_for(guild.me).manage_channels:
            raise UserError(say(I_NEED, **named))
        try:
            sentence = await _switch_on(interaction.client, channel.id)
        # A right was taken away a moment ago, or is worth less than it says.
        except discord.Forbidden:
            raise UserError(say(I_NEED, **named)) from None
        await answer(interaction, notice(say(sentence, channel=named["channel"])))


def button(channel_id: int) -> SpoilerChannel:
    return SpoilerChannel(str(channel_id), label=MAKE_SPOILER_CHANNEL)


def can_be_spoiler_channel(channel: object) -> bool:
    """Text-like and voice channels can; neither threads nor stages."""
    kind = getattr(channel, "type", None)
    return not is_thread(channel) and kind is not discord.ChannelType.stage_voice


async def _switch_on(bot: Bot, channel_id: int) -> str:
    """Set the flag over the raw API: discord.py 2.7 neither reads nor names it on such channels."""
    raw: Any = await bot.http.get_channel(channel_id)
    flags = int(raw.get("flags") or 0)
    if raw.get("nsfw"):
        return AGE_RESTRICTED
    if flags & FLAG:
        return ALREADY
    await bot.http.edit_channel(channel_id, flags=flags | FLAG)
    return IS_SPOILER_CHANNEL
