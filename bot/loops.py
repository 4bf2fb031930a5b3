"""Background work: loops that survive errors, and workers that wait to be woken."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection
from functools import cached_property, partial
from typing import Any, TypeVar

from data.storage.errors import DatabaseError

RETRY_SECONDS = 60  # until a failed round is tried again
STOP_SECONDS = 20  # that running tasks have to end when a worker stops


C = TypeVar("C")
T = TypeVar("T")


class Loop:
    """Runs a round every `seconds`, as the uptime counts them; call it for one beside these.

    Those of `discord.ext.tasks` go by the wall clock: where it is set back they rest for as long,
    and where it is set ahead they run without a pause until they have caught up.
    """

    def __init__(self, body: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._body = body
        self.seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self.is_first = True  # whether no round is over yet

    def start(self) -> None:
        """Begin with the first round."""
        self._task = asyncio.create_task(self._run())

    def cancel(self) -> None:
        """End it, also in the middle of a round."""
        if self._task is not None:
            self._task.cancel()

    async def __call__(self) -> None:
        await self._body()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await self._body()
            self.is_first = False
            await asyncio.sleep(max(0, begun + self.seconds - loop.time()))


def guarded_loop(
    doing: str, *, hours: float = 0, minutes: float = 0, when_ready: bool = False
) -> Callable[[Callable[[C], Awaitable[None]]], cached_property[Loop]]:
    """A decorator that makes a method a `Loop` of its object, which goes on after any error.

    An error is logged as "could not <doing>", a `DatabaseError` in one line, and the next round
    runs as planned. With `when_ready` the loop begins when the bot is ready, and so knows on which
    servers it is.
    """

    def decorate(body: Callable[[C], Awaitable[None]]) -> cached_property[Loop]:
        log = logging.getLogger(body.__module__)

        async def round_of(owner: C) -> None:
            if when_ready:
                await _wait_until_ready(owner)
            await run_guarded(body(owner), doing, log)

        def loop_of(owner: C) -> Loop:
            return Loop(partial(round_of, owner), hours * 3600 + minutes * 60)

        loop_of.__doc__ = body.__doc__
        return cached_property(loop_of)

    return decorate


async def run_guarded(work: Awaitable[T], doing: str, log: logging.Logger) -> tuple[T] | None:
    """Await `work` and log its errors; returns its result in a tuple, or None if it failed."""
    try:
        return (await work,)
    except DatabaseError as error:
        log.error("could not %s: %s", doing, error)  # noqa: TRY400  # told in one line
    except Exception:
        log.exception("could not %s", doing)
    return None


async def _wait_until_ready(cog: Any) -> None:  # noqa: ANN401  # any cog: it has a `bot`
    await cog.bot.wait_until_ready()


class Worker(ABC):
    """Works in rounds: one whenever it is woken, and one when the last round asked for it.

    A round is never cancelled, so that no request to Discord is. `doing` completes "could not …"
    in the log.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._log = logging.getLogger(type(self).__module__)
        self._round: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_started = self._is_woken = self._is_stopping = False

    def start(self) -> None:
        """Run the first round; before this call `wake` does nothing."""
        self._is_started = True
        self.wake()

    def wake(self) -> None:
        """Run a round soon, because there may be something to do."""
        if not self._is_started or self._is_stopping:
            return
        self._is_woken = True
        if self._timer is not None:
            self._timer.cancel()
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_on())

    def wake_in(self, seconds: float) -> None:
        """Run a round in so many seconds, unless one is planned already."""
        if not self._is_started or self._is_stopping:
            return
        loop = asyncio.get_running_loop()
        if self._timer is None or self._timer.cancelled() or self._timer.when() <= loop.time():
            self._timer = loop.call_later(seconds, self.wake)

    async def stop(self) -> None:
        """Begin no more rounds, and wait up to `STOP_SECONDS` for running tasks."""
        self._is_stopping = True
        if self._timer is not None:
            self._timer.cancel()
        running = {*self._under_way(), *filter(None, [self._round])}
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)

    @abstractmethod
    async def _work(self) -> float | None:
        """Run one round; returns the seconds until the next one, or None to wait for `wake`."""

    def _under_way(self) -> Collection[asyncio.Task[None]]:
        """Tasks that run beside the rounds, which `stop` waits for."""
        return ()

    def _rests(self) -> float:
        """The least number of seconds until the next round."""
        return 0

    async def _go_on(self) -> None:
        """Run rounds as long as it is woken, then set a timer for the next one."""
        wait: float | None = RETRY_SECONDS
        while self._is_woken and not self._is_stopping:
            self._is_woken = False
            done = await run_guarded(self._work(), self._doing, self._log)
            wait = RETRY_SECONDS if done is None else done[0]
        if not self._is_stopping and wait is not None:
            delay = max(wait, self._rests())
            self._timer = asyncio.get_running_loop().call_later(delay, self.wake)
