"""Looks at the running bot, and says how it is."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import machine_now, now
from bot.health.status import STUCK_AFTER, Status
from bot.upkeep import LAST_BACKUP

if TYPE_CHECKING:
    from bot.context import Bot

LEAST_FREE = 200 * 10**6  # bytes
COPIES = 2  # of the database have to fit on the disk: the next backup, and its log


class Observer:
    """Takes the status of one bot; told by the cog of connections that come and go."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._started_at = now()
        self._up = set[int]()
        self._steady_since: int | None = None
        self._away_since: int | None = self._started_at

    def connected(self, shard_id: int) -> None:
        self._up.add(shard_id)
        if len(self._up) == self._shards() and self._steady_since is None:
            self._steady_since, self._away_since = now(), None

    def disconnected(self, shard_id: int) -> None:
        self._up.discard(shard_id)
        if self._away_since is None:
            self._steady_since, self._away_since = None, now()

    def _shards(self) -> int:
        return self._bot.shard_count or 1

    async def look(self) -> Status:
        """The status now. Raises `DatabaseError`; waits for the database as long as anybody."""
        bot, begun = self._bot, time.monotonic()
        queue = bot.db.queue_length
        last_backup, backlog = await asyncio.gather(
            bot.db.recall(LAST_BACKUP), bot.outbox.backlog(now=now(), late=STUCK_AFTER)
        )
        waited, at, heard = time.monotonic() - begun, now(), bot.heard_at
        config = bot.config
        free, needed = await asyncio.to_thread(room, config.database_path, config.backup_path)
        return Status(
            at=at,
            started_at=self._started_at,
            shards=self._shards(),
            shards_up=len(self._up),
            steady_since=self._steady_since,
            away_since=self._away_since,
            last_event_at=None if heard is None else at - round(time.monotonic() - heard),
            queue=queue,
            database_wait=waited,
            last_backup_at=int(last_backup) if last_backup else None,
            disk_free=free,
            disk_needed=needed,
            waiting=backlog.waiting,
            late=backlog.late,
            last_sent_at=bot.announcer.last_sent_at,
            clock_off=at - machine_now(),
            sources={one.title: self._answered_at(one.name) for one in bot.sources},
        )

    def _answered_at(self, source: str) -> int | None:
        asked = self._bot.sightings.asked(source)
        return asked.answered_at if asked else None


def room(database: Path, backups: Path) -> tuple[int | None, int]:
    """How many bytes are free where it is tightest, and how many are needed.

    None free: the system does not say.
    """
    try:
        needed = max(LEAST_FREE, COPIES * database.stat().st_size)
        folders = [database.parent, *(one for one in [backups] if one.is_dir())]
        return min(shutil.disk_usage(folder).free for folder in folders), needed
    except OSError:
        return None, LEAST_FREE
