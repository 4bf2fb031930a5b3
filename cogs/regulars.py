"""Records who uses the bot in which room on which day, for `/room pulse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.rooms import personal_data
from bot.rooms.pulse import note_use

if TYPE_CHECKING:
    from bot.context import Bot


class Regulars(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.add_personal_data(personal_data.regular(self.bot), owner=self)

    @commands.Cog.listener()
    async def on_use(self, interaction: discord.Interaction[Bot]) -> None:
        await note_use(interaction)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Regulars(bot))
