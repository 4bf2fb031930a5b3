"""`/renewal`: whether there will be another season, since when it is known, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.news import personal_data
from bot.news.renewal_card import on_show_card, tell_status
from bot.news.setup_part import AlertsPart
from bot.options.autocomplete import complete_show
from bot.options.parse import ask_show

if TYPE_CHECKING:
    from bot.context import Bot

SETUP_ORDER = 30  # of the line on the card of `/setup`
CARD_ORDER = 10  # of what stands on the card of a show


class Renewals(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.add_personal_data(*personal_data.kinds(self.bot), owner=self)
        self.bot.registry.show_card.add(on_show_card, owner=self, order=CARD_ORDER)
        self.bot.registry.setup_parts.add(AlertsPart(), owner=self, order=SETUP_ORDER)

    @app_commands.command(description="Whether there will be another season, and who says so")
    @app_commands.describe(show="The show; most rooms have only one")
    @app_commands.autocomplete(show=complete_show)
    async def renewal(self, interaction: discord.Interaction[Bot], show: str | None = None) -> None:
        await ask_show(interaction, show, tell_status)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Renewals(bot))
