"""Health: looks every minute how the bot is, and tells its operator and its owner."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.clock import now
from bot.health import status_file
from bot.health.metrics import Metrics
from bot.health.observer import Observer
from bot.health.server import HealthServer
from bot.health.troubles import Owner
from bot.loops import guarded_loop

if TYPE_CHECKING:
    from bot.context import Bot
    from bot.health.status import Status

log = logging.getLogger(__name__)

NOT_WRITTEN = "%s cannot be written, so the health command cannot say how I am: %s"
JUST_BEGUN = "Not well: the bot has only just begun."


class Health(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.observer = Observer(bot)
        self.file = status_file.path_beside(bot.config.database_path)
        self.owner = Owner(bot)
        self.status: Status | None = None
        self.metrics = Metrics(bot, lambda: self.status)
        self.server = HealthServer(self.health, self.metrics.page)
        self.port: int | None = None  # where it listens

    async def cog_load(self) -> None:
        config = self.bot.config
        for loop in (self.look, self.warn):
            self.bot.registry.workers.start(loop, owner=self)
        if config.health_port is not None:
            self.bot.registry.measures.add(self.metrics.count, owner=self)
            self.port = await self.server.start(config.health_host, config.health_port)

    async def cog_unload(self) -> None:
        await self.server.stop()
        self.look.cancel()  # or it might write once more
        await asyncio.to_thread(status_file.remove, self.file)

    def health(self) -> tuple[bool, str]:
        """Whether the bot is well, and a line about it."""
        if self.status is None:
            return False, JUST_BEGUN
        at = now()
        return not any(self.status.faults(at)), self.status.line(at)

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
        self.status = await self.observer.look()
        try:
            await asyncio.to_thread(status_file.write, self.file, self.status)
        except OSError as error:
            log.error(NOT_WRITTEN, self.file, error.strerror)  # noqa: TRY400  # in one line

    @guarded_loop("tell its owner of a trouble", minutes=1)
    async def warn(self) -> None:
        """On its own: while Discord does not answer, it must go on to look."""
        if self.status is not None:
            await self.owner.heed(self.status)


async def setup(bot: Bot) -> None:
    await bot.add_cog(Health(bot))
