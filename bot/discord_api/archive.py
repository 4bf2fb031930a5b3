"""Archived threads, which leave discord.py's cache although they still stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.discord_api.payloads import Payload

MOST_REMEMBERED = 10_000  # threads; one that is forgotten is asked for again
MOST_FETCHED = 25  # threads for one answer, so that it comes in time

Fetch = Callable[[int], Coroutine[Any, Any, object]]


@dataclass(frozen=True, slots=True)
class ArchivedThread:
    """An archived thread: who may see it is decided by its parent."""

    guild_id: int
    parent_id: int
    is_private: bool


class Archive:
    """What is known of archived threads: from events, and else from asking Discord."""

    def __init__(self) -> None:
        self._threads = dict[int, ArchivedThread]()
        self._gone = dict[int, None]()  # what Discord does not know any more

    def get(self, thread_id: int) -> ArchivedThread | None:
        return self._threads.get(thread_id)

    def hear(self, event: str, data: Payload) -> None:
        """Take in an event of the gateway."""
        if event == "THREAD_UPDATE" and data["thread_metadata"]["archived"]:
            is_private = data["type"] == discord.ChannelType.private_thread.value
            where = ArchivedThread(int(data["guild_id"]), int(data["parent_id"]), is_private)
            self._keep(int(data["id"]), where)
        elif event in {"THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE"}:
            self._threads.pop(int(data["id"]), None)
        elif event in {"CHANNEL_DELETE", "GUILD_DELETE"}:
            ended = int(data["id"])
            self._threads = {
                id: one
                for id, one in self._threads.items()
                if ended not in {one.parent_id, one.guild_id}
            }

    async def learn(self, ids: Iterable[int], fetch: Fetch) -> None:
        """Ask Discord for channels that the cache lacks; `fetch` gets one by its id."""
        unknown = [id for id in dict.fromkeys(ids) if id not in self._threads | self._gone]
        await asyncio.gather(*(self._ask(id, fetch) for id in unknown[:MOST_FETCHED]))

    async def _ask(self, id: int, fetch: Fetch) -> None:
        try:
            found = await fetch(id)
        except discord.NotFound:
            self._gone[id] = None
            while len(self._gone) > MOST_REMEMBERED:
                del self._gone[next(iter(self._gone))]
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            return
        else:
            if isinstance(found, discord.Thread) and found.archived:
                is_private = found.type is discord.ChannelType.private_thread
                self._keep(id, ArchivedThread(found.guild.id, found.parent_id, is_private))

    def _keep(self, id: int, where: ArchivedThread) -> None:
        self._threads.pop(id, None)
        self._threads[id] = where
        while len(self._threads) > MOST_REMEMBERED:
            del self._threads[next(iter(self._threads))]
