"""News: polled from sources, announced in channels, and sent as reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import now
from bot.loops import guarded_loop
from bot.news.announcement import NewsTopic
from bot.news.follow import followed
from bot.news.follow_list import CHANNEL_GONE
from bot.news.poller import Poller
from bot.news.reminders import ReminderSender
from data.news.subject import NEWS_TOPIC
from data.story.show import Show

if TYPE_CHECKING:
    from bot.context import Bot

BOT_REMOVED = "kicked"  # a reason to pause subscriptions


class News(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._reminders = ReminderSender()
        self.poller = Poller(
            bot.sources, bot.sightings, bot.news_store, self._followed, now, bot.announcer.wake
        )

    async def cog_load(self) -> None:
        self.bot.registry.topics.add(NewsTopic(self.bot), NEWS_TOPIC, owner=self)
        self.bot.registry.workers.start(self.poll, owner=self)

    async def _followed(self) -> list[Show]:
        return await followed(self.bot)

    @guarded_loop("look after the news", minutes=10)
    async def poll(self) -> None:
        """Poll the sources that are due."""
        await self.poller.poll()

    @commands.Cog.listener()
    async def on_press_completion(self, interaction: discord.Interaction[Bot]) -> None:
        await self._reminders.tell(interaction)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction[Bot], command: object
    ) -> None:
        await self._reminders.tell(interaction)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.bot.subscriptions.pause(channel.guild.id, channel.id, CHANNEL_GONE)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        await self.bot.subscriptions.pause(thread.guild_id, thread.thread_id, CHANNEL_GONE)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.bot.subscriptions.resume(guild.id, reason=BOT_REMOVED)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        for guild_id in await self.bot.subscriptions.paused_for(BOT_REMOVED):
            if self.bot.get_guild(guild_id) is not None:  # it came back while the bot was away
                await self.bot.subscriptions.resume(guild_id, reason=BOT_REMOVED)


async def setup(bot: Bot) -> None:
    await bot.add_cog(News(bot))
