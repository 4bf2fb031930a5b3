"""Keeps Discord's scheduled events and the watch parties in step, in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.parties.event_changes import catch_up, on_event_deleted, on_event_updated
from bot.parties.events import EventSync

if TYPE_CHECKING:
    from bot.context import Bot


class ScheduledEvents(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.events = EventSync(bot)

    async def cog_load(self) -> None:
        self.bot.registry.workers.start(self.events, owner=self)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await catch_up(self.bot, self.events)

    @commands.Cog.listener()
    async def on_parties_changed(self) -> None:
        self.events.wake()

    @commands.Cog.listener()
    async def on_scheduled_event_update(
        self, before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        await on_event_updated(self.bot, self.events, before, after)

    @commands.Cog.listener()
    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        await on_event_deleted(self.bot, self.events, event)


async def setup(bot: Bot) -> None:
    await bot.add_cog(ScheduledEvents(bot))
