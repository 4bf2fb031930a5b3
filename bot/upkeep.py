"""Hourly upkeep: syncs the commands, backs up the database, erases old announcements."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.clock import now
from bot.delivery.topic import in_use
from bot.loops import guarded_loop
from bot.ui.command_names import learn
from data.storage.database import SYNCED, DatabaseError
from data.storage.trusted_time import ago

if TYPE_CHECKING:
    from bot.context import Bot

log = logging.getLogger(__name__)

LAST_BACKUP = "last backup"  # the key under which the database stores the moment
BACKUP_INTERVAL = 24 * 60 * 60  # seconds
ANNOUNCED_KEPT = 365 * 24 * 60 * 60  # seconds for which an announcement can be corrected
COPIES_DELETED = "deleted %d copies of the database that were too old: %s"
DATABASE_GONE = "%s is gone: what is saved from now on would be lost, so I stop"
TAKEN = "Discord has taken the %d commands and context menus as they are now"
NOT_CHECKED = (
    "Discord took the commands that I sent last, but does not say whether it still has them, so I "
    "ask again in an hour: %s"
)
NOT_SYNCED = "Discord did not take the changed commands, so I try again in an hour: %s"


class Upkeep:
    """Three hourly loops of one bot; `is_broken` is true once the database file is gone."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.is_broken = False

    async def start(self) -> None:
        """Start the loops. On the first start of a database the commands are synced before.

        Raises `discord.DiscordException` if that first sync fails, and `DatabaseError`.
        """
        if await self._bot.db.recall(SYNCED) is None:
            await self._sync()  # a bot without commands is of no use
        for loop in (self.commands, self.database, self.announcements):
            self._bot.registry.workers.start(loop, owner=self._bot)

    async def _sync(self) -> None:
        """Send the commands to Discord if they changed; Discord limits how often."""
        bot = self._bot
        payload = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
        text = json.dumps([bot.application_id, payload], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if await bot.db.recall(SYNCED) != digest or not await self._has_commands():
            taken = await bot.tree.sync()
            learn(taken)
            await bot.db.remember(SYNCED, digest)
            log.info(TAKEN, len(taken))

    async def _has_commands(self) -> bool:
        """Whether Discord has these commands: they can be changed there without the bot.

        Where Discord does not say, they are taken to be as they were sent: it had accepted them.
        """
        try:
            theirs = await self._bot.tree.fetch_commands()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning(NOT_CHECKED, _one_line(error))
            return True
        learn(theirs)
        ours = self._bot.tree.get_commands()
        return {_kind(command) for command in theirs} == {_kind(command) for command in ours}

    @guarded_loop("look after the commands", hours=1)
    async def commands(self) -> None:
        """Sync while the bot runs: until Discord accepts the new commands, the old ones work."""
        try:
            await self._sync()
        except (discord.HTTPException, DatabaseError) as error:
            log.error(NOT_SYNCED, _one_line(error))  # noqa: TRY400  # told in one line

    @guarded_loop("make the daily backup", hours=1)
    async def database(self) -> None:
        """Stop the bot if the database file is gone; back it up once a day, and retry errors."""
        bot = self._bot
        if not bot.db.is_in_place():
            log.critical(DATABASE_GONE, bot.config.database_path)
            self.is_broken = True
            await bot.close()
            return
        begun = now()
        last = await bot.db.recall(LAST_BACKUP)
        if (
            last is None or not 0 <= begun - int(last) < BACKUP_INTERVAL
        ):  # the clock may have been ahead
            await bot.db.backup(bot.config.backup_path, now=begun)
            await bot.db.remember(LAST_BACKUP, str(begun))
        await self._prune_copies()

    async def _prune_copies(self) -> None:
        at = self._bot.discord_time.now()
        if at is None:
            return
        gone = await self._bot.db.prune_copies(self._bot.config.backup_path, now=at)
        if gone:
            log.info(COPIES_DELETED, len(gone), ", ".join(str(file) for file in gone))

    @guarded_loop("forget what was announced long ago", hours=1)
    async def announcements(self) -> None:
        at, topics = self._bot.discord_time.now(), self._bot.registry.topics
        if at is not None:
            before = ago(ANNOUNCED_KEPT, at)
            await self._bot.outbox.prune(before=before, in_use=in_use(topics))


def _kind(
    command: app_commands.AppCommand
    | app_commands.Command[Any, ..., Any]
    | app_commands.Group
    | app_commands.ContextMenu,
) -> tuple[str, int]:
    """The name and type of a command: a slash command and a context menu may share a name."""
    kind = getattr(command, "type", discord.AppCommandType.chat_input)
    return command.name, kind.value


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
