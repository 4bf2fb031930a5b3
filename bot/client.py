"""The bot itself: opens the stores, loads the features, and closes everything."""

from __future__ import annotations

import asyncio
import logging
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot import context
from bot.clock import follow, leave, now
from bot.delivery.announcer import Announcer
from bot.extensions import Registry
from bot.readers.audience import Audience
from bot.readers.show_choice import ShowChoice
from bot.sources.registry import catalog_among, sources_of
from bot.ui.buttons import dispatch
from bot.ui.errors import Tree
from bot.upkeep import Upkeep
from data.stores import Files

if TYPE_CHECKING:
    from bot.config import Config

log = logging.getLogger(__name__)

FEATURES = "cogs"
RATE_LIMIT_TIMEOUT = 60  # seconds that a request waits for a rate limit before it fails
BOT_READY = "Ready: %d servers, %d shows, %d with a story"


class Client(context.Bot):
    """Cliffhanger: once `setup_hook` has run, its stores are open and its features loaded."""

    def __init__(self, config: Config) -> None:
        super().__init__(
            # There are only slash commands; this prefix needs no privileged intent.
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, guild_scheduled_events=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=config.shard_count,
            max_ratelimit_timeout=RATE_LIMIT_TIMEOUT,
        )
        self.config = config
        self.registry = Registry()
        self._upkeep = Upkeep(self)
        self.sources = sources_of(config)
        self.catalog = catalog_among(self.sources)
        self._held = set[asyncio.Task[None]]()
        self._ending: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        config = self.config
        follow(self.discord_time.theirs)
        files = Files(config.database_path, config.shows_path, config.encryption_keys)
        for problem in await self.open_stores(files, now=now()):
            log.error("%s", problem)
        self.audience = Audience(self.library, self.progress, self.rooms, self.parties)
        self.show_choice = ShowChoice(self.library, self.rooms, self.parties)
        self.announcer = Announcer(self, self.outbox, self.registry.topics)
        for feature in features():
            await self.load_extension(feature)
        await self._upkeep.start()

    async def add_cog(
        self,
        cog: commands.Cog,
        /,
        *,
        override: bool = False,
        guild: discord.abc.Snowflake | None = discord.utils.MISSING,
        guilds: Sequence[discord.abc.Snowflake] = discord.utils.MISSING,
    ) -> None:
        """Load a feature; one that fails half-way leaves nothing behind."""
        try:
            await super().add_cog(cog, override=override, guild=guild, guilds=guilds)
        except BaseException:
            await self.registry.withdraw(cog)
            raise

    async def remove_cog(
        self,
        name: str,
        /,
        *,
        guild: discord.abc.Snowflake | None = discord.utils.MISSING,
        guilds: Sequence[discord.abc.Snowflake] = discord.utils.MISSING,
    ) -> commands.Cog | None:
        """Unload a feature, with everything that it added to the registry."""
        cog = self.get_cog(name)
        removed = await super().remove_cog(name, guild=guild, guilds=guilds)
        await self.registry.withdraw(cog)
        return removed

    @property
    def is_broken(self) -> bool:
        """Whether it stopped by itself because its database is gone."""
        return self._upkeep.is_broken

    def hold(self, task: asyncio.Task[None]) -> None:
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def on_interaction(self, interaction: discord.Interaction[Self]) -> None:
        self.discord_time.hear_of(interaction.created_at.timestamp())
        is_press = interaction.type is discord.InteractionType.component
        if is_press or interaction.type is discord.InteractionType.modal_submit:
            await dispatch(interaction, is_in_memory=self.is_in_memory(interaction))
        if is_press:
            self.dispatch("press_completion", interaction)
        if interaction.type is not discord.InteractionType.autocomplete:
            self.dispatch("use", interaction)  # last: nobody waits for it

    async def on_ready(self) -> None:
        self.announcer.start()  # not earlier: before, the bot does not know where it may write
        shows = self.library.list()
        log.info(BOT_READY, len(self.guilds), len(shows), sum(show.has_story for show in shows))

    async def close(self) -> None:
        """Close everything once; a second call waits for the first. Cancelling does not stop it."""
        if self._ending is None:
            # A task of its own: the loop that finds the database gone is itself ended by this.
            self._ending = asyncio.create_task(self._close())
        await asyncio.shield(self._ending)

    async def _close(self) -> None:
        await self.registry.withdraw(self)
        if hasattr(self, "announcer"):
            await self.announcer.stop()
        await super().close()
        for source in {*self.sources, *filter(None, [self.catalog])}:
            await source.close()
        if hasattr(self, "db"):
            await self.db.close()
        leave(self.discord_time.theirs)


def features() -> list[str]:
    """The module names of the features: all modules in the folder of cogs."""
    package = Path(__file__).parent.parent / FEATURES
    return [f"{FEATURES}.{found.name}" for found in pkgutil.iter_modules([str(package)])]


def build(config: Config) -> Client:
    """The bot, for Discord or a simulation of it; nothing is opened yet."""
    return Client(config)
