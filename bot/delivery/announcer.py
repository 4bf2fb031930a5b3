"""Drains the outbox as fast as Discord allows, and posts each announcement exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from functools import partial
from typing import Any

import discord

from bot.clock import now
from bot.delivery.sender import Sender
from bot.delivery.topic import Topic
from bot.discord_api.rate_limit import RateLimiter
from bot.loops import RETRY_SECONDS, Worker
from data.outbox import LONGEST_WAIT, Announcement, Outbox
from data.storage.errors import DatabaseError

log = logging.getLogger(__name__)

RATE = 47.0  # a second; Discord allows the whole bot 50, and answers to people need some of them
AT_ONCE = 100  # requests in flight, so that a few that hang do not hold up the others
LOOK_AGAIN = 1.0  # seconds after which rows that have become due are begun


class Announcer(Worker):
    """Sends the rows of the outbox, first what a crash left half done. One for each bot."""

    def __init__(
        self,
        client: discord.Client,
        outbox: Outbox,
        topics: Mapping[str, Topic],
        *,
        clock: Callable[[], int] = now,
        rate: float = RATE,
    ) -> None:
        """`topics` may grow while it runs; `rate` is requests a second."""
        super().__init__("announce anything")
        self._outbox = outbox
        self._clock = clock
        self._sender = Sender(client, outbox, topics, clock, self._pause)
        self._rate_limiter = RateLimiter(rate)
        self._tasks = dict[int, asyncio.Task[None]]()
        self._turns = dict[int, Callable[[], None]]()  # to be called when a request is answered
        self._paused_until = 0.0
        self._has_failed_rows = False

    async def turn(self) -> Callable[[], None]:
        """Wait for a turn for another request; call what is returned when it is answered."""
        return await self._rate_limiter.turn()

    @property
    def last_sent_at(self) -> int | None:
        """When this process last posted an announcement, by its clock; None if it has not."""
        return self._sender.sent_at

    async def drain(self) -> None:
        """Do everything that is due, and wait until it is settled."""
        while not self._is_stopping and not self._is_paused():
            begun = await self._begin_claimed() or await self._begin_owed()
            if not begun and not self._tasks:
                return
            await self._wait_for_one()
        await self._wait_for_all()

    async def _work(self) -> float:
        await self._recover()
        await self.drain()
        return await self._wait_for_next()

    def _under_way(self) -> Collection[asyncio.Task[None]]:
        return self._tasks.values()

    def _rests(self) -> float:
        return self._paused_until - _loop_time()

    async def _recover(self) -> None:
        """Make rows due again that a crash, or an error of ours, left claimed."""
        self._has_failed_rows = False
        await self._outbox.recover(now=self._clock(), but=tuple(self._tasks))

    async def _wait_for_next(self) -> float:
        if self._has_failed_rows:
            return RETRY_SECONDS
        due_at = await self._outbox.next_due()
        if due_at is None:
            return LONGEST_WAIT
        return min(max(due_at - self._clock(), 1), LONGEST_WAIT)

    async def _begin_claimed(self) -> bool:
        room = AT_ONCE - len(self._tasks)
        rows = await self._outbox.claim(limit=room, now=self._clock()) if room else ()
        for row in rows:
            if self._is_stopping or self._is_paused():
                await self._recover()  # rows not begun are due again
                break
            turn = partial(self._take_turn, row)
            await self._begin(row, partial(self._sender.deliver, row, turn))
        return bool(rows)

    async def _begin_owed(self) -> bool:
        room, busy = AT_ONCE - len(self._tasks), tuple(self._tasks)
        rows = await self._outbox.owed(limit=room, now=self._clock(), but=busy) if room else ()
        for row in rows:
            await self._begin(row, partial(self._sender.settle_owed, row))
        return bool(rows)

    async def _begin(
        self, row: Announcement, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        await self._take_turn(row)
        task = asyncio.create_task(self._guard(work()))
        self._tasks[row.id] = task
        task.add_done_callback(lambda _: self._end_task(row))

    async def _take_turn(self, row: Announcement) -> None:
        """Wait for the row's next turn; its request before is answered by now."""
        if answered := self._turns.pop(row.id, None):
            answered()
        self._turns[row.id] = await self._rate_limiter.turn()

    def _end_task(self, row: Announcement) -> None:
        self._tasks.pop(row.id)
        self._turns.pop(row.id)()

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        """Log any error, so that no row stops another; an unsettled row is tried again later."""
        try:
            await work
        except DatabaseError as error:
            self._has_failed_rows = True
            self._pause(RETRY_SECONDS)
            log.error("an announcement could not be noted: %s", error)  # noqa: TRY400  # in one line
        except Exception:
            self._has_failed_rows = True
            if not self._is_stopping:  # a stopping bot closes its connection to Discord
                log.exception("an announcement failed")

    async def _wait_for_one(self) -> None:
        if self._tasks:
            # Another row may become due meanwhile: a request that hangs holds up nobody.
            await asyncio.wait(
                self._tasks.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
            )

    async def _wait_for_all(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def _pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, _loop_time() + seconds)

    def _is_paused(self) -> bool:
        return _loop_time() < self._paused_until


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
