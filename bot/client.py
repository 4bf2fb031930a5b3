"""The bot itself: opens what is stored, finds the features, tells Discord of new commands."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

import discord
from discord import app_commands
from discord.ext import commands, tasks

import data
from bot import context
from bot.clock import now
from bot.delivery.announcer import Announcer
from bot.delivery.topic import Topic, in_use
from bot.extensions import Lookups
from bot.news.announcement import NewsTopic
from bot.news.poller import Poller
from bot.news.reminders import ReminderSender
from bot.personal_data import PersonalData
from bot.readers.audience import Audience
from bot.readers.show_choice import ShowChoice
from bot.rooms.pulse import note
from bot.shows.pack_reload import Packs
from bot.sources.registry import sources_of
from bot.spoilers.share import brake, offer
from bot.ui.buttons import dispatch
from bot.ui.errors import Tree
from data.contributions.store import Writings
from data.library import Library
from data.news.reminders import Reminders
from data.news.sightings import Sightings
from data.news.store import Newsroom
from data.news.subject import NEWS
from data.news.subscriptions import Subscriptions
from data.outbox import Outbox
from data.packs.reader import read_folders
from data.parties.ratings import Ratings
from data.parties.store import Parties
from data.progress import Progress
from data.rooms.regulars import Regulars
from data.rooms.store import Rooms
from data.spoilers.reports import Reports
from data.spoilers.store import Stubs
from data.storage.database import SYNCED, Database
from data.storage.encryption import Seal, keys_beside
from data.storage.errors import DatabaseError
from data.time_zones import Zones

if TYPE_CHECKING:
    from bot.config import Config
    from bot.extensions import Arrival, Beside, Within
    from data.story.show import Show


log = logging.getLogger(__name__)

FEATURES = "cogs"
SHIPPED = Path(data.__file__).parent / "shows"
BACKED_UP = "last backup"  # what the database remembers, as it does under SYNCED
DAY = 24 * 60 * 60
LONGEST_LIMIT = 60  # seconds that a request waits for its turn at Discord's, before it is given up
ANNOUNCED_KEPT = 365 * DAY  # what was announced can be corrected for that long
DATABASE_GONE = "%s is gone: what is saved from now on would be lost, so I stop"
NOT_SYNCED = "Discord did not take the changed commands, so I try again in an hour: %s"
KEY_LOST = (
    "Some sealed messages were sealed with a key that I don't have, so nobody can open them: "
    "add its line below the one in the key file beside the database, and replace nothing there; "
    "or put it behind the first in ENCRYPTION_KEY"
)
KEY_FILE_UNUSED = "I go on with ENCRYPTION_KEY alone, without the key file: %s"
READY = "Ready: %d servers, %d shows, %d with a story"


class Bot(context.Bot):
    """Cliffhanger: `library`, `progress` and `rooms` are open once `setup_hook` has run.

    `is_broken` tells, once it is closed, that it stopped by itself because its database is gone.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(
            # Slash commands only; a mention as prefix needs no privileged intent and does nothing.
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
            max_ratelimit_timeout=LONGEST_LIMIT,
        )
        self.config = config
        self.lookups = Lookups()
        self.share_brake = brake()
        # What features add: when somebody gets somewhere, beside every stub, and in its menu.
        self.arrivals: list[Arrival] = []
        self.beside_stubs: list[Beside] = []
        self.in_stub_menus: list[Within] = []
        self.personal: list[PersonalData] = []  # what they keep about members
        self.topics = dict[str, Topic]()  # what is announced, by its name in the outbox
        self.counts = set[asyncio.Task[None]]()  # 3, 2, 1 in rooms where a party begins
        self.busy_stubs = set[int]()  # ids of those that something is being done to right now
        self.is_broken = False
        self.sources = sources_of(config)
        self._reminder_sender = ReminderSender()
        self._ending: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        self.db = await Database.open(self.config.database_path, now=now())
        self._packs = Packs(SHIPPED, self.config.shows_path)
        files, broken = read_folders(self._packs.folders, await Library.stored(self.db))
        for fault in broken:
            log.error("%s", fault)
        kept = [fault.path for fault in broken]
        self.library = await Library.open(self.db, files, kept)
        self.progress = await Progress.open(self.db)
        self.rooms = await Rooms.open(self.db)
        seal = Seal(self._keys())
        self.stubs, self.reports = Stubs(self.db, seal), Reports(self.db, seal)
        self.writings = await Writings.open(self.db, seal, self.library)
        if await self.stubs.has_lost():
            log.error(KEY_LOST)
        await self._open_news()
        self.parties = await Parties.open(self.db, self._parties_changed)
        self.zones = await Zones.open(self.db)
        self.ratings = Ratings(self.db)
        self.regulars = Regulars(self.db)
        self.audience = Audience(self.library, self.progress, self.rooms, self.parties)
        self.show_choice = ShowChoice(self.library, self.rooms, self.parties)
        for feature in features():
            await self.load_extension(feature)
        self.lookups.offers.append(offer)  # last, as it is the least of what one does next
        if await self.db.recall(SYNCED) is None:
            await self._sync()  # without any command there is no bot to start
        self._look_after_commands.start()
        self._look_after_database.start()
        self._look_after_news.start()
        if self.config.shows_path is not None:
            self._look_after_packs.start()

    async def _open_news(self) -> None:
        self.newsroom = await Newsroom.open(self.db)
        packs = {show.slug: self.library.news(show.slug) for show in self.library.list()}
        await self.newsroom.load(packs, now=now())
        self.subscriptions, self.outbox = Subscriptions(self.db), Outbox(self.db)
        self.reminders = await Reminders.open(self.db)
        self.topics[NEWS] = NewsTopic(self)
        self.announcer = Announcer(self, self.outbox, self.topics)
        self.sightings = await Sightings.open(self.db)
        self.poller = Poller(
            self.sources, self.sightings, self.newsroom, self._followed, now, self.announcer.wake
        )

    def _parties_changed(self) -> None:
        self.announcer.wake()
        self.dispatch("parties_changed")

    async def _followed(self) -> list[Show]:
        """The shows whose news somebody wants to hear; every show is every one of their server."""
        wanted = await self.subscriptions.shows() | self.reminders.shows()
        servers: list[int | None] = [*await self.subscriptions.servers_of_every_show()]
        if None in self.reminders.shows():
            servers.append(None)
        there = {show for server in servers for show in self.library.list(server)}
        return [one for one in self.library.every() if one in there or one.slug in wanted]

    def _keys(self) -> tuple[str, ...]:
        """Those that are set, then those of the file, which is made only where none is set."""
        named = self.config.encryption_keys
        try:
            return (*named, *keys_beside(self.config.database_path, make=not named))
        except DatabaseError as error:
            if not named:
                raise
            log.warning(KEY_FILE_UNUSED, error)
            return named

    async def on_interaction(self, interaction: discord.Interaction[Self]) -> None:
        if interaction.type is discord.InteractionType.component:
            await dispatch(interaction)
            await self._reminder_sender.tell(interaction)
        await note(interaction)  # last: nobody waits for it

    async def on_app_command_completion(
        self, interaction: discord.Interaction[Self], command: object
    ) -> None:
        await self._reminder_sender.tell(interaction)

    async def on_ready(self) -> None:
        self.announcer.start()  # not before: until now it is not known where the bot may write
        shows = self.library.list()
        log.info(READY, len(self.guilds), len(shows), sum(show.has_story for show in shows))

    async def _sync(self) -> None:
        """Tell Discord of the commands, only when they changed: it limits how often one may."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if await self.db.recall(SYNCED) != digest or not await self._has_commands():
            await self.tree.sync()
            await self.db.remember(SYNCED, digest)

    async def _has_commands(self) -> bool:
        """Whether Discord has our commands: it may be told otherwise behind our back."""
        theirs = {command.name for command in await self.tree.fetch_commands()}
        return theirs == {command.name for command in self.tree.get_commands()}

    @tasks.loop(hours=1)
    async def _look_after_commands(self) -> None:
        """Sync beside the running bot: while Discord refuses or delays it, the old ones work."""
        try:
            await self._sync()
        except (discord.HTTPException, DatabaseError) as error:
            log.error(NOT_SYNCED, " ".join(str(error).split()))  # noqa: TRY400  # told in one line

    @tasks.loop(hours=1)
    async def _look_after_database(self) -> None:
        """Stop if the file was taken away; copy it once a day, and try again if that failed."""
        if not self.db.is_in_place():
            log.critical(DATABASE_GONE, self.config.database_path)
            self.is_broken = True
            await self.close()
            return
        begun = now()
        try:
            last = await self.db.recall(BACKED_UP)
            if last is None or not 0 <= begun - int(last) < DAY:  # the clock may have been ahead
                await self.db.backup(self.config.backup_path, now=begun)
                await self.db.remember(BACKED_UP, str(begun))
        except DatabaseError as error:
            log.error("the daily backup failed: %s", error)  # noqa: TRY400  # told in one line
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("the daily backup failed")

    @tasks.loop(minutes=10)
    async def _look_after_news(self) -> None:
        """Ask the sources, each when its time has come, and forget what was announced long ago."""
        try:
            await self.poller.poll()
            await self.outbox.prune(older=ANNOUNCED_KEPT, in_use=in_use(self.topics))
        except DatabaseError as error:
            log.error("nothing can be noted of the news: %s", error)  # noqa: TRY400  # in one line
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("could not look after the news")

    @tasks.loop(minutes=1)
    async def _look_after_packs(self) -> None:
        try:
            await self._packs.look(self)
        except DatabaseError as error:
            log.error("changed packs cannot be stored: %s", error)  # noqa: TRY400  # in one line
        except Exception:  # a loop ends for good at its first uncaught error
            log.exception("could not look after the packs")

    async def close(self) -> None:
        """End everything once; a second call waits for the first. Cancelling neither stops it."""
        if self._ending is None:
            # A task of its own: the loop that finds the database gone is itself ended by this.
            self._ending = asyncio.create_task(self._close())
        await asyncio.shield(self._ending)

    async def _close(self) -> None:
        self._look_after_commands.cancel()
        self._look_after_database.cancel()
        self._look_after_news.cancel()
        self._look_after_packs.cancel()
        if hasattr(self, "announcer"):
            await self.announcer.stop()
        await super().close()
        for source in self.sources:
            await source.close()
        if hasattr(self, "db"):
            await self.db.close()


def features() -> list[str]:
    """The modules of the features, found by looking: none is listed anywhere."""
    package = Path(data.__file__).parent.parent / FEATURES
    return [f"{FEATURES}.{found.name}" for found in pkgutil.iter_modules([str(package)])]


def build(config: Config) -> Bot:
    """The bot, ready to run against Discord or a simulation of it; nothing is opened yet."""
    return Bot(config)
