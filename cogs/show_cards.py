"""`/shows`: the shows that a server has, and what one of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.options.autocomplete import complete_show
from bot.options.parse import ask_show
from bot.shows.show_card import tell_show, tell_shows

if TYPE_CHECKING:
    from bot.context import Bot


class ShowCards(commands.Cog):
    @app_commands.command(description="The shows that I know here, and what one of them is")
    @app_commands.describe(show="Tell more of this one; all of them if you leave it out")
    @app_commands.autocomplete(show=complete_show)
    async def shows(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        if show is None:
            await tell_shows(interaction)
        else:
            await ask_show(interaction, show, tell_show)


async def setup(bot: Bot) -> None:
    await bot.add_cog(ShowCards())
