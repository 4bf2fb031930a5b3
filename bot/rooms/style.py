"""How spoilers are hidden in a room: told, fixed, and left to the members again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord_api.permissions import Channel, is_thread
from bot.extensions import SetupPart, Standing
from bot.rooms.settings import (
    ANY,
    BARS,
    SEALED,
    STYLE_IS,
    STYLE_SET,
    require_channel_manager,
)
from bot.setup.card import part_card, tell_setup
from bot.ui.buttons import StatelessSelect
from bot.ui.cards import answer
from bot.ui.mentions import mention
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot


STYLE_NAMES = {
    ANY: "any: members choose",
    SEALED: "sealed: a button opens each spoiler privately",
    BARS: "bars: behind Discord's bars, where the scope allows",
}
STYLE_CHOICES = [app_commands.Choice(name=name, value=key) for key, name in STYLE_NAMES.items()]
STYLE_INHERITED = "{channel} has no style of its own any more. It follows the channel it is in."
STYLE_HERE = {
    ANY: "In this room members choose how a spoiler is hidden.",
    SEALED: "In this room every spoiler is sealed.",
    BARS: "In this room spoilers stand behind bars.",
}
CHANGE_STYLE, HOW_HIDDEN = "Change hiding", "How are spoilers hidden here?"


class ChooseStyle(StatelessSelect, code="yg"):
    """Choose how spoilers are hidden in the room where it is chosen."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        style = self.value(interaction)
        if style not in STYLE_NAMES:
            raise ValueError(style)
        await tell_setup(interaction, await set_style(interaction, style, None))


class StylePart(SetupPart):
    """How spoilers are hidden in the room where `/setup` is used."""

    key, name = "style", "Hiding"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        return Standing("done", STYLE_HERE[_style_here(interaction)], CHANGE_STYLE)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        _, place = require_channel_manager(interaction, None)
        now_set = _style_here(interaction)
        options = [
            discord.SelectOption(label=name, value=style, default=style == now_set)
            for style, name in STYLE_NAMES.items()
        ]
        select = ChooseStyle(placeholder=HOW_HIDDEN, options=options)
        said = say(STYLE_IS[now_set], channel=mention(place))
        await answer(interaction, part_card(said, [select]))


def style_in_words(interaction: discord.Interaction[Bot], channel: Channel | None) -> str:
    """How spoilers are hidden in a room. Raises `UserError` for who may not manage it."""
    guild_id, place = require_channel_manager(interaction, channel)
    found = interaction.client.audience.style(guild_id, channel or interaction.channel)
    return say(STYLE_IS[found or ANY], channel=mention(place))


async def set_style(
    interaction: discord.Interaction[Bot], style: str, channel: Channel | None
) -> str:
    """Fix how spoilers are hidden in a room, and say so; `UserError` for who may not."""
    guild_id, place = require_channel_manager(interaction, channel)
    await interaction.client.rooms.set_style(guild_id, place, None if style == ANY else style)
    follows = style == ANY and is_thread(channel or interaction.channel)
    return say(STYLE_INHERITED if follows else STYLE_SET[style], channel=mention(place))


def _style_here(interaction: discord.Interaction[Bot]) -> str:
    guild_id = interaction.guild_id or 0
    return interaction.client.audience.style(guild_id, interaction.channel) or ANY
