"""Editors: the members who may enter news; only the bot's owner names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.ui.errors import UserError

if TYPE_CHECKING:
    from bot.context import Bot


FOR_EDITORS = (
    "Only the person who runs me, and the people they have named, "
    "can enter, correct or retract news."
)
FOR_OWNER = "Only the person who runs me says who may enter news."


async def check_editor(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for everybody but the bot's owner and the editors they named."""
    if not await is_editor(interaction):
        raise UserError(FOR_EDITORS)


async def is_editor(interaction: discord.Interaction[Bot]) -> bool:
    named = await interaction.client.news_store.editors()
    return interaction.user.id in named or await is_owner(interaction)


async def check_owner(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for everybody but the bot's owner, or the owner's team."""
    if not await is_owner(interaction):
        raise UserError(FOR_OWNER)


async def is_owner(interaction: discord.Interaction[Bot]) -> bool:
    return await interaction.client.is_owner(interaction.user)


# For `/help`, which tells of a command only those who can use it.
FOR_EDITORS_ONLY, FOR_OWNER_ONLY = {"only": is_editor}, {"only": is_owner}
