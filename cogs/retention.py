"""Retention: erases the data of servers that removed the bot, and old regulars."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import now
from bot.loops import guarded_loop
from bot.rooms.pulse import KEPT_DAYS
from data.storage.trusted_time import ago

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

DAY = 24 * 60 * 60  # seconds
AFTER_LEAVING = 30 * DAY  # seconds until the data of a server is erased


class Retention(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.workers.start(self.erase_left, owner=self)

    # discord.py does not send this event for a server that is only unavailable.
    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        at = self.bot.discord_time.now()
        if at is not None:  # else `_reconcile` notices it, once the clock is right
            await self.bot.rooms.mark_left(guild.id, now=at)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.bot.rooms.mark_returned(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Record servers that removed the bot, or added it again, while it was not running."""
        at = self.bot.discord_time.now()
        left = self.bot.rooms.departed(before=now() + 1)
        for guild_id in self.bot.rooms.guilds():
            is_here = self.bot.get_guild(guild_id) is not None
            if is_here and guild_id in left:
                await self.bot.rooms.mark_returned(guild_id)
            elif not is_here and guild_id not in left and at is not None:
                await self.bot.rooms.mark_left(guild_id, now=at)

    @guarded_loop("erase the settings of servers that I left", hours=24, when_ready=True)
    async def erase_left(self) -> None:
        at = self.bot.discord_time.now()
        if at is None:
            return
        await self._reconcile()  # otherwise a server that added the bot again would be erased
        before = ago(AFTER_LEAVING, at)
        erased = 0
        for guild_id in self.bot.rooms.departed(before=before):
            erased += await self.bot.stubs.remove_guild(guild_id, before=before)
        erased += await self.bot.rooms.erase_left(before=before)
        self.bot.stubs.clear_cache()
        await self.bot.regulars.prune(before=ago(KEPT_DAYS * DAY, at))
        if erased:
            log.info("erased %d settings of servers that I left", erased)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Retention(bot))
