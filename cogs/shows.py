"""`/show`: moderators add shows to a server, and remove them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import now
from bot.discord_api.permissions import require_server_manager
from bot.loops import guarded_loop
from bot.options.autocomplete import CHOICES, Choices, choices
from bot.shows.add import ask_which, propose
from bot.shows.importer import Importer
from bot.shows.pack_reload import PackReloader
from bot.shows.requests import keep
from bot.shows.setup_part import ShowsPart
from bot.sources.tvmaze_catalog import Candidate
from bot.ui.cards import answer, notice
from bot.ui.errors import UserError
from bot.ui.text import say

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

SHOW_REMOVED = (
    "{show} is no longer here. How far people have watched it, and what rooms may say, is kept."
)
ONLY_IMPORTS_REMOVED = "{show} came with me, so it can't be removed. Only imported shows can."

SETUP_ORDER = 10  # of the line on the card of `/setup`


# All values are set: unset ones would be taken from the bot's defaults, which are wider.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Shows(commands.GroupCog, name="show", description="Which shows this server has"):
    importer: Importer

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._packs = PackReloader(bot.config.shows_path)

    async def cog_load(self) -> None:
        bot = self.bot
        self.importer = await Importer.open(bot.db, bot.catalog, bot.library, now)
        self._searches = keep(bot, self.importer).searches
        part = ShowsPart(self.importer, self._searches)
        bot.registry.setup_parts.add(part, owner=self, order=SETUP_ORDER)
        bot.registry.workers.start(self.refresh, owner=self)
        if bot.config.shows_path is not None:
            bot.registry.workers.start(self.reload, owner=self)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.importer.reread(guild.id)

    @guarded_loop("refresh the imported shows", minutes=10)
    async def refresh(self) -> None:
        await self.importer.refresh()

    @guarded_loop("look after the packs", minutes=1)
    async def reload(self) -> None:
        await self._packs.look(self.bot)

    @app_commands.command(description="Bring a show here from TVmaze")
    @app_commands.describe(name="Its title, or the beginning of it")
    async def add(
        self, interaction: discord.Interaction[Bot], name: app_commands.Range[str, 1, 80]
    ) -> None:
        require_server_manager(interaction)
        self._searches.take(interaction.user.id, now())

        async def then(interaction: discord.Interaction[Bot], one: Candidate) -> None:
            await propose(interaction, self.importer, one.id)

        await ask_which(interaction, self.importer, name, then)

    async def complete_imported(
        self, interaction: discord.Interaction[Bot], current: str
    ) -> Choices:
        shelf = self.importer.imports.shelf(interaction.guild_id or 0)
        shows = self.bot.show_choice.complete(interaction.guild_id, current, CHOICES * 40)
        found = [(show.title, show.slug) for show in shows if show.slug in shelf]
        return choices(found[:CHOICES])

    @app_commands.command(description="Take an imported show off this server")
    @app_commands.describe(show="The show; how far people have watched it is kept")
    @app_commands.autocomplete(show=complete_imported)
    async def remove(self, interaction: discord.Interaction[Bot], show: str) -> None:
        guild_id = require_server_manager(interaction)
        found = self.bot.show_choice.show(interaction, show)
        if found.slug not in self.importer.imports.shelf(guild_id):
            raise UserError(say(ONLY_IMPORTS_REMOVED, show=found.title))
        await self.importer.remove(guild_id, found.slug)
        if self.bot.rooms.default_show(guild_id) == found.slug:
            await self.bot.rooms.set_default_show(guild_id, None)
        await answer(interaction, notice(say(SHOW_REMOVED, show=found.title)))


async def setup(bot: Bot) -> None:
    await bot.add_cog(Shows(bot))
