"""How many requests a second the bot makes, and when it stops after too many refusals."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from itertools import count
from types import SimpleNamespace

import aiohttp

SECOND = 1.0
BESIDE = 2  # turns that may be open beyond those of one second
UNANSWERED = 5.0  # seconds after which an unanswered request no longer counts
REST = 10 * 60  # seconds without any request after too many refusals
IN_A_ROW = 100
SCOPES, NO_SCOPE = ("user", "global", "shared"), "proxy"
# Discord bans an address after 10,000 answers of 401, 403 and 429 in ten minutes.
IN_TEN_MINUTES = 2000


class RateLimiter:
    """Hands out turns at a steady rate, and never more in one second than `rate` allows.

    Discord counts a request at some moment between its start and its answer. So a turn is free
    again one second after the answer, or `UNANSWERED` seconds after the start if no answer came.
    """

    def __init__(self, rate: float) -> None:
        self._step = 1 / rate
        self._next = 0.0
        self._most = int(rate) + BESIDE
        self._numbers = count()
        self._taken = dict[int, float]()  # when each turn is free again, by the loop's clock
        self._in_order = asyncio.Lock()
        self._was_answered = asyncio.Event()

    async def turn(self) -> Callable[[], None]:
        """Wait for the next turn; the caller calls the returned function when the answer is there.

        Unused turns are lost, so there is never a burst.
        """
        loop = asyncio.get_running_loop()
        async with self._in_order:
            await self._until_one_is_free(loop)
            mine, number = max(self._next, loop.time()), next(self._numbers)
            self._next = mine + self._step
            self._taken[number] = mine + UNANSWERED
        await asyncio.sleep(mine - loop.time())

        def answered() -> None:
            if number in self._taken:
                self._taken[number] = min(self._taken[number], loop.time() + SECOND)
                self._was_answered.set()

        return answered

    async def _until_one_is_free(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for a free turn. Without anybody waiting no timer is set."""
        while True:
            moment = loop.time()
            self._taken = {turn: free for turn, free in self._taken.items() if free > moment}
            if len(self._taken) < self._most:
                return
            self._was_answered.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._was_answered.wait(), min(self._taken.values()) - moment
                )


class RefusalCount(Counter[str]):
    """How often Discord answered 429, by the scope of the limit; `proxy` where it names none."""

    async def on_answer(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        ended: aiohttp.TraceRequestEndParams,
    ) -> None:
        """Listens to all that is answered, as a part of an `aiohttp.TraceConfig`."""
        if ended.response.status == HTTPStatus.TOO_MANY_REQUESTS:
            scope = ended.response.headers.get("X-RateLimit-Scope", "")
            self[scope if scope in SCOPES else NO_SCOPE] += 1


class CircuitBreaker:
    """Counts refused requests, and says when to pause before Discord bans this address."""

    def __init__(self) -> None:
        self._in_a_row = set[int]()
        self._recent = deque[float]()

    def worked(self) -> None:
        self._in_a_row.clear()

    def refused(self, moment: float, guild_id: int) -> bool:
        """Count a refusal at a moment in seconds; True if the bot should pause.

        Refusals in a row by one server count once, so one server cannot stop all others.
        """
        self._in_a_row.add(guild_id)
        self._recent.append(moment)
        while self._recent[0] < moment - REST:
            self._recent.popleft()
        if len(self._in_a_row) < IN_A_ROW and len(self._recent) < IN_TEN_MINUTES:
            return False
        self._in_a_row.clear()
        self._recent.clear()
        return True
