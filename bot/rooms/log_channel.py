"""The log channel, where moderators are told things: chosen from the card of `/setup`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.discord_api.permissions import require_server_manager
from bot.extensions import SetupPart, Standing
from bot.options.channels import TEXT, THREADS
from bot.rooms.settings import NO_LOG_CHANNEL, log_channel_in_words
from bot.setup.card import part_card, tell_setup
from bot.ui.buttons import StatelessButton, StatelessChannelSelect, StatelessSelect, id_of
from bot.ui.cards import answer
from bot.ui.errors import UserError

if TYPE_CHECKING:
    from bot.context import Bot


REACHES_NOBODY = "Reports of spoilers and requests for shows reach nobody yet."
REACHES_NOBODY_NOW = "Reports of spoilers and requests for shows reach nobody now. "
WHAT_IT_IS_FOR = (
    "### Log channel\n"
    "I tell moderators there who covered what, what was reported and which shows are asked for. "
    "I never repeat the words. A channel that only moderators read is best."
)
CHOOSE_CHANNEL, CHANGE_CHANNEL, STOP = "Choose a channel", "Change the channel", "Stop telling them"
WHICH_CHANNEL = "Where shall I tell moderators?"


class ChooseLog(StatelessChannelSelect, code="yc"):
    """Choose where moderators are told what was covered, reported and asked for."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        place = id_of(StatelessSelect.value(interaction))
        await tell_setup(interaction, await set_log_channel(interaction, place))


class StopLog(StatelessButton, code="yd"):
    """Tell moderators nothing any more."""

    async def press(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        await tell_setup(interaction, await set_log_channel(interaction, None))


class LogPart(SetupPart):
    """Where moderators are told of what concerns them."""

    key, name = "log", "Log channel"

    async def standing(self, interaction: discord.Interaction[Bot]) -> Standing:
        place = log_channel_now(interaction)
        if place is None:
            return Standing("open", REACHES_NOBODY, CHOOSE_CHANNEL)
        await interaction.client.learn(interaction.guild_id or 0, [place])
        try:
            return Standing("done", log_channel_in_words(interaction, place), CHANGE_CHANNEL)
        except UserError as error:
            why = REACHES_NOBODY_NOW + str(error)
            return Standing("open", why, CHANGE_CHANNEL)

    async def change(self, interaction: discord.Interaction[Bot]) -> None:
        require_server_manager(interaction)
        select = ChooseLog(placeholder=WHICH_CHANNEL, kinds=(*TEXT, *THREADS))
        stop = [] if log_channel_now(interaction) is None else [StopLog(label=STOP)]
        await answer(interaction, part_card(WHAT_IT_IS_FOR, [select], stop))


def log_channel_now(interaction: discord.Interaction[Bot]) -> int | None:
    """The id of the log channel of this server; None while it has none."""
    return interaction.client.rooms.server(interaction.guild_id or 0).log_channel


async def set_log_channel(interaction: discord.Interaction[Bot], place: int | None) -> str:
    """Set the log channel, or none, and say so. Raises `UserError` if it cannot be used."""
    rooms, guild_id = interaction.client.rooms, require_server_manager(interaction)
    server = rooms.server(guild_id)
    said = NO_LOG_CHANNEL if place is None else log_channel_in_words(interaction, place)
    if place != server.log_channel:
        await rooms.save_server(guild_id, replace(server, log_channel=place))
    return said
