"""The servers that have the commands of the news desk: those where an owner or editor was seen."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any, TypedDict

import discord

from bot.ui.command_names import learn
from bot.ui.errors import FAILED
from data.storage.errors import DatabaseError

if TYPE_CHECKING:
    from discord import app_commands

    from bot.context import Bot


log = logging.getLogger(__name__)

DESK_SERVERS = "news desk"  # the key under which the database stores which servers, and how
BROUGHT = "server %d has the commands of the news desk now: somebody who may use them is there"
TAKEN_AWAY = "server %d has no commands of the news desk any more: nobody there may use them"
NOT_TAKEN = "Discord did not take the news desk's commands for server %d; I try in an hour: %s"
NO_ACCESS = "server %d does not let me bring the news desk's commands: I am not on it any more"
NOT_STORED = "could not store which servers have the news desk's commands: %s"

NOTHING = ""  # what Discord has of the commands on a server that it was not told of yet


class _Stored(TypedDict):
    has: dict[str, str]  # by server: a hash of what Discord took there
    leaves: list[str]


class DeskServers:
    """Brings the commands to servers and takes them away: one request for each change.

    What fails is logged, and tried again by `look_after`, which runs hourly from when the bot is
    ready on.
    """

    def __init__(self, bot: Bot, commands: app_commands.Group) -> None:
        self._bot, self.commands = bot, commands
        self._has = dict[int, str]()
        self._leaves = set[int]()
        self._staff: frozenset[int] | None = None  # as of the last look
        self._named = set[int]()  # servers whose ids of commands are known
        self._is_stored = True
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Read which servers have the commands. Raises `DatabaseError`."""
        text = await self._bot.db.recall(DESK_SERVERS)
        stored: _Stored = json.loads(text) if text else {"has": {}, "leaves": []}
        self._has = {int(id): taken for id, taken in stored["has"].items()}
        self._leaves = {int(id) for id in stored["leaves"]}
        for guild_id in self._has:
            self._plant(guild_id)

    def __contains__(self, guild_id: int) -> bool:
        return guild_id in self._has

    async def bring(self, guild_id: int) -> None:
        """Bring the commands to a server, unless it has them or is to get them."""
        async with self._turn:
            if guild_id not in self._has:
                self._has[guild_id] = NOTHING
                self._leaves.discard(guild_id)
                await self._sync(guild_id)

    async def forget(self, guild_id: int) -> None:
        """A server is gone, and with it the commands that it had."""
        async with self._turn:
            if guild_id in self._has or guild_id in self._leaves:
                await self._drop(guild_id)

    async def look_after(self) -> None:
        """Do what failed before, and take the commands away where nobody may use them any more."""
        async with self._turn:
            for guild_id in [*self._has, *self._leaves]:
                if self._bot.get_guild(guild_id) is None:  # left while the bot was away
                    await self._drop(guild_id)
            await self._let_go()
            for guild_id in [*self._has]:
                await self._learn(guild_id)
            for guild_id in [*self._has, *self._leaves]:
                await self._sync(guild_id)
            if not self._is_stored:
                await self._store()

    async def let_go(self) -> None:
        """Take the commands away from servers where nobody may use them any more."""
        async with self._turn:
            await self._let_go()

    async def _let_go(self) -> None:
        bot = self._bot
        assert bot.user is not None  # noqa: S101  # nothing happens before the login
        await bot.is_owner(bot.user)  # so that the owners are known
        owners = {bot.owner_id, *(bot.owner_ids or ())} - {None}
        staff = frozenset(filter(None, owners)) | {*await bot.news_store.editors()}
        is_whole = self._staff is not None and staff >= self._staff
        self._staff = staff
        if is_whole:
            return
        for guild_id in [*self._has]:
            if not await self._is_staffed(guild_id, staff):
                del self._has[guild_id]
                self._leaves.add(guild_id)
                await self._sync(guild_id)

    async def _is_staffed(self, guild_id: int, staff: frozenset[int]) -> bool:
        """Whether one of them is on that server; true where Discord does not say."""
        guild = self._bot.get_guild(guild_id)
        if guild is None:
            return True
        for user_id in staff:
            try:
                await guild.fetch_member(user_id)
            except discord.NotFound:
                continue
            except FAILED:
                return True
            return True
        return False

    async def _sync(self, guild_id: int) -> None:
        """Tell Discord what a server is to have, unless it has that."""
        is_wanted = guild_id in self._has
        self._plant(guild_id)
        wanted = self._digest() if is_wanted else NOTHING
        if is_wanted and self._has[guild_id] == wanted:
            return
        try:
            taken = await self._bot.tree.sync(guild=discord.Object(guild_id))
        except discord.Forbidden:
            log.warning(NO_ACCESS, guild_id)
            await self._drop(guild_id)
            return
        except FAILED as error:
            log.error(NOT_TAKEN, guild_id, type(error).__name__)  # noqa: TRY400  # in one line
            await self._store()
            return
        learn(taken, guild_id)
        self._named.add(guild_id)
        if is_wanted:
            self._has[guild_id] = wanted
        self._leaves.discard(guild_id)
        log.info(BROUGHT if is_wanted else TAKEN_AWAY, guild_id)
        await self._store()

    async def _learn(self, guild_id: int) -> None:
        """Ask once which ids the commands have; where Discord has none, they are sent again.

        Where Discord does not say, it is taken to have what it accepted.
        """
        if guild_id in self._named or self._has[guild_id] == NOTHING:
            return
        try:
            theirs = await self._bot.tree.fetch_commands(guild=discord.Object(guild_id))
        except FAILED:
            return
        self._named.add(guild_id)
        learn(theirs, guild_id)
        if self.commands.name not in {one.name for one in theirs}:
            self._has[guild_id] = NOTHING

    def _plant(self, guild_id: int) -> None:
        """Let the tree know what a server is to have."""
        guild = discord.Object(guild_id)
        if guild_id in self._has:
            self._bot.tree.add_command(self.commands, guild=guild, override=True)
        else:
            self._bot.tree.remove_command(self.commands.name, guild=guild)

    async def _drop(self, guild_id: int) -> None:
        self._has.pop(guild_id, None)
        self._leaves.discard(guild_id)
        self._named.discard(guild_id)
        self._plant(guild_id)
        await self._store()

    async def _store(self) -> None:
        stored: dict[str, Any] = {
            "has": {str(id): taken for id, taken in self._has.items()},
            "leaves": [str(id) for id in self._leaves],
        }
        try:
            await self._bot.db.remember(DESK_SERVERS, json.dumps(stored))
            self._is_stored = True
        except DatabaseError as error:
            self._is_stored = False
            log.error(NOT_STORED, error)  # noqa: TRY400  # told in one line

    def _digest(self) -> str:
        payload = [self._bot.application_id, self.commands.to_dict(self._bot.tree)]
        text = json.dumps(payload, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
