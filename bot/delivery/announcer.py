"""Announcing: the outbox drained at a pace that Discord allows, each announcement exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import discord

from bot.clock import now
from bot.delivery.sender import Deliverer
from bot.delivery.topic import Topic
from bot.discord_api.rate_limit import RateLimiter
from data.outbox import LONGEST_WAIT, Announcement, Outbox
from data.storage.errors import DatabaseError

log = logging.getLogger(__name__)

RATE = 47.0  # a second; Discord allows the whole bot 50, and answers to people need some of them
AT_ONCE = 100  # requests under way: a few that hang shall not keep the others waiting
LOOK_AGAIN = 1.0  # seconds after which what fell due meanwhile is begun
PAUSE = 60  # seconds to wait when the database takes nothing
ENDING = 20  # seconds that what is under way has to end when the bot stops


class Announcer:
    """Sends what is in the outbox. One for each bot; no request is ever cancelled."""

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
        self._outbox = outbox
        self._clock = clock
        self._deliverer = Deliverer(client, outbox, topics, clock, self._rest)
        self._pacer = RateLimiter(rate)
        self._tasks = dict[int, asyncio.Task[None]]()
        self._turns = dict[int, Callable[[], None]]()  # what is called once a request is answered
        self._resting_until = 0.0
        self._round: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_started = self._is_woken = self._is_stopping = self._has_left_some = False

    def start(self) -> None:
        """Begin; what a crash left half done comes first."""
        self._is_started = True
        self.wake()

    def wake(self) -> None:
        """There may be something new in the outbox."""
        if not self._is_started or self._is_stopping:
            return
        self._is_woken = True
        if self._timer is not None:
            self._timer.cancel()
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way, but not for ever."""
        self._is_stopping = True
        if self._timer is not None:
            self._timer.cancel()
        running = {*self._tasks.values(), *filter(None, [self._round])}
        if running:
            await asyncio.wait(running, timeout=ENDING)

    async def turn(self) -> Callable[[], None]:
        """Wait for a turn for a request beside the outbox; call what it returns when it is done."""
        return await self._pacer.turn()

    async def drain(self) -> None:
        """Do everything that is due by now, and wait until it is settled."""
        while not self._is_stopping and not self._is_resting():
            begun = await self._begin_claimed() or await self._begin_owed()
            if not begun and not self._tasks:
                return
            await self._one_done()
        await self._all_done()

    async def _go_on(self) -> None:
        """Rounds for as long as somebody wakes it, then a timer for the next."""
        wait = float(PAUSE)
        while self._is_woken and not self._is_stopping:
            self._is_woken = False
            try:
                await self._recover()
                await self.drain()
                wait = await self._wait_for_next()
            except DatabaseError as error:
                log.error("nothing can be announced: %s", error)  # noqa: TRY400  # told in one line
            except Exception:  # others must be told all the same
                log.exception("could not announce")
        if not self._is_stopping:
            wait = max(wait, self._resting_until - _moment())
            self._timer = asyncio.get_running_loop().call_later(wait, self.wake)

    async def _recover(self) -> None:
        """What is claimed and not under way was left by a crash, or by a fault of our own."""
        self._has_left_some = False
        await self._outbox.recover(now=self._clock(), but=tuple(self._tasks))

    async def _wait_for_next(self) -> float:
        if self._has_left_some:
            return PAUSE
        due_at = await self._outbox.next_due()
        if due_at is None:
            return LONGEST_WAIT
        return min(max(due_at - self._clock(), 1), LONGEST_WAIT)

    async def _begin_claimed(self) -> bool:
        room = AT_ONCE - len(self._tasks)
        rows = await self._outbox.claim(limit=room, now=self._clock()) if room else ()
        for row in rows:
            if self._is_stopping or self._is_resting():
                await self._recover()  # what is not begun is due again
                break
            turn = partial(self._take_turn, row)
            await self._begin(row, partial(self._deliverer.deliver, row, turn))
        return bool(rows)

    async def _begin_owed(self) -> bool:
        room, busy = AT_ONCE - len(self._tasks), tuple(self._tasks)
        rows = await self._outbox.owed(limit=room, now=self._clock(), but=busy) if room else ()
        for row in rows:
            await self._begin(row, partial(self._deliverer.settle_owed, row))
        return bool(rows)

    async def _begin(
        self, row: Announcement, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        await self._take_turn(row)
        task = asyncio.create_task(self._guarded(work()))
        self._tasks[row.id] = task
        task.add_done_callback(lambda _: self._end_task(row))

    async def _take_turn(self, row: Announcement) -> None:
        """What was asked for this row before is answered by now."""
        if answered := self._turns.pop(row.id, None):
            answered()
        self._turns[row.id] = await self._pacer.turn()

    def _end_task(self, row: Announcement) -> None:
        self._tasks.pop(row.id)
        self._turns.pop(row.id)()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """One row's trouble is not another's; one that is not settled is looked at again later."""
        try:
            await work
        except DatabaseError as error:
            self._has_left_some = True
            self._rest(PAUSE)
            log.error("an announcement could not be noted: %s", error)  # noqa: TRY400  # in one line
        except Exception:
            self._has_left_some = True
            if not self._is_stopping:  # when the bot ends, so does what it talks to Discord with
                log.exception("an announcement failed")

    async def _one_done(self) -> None:
        if self._tasks:
            # Something else may fall due meanwhile: one that hangs holds up nobody.
            await asyncio.wait(
                self._tasks.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
            )

    async def _all_done(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def _rest(self, seconds: float) -> None:
        self._resting_until = max(self._resting_until, _moment() + seconds)

    def _is_resting(self) -> bool:
        return _moment() < self._resting_until


def _moment() -> float:
    return asyncio.get_running_loop().time()
