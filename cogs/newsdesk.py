"""`/newsdesk`: the commands of the bot's owner and the editors, on the servers where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.loops import guarded_loop
from bot.news.desk_servers import DeskServers
from bot.news.editor_commands import DeskCommands
from bot.news.editors import is_editor
from bot.ui.errors import FAILED

if TYPE_CHECKING:
    from bot.context import Bot


class Newsdesk(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.servers = DeskServers(bot, DeskCommands())

    async def cog_load(self) -> None:
        await self.servers.open()
        self.bot.registry.workers.start(self.look_after, owner=self)

    @guarded_loop("look after the news desk's commands", hours=1, when_ready=True)
    async def look_after(self) -> None:
        await self.servers.look_after()

    @commands.Cog.listener()
    async def on_use(self, interaction: discord.Interaction[Bot]) -> None:
        """Bring the commands to where somebody who may use them has used any command."""
        guild = self.bot.get_guild(interaction.guild_id or 0)
        is_command = interaction.type is discord.InteractionType.application_command
        if not is_command or guild is None or guild.id in self.servers:
            return
        try:
            may_use = await is_editor(interaction)
        except FAILED:  # who the owner is; their next command asks again
            return
        if may_use:
            await self.servers.bring(guild.id)

    @commands.Cog.listener()
    async def on_editor_removed(self) -> None:
        await self.servers.let_go()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.servers.forget(guild.id)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Newsdesk(bot))
