"""`/setup`: one card that says how a server stands and sets it; and hello to a new server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.setup.card import tell_setup
from bot.setup.hello import HELLO_TOPIC, HelloTopic, place_for_hello
from bot.setup.rights import RightsPart
from data.outbox import Post
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

RIGHTS_ORDER = 50
NEW_FOR = 24 * 60 * 60  # seconds after its invitation in which the bot says hello
NOT_REMEMBERED = "a new server cannot be greeted: %s"


class Setup(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.registry.setup_parts.add(RightsPart(), owner=self, order=RIGHTS_ORDER)
        self.bot.registry.topics.add(HelloTopic(), HELLO_TOPIC, owner=self)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._greet(guild)

    # A server that invited the bot while it was not running is not "joined" when it starts.
    @commands.Cog.listener()
    async def on_ready(self) -> None:
        for guild in self.bot.guilds:
            await self._greet(guild)

    async def _greet(self, guild: discord.Guild) -> None:
        """Say hello where the bot came lately: Discord may call any server new, after an outage."""
        own = guild.get_member(self.bot.own_id)
        came = own.joined_at if own else None
        if own is None or came is None or abs(now() - came.timestamp()) > NEW_FOR:
            return
        place, moment = place_for_hello(guild, own), now()
        post = Post(HELLO_TOPIC, str(guild.id), guild.id, place.id, moment) if place else None
        try:
            is_first = await self.bot.rooms.greet(guild.id, post, now=moment)
        except DatabaseError as error:
            log.error(NOT_REMEMBERED, error)  # noqa: TRY400  # told in one line
            return
        if is_first and post:
            self.bot.announcer.wake()

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
