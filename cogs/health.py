"""Health: writes every minute how the bot is, for `python -m bot health`."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.health import status_file
from bot.health.observer import Observer
from bot.loops import guarded_loop

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)


class Health(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.observer = Observer(bot)
        self.file = status_file.path_beside(bot.config.database_path)

    async def cog_load(self) -> None:
        self.bot.registry.workers.start(self.look, owner=self)

    async def cog_unload(self) -> None:
        self.look.cancel()  # or it might write once more
        await asyncio.to_thread(status_file.remove, self.file)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        self.observer.connected(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        self.observer.connected(shard_id)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        self.observer.disconnected(shard_id)

    @guarded_loop("look after its own health", minutes=1)
    async def look(self) -> None:
        status = await self.observer.look()
        await asyncio.to_thread(status_file.write, self.file, status)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Health(bot))
