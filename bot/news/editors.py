"""Editors: the members who may enter news; only the bot's owner names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.clock import now
from bot.ui.cards import answer, answer_lines, notice
from bot.ui.errors import UserError
from bot.ui.mentions import mention_of
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot


FOR_EDITORS = (
    "Only the person who runs me, and the people they have named with `/renewal editors add`, "
    "can enter, correct or retract news."
)
FOR_OWNER = "Only the person who runs me says who may enter news."
EDITORS = "### Who may enter news, besides the person who runs me"
EDITOR = "- {who}"
NO_EDITORS = "Only the person who runs me enters news. `/renewal editors add` names somebody else."
BOTS_ENTER_NOTHING = "A bot uses no commands, so it can't enter news."
MAY_ENTER = "{who} may enter, correct and retract news now."
COULD_ENTER = "{who} may enter news already."
MAY_NO_MORE = "{who} may no longer enter news. What they entered stays."
COULD_NEVER = "{who} was never named."


async def check_editor(interaction: discord.Interaction[Bot]) -> None:
    """Raises `UserError` for everybody but the bot's owner and whom they named."""
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


class Editors(app_commands.Group, name="editors", description="Who may enter news"):
    """The commands that name those who may enter news; part of a feature's own."""

    @app_commands.command(
        name="add",
        description="Let somebody enter news, if you run this bot",
        extras=FOR_OWNER_ONLY,
    )
    @app_commands.describe(who="Whom you trust with what every server is told")
    async def add_editor(self, interaction: discord.Interaction[Bot], who: discord.User) -> None:
        await check_owner(interaction)
        if who.bot:
            raise UserError(BOTS_ENTER_NOTHING)
        is_new = await interaction.client.news_store.add_editor(who.id, now=now())
        said = say(MAY_ENTER if is_new else COULD_ENTER, who=mention_of(who.id))
        await answer(interaction, notice(said))

    @app_commands.command(
        name="remove",
        description="Let somebody enter no more, if you run this bot",
        extras=FOR_OWNER_ONLY,
    )
    @app_commands.describe(who="Who is to enter no more")
    async def remove_editor(self, interaction: discord.Interaction[Bot], who: discord.User) -> None:
        await check_owner(interaction)
        was_one = await interaction.client.news_store.remove_editor(who.id)
        said = say(MAY_NO_MORE if was_one else COULD_NEVER, who=mention_of(who.id))
        await answer(interaction, notice(said))

    @app_commands.command(
        name="list", description="Who may enter news, if you run this bot", extras=FOR_OWNER_ONLY
    )
    async def list_editors(self, interaction: discord.Interaction[Bot]) -> None:
        await check_owner(interaction)
        editors = await interaction.client.news_store.editors()
        lines = [say(EDITOR, who=mention_of(user_id)) for user_id in editors]
        await answer_lines(interaction, [EDITORS, *lines] if lines else [NO_EDITORS])
