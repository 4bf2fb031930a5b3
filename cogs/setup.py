"""`/setup`: one card that says how a server stands, what is still open, and sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.setup.card import tell_setup
from bot.setup.rights import RightsPart

if TYPE_CHECKING:
    from bot.context import Bot

RIGHTS_ORDER = 50


class Setup(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.setup_parts.add(RightsPart(), owner=self, order=RIGHTS_ORDER)

    # All values are set: unset ones would be taken from the bot's defaults, which are wider.
    @app_commands.command(description="How I am set up on this server, and what is still open")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: discord.Interaction[Bot]) -> None:
        await tell_setup(interaction)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Setup(bot))
