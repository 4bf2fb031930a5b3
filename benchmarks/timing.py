"""Times one thing that people do in turns: under every load, and beside the bare command."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from benchmarks.bare_bot import COMMAND
from benchmarks.null_discord import Bot, NullDiscord, receive
from benchmarks.payloads import GUILD, Data, guild, slash

T = TypeVar("T", bound=Bot)
Next = Callable[[], Awaitable[Data]]  # the next event; what it needs is made outside of the timing

AT_A_TIME = 10  # timings in a row, so that a bot is measured warm
LOOK_UP = 4.0  # goal, as times the bare command
FLAT = 1.2  # goal, as times the same under the first load


@dataclass(frozen=True, slots=True)
class Load:
    """What a bot has to carry."""

    shows: int = 1
    members: int = 0
    stubs: int = 0

    def __str__(self) -> str:
        if self.stubs:
            return f"stubs: {self.stubs:,}"
        return f"members: {self.members:,}" if self.members else f"shows: {self.shows:,}"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, a text that its answer must hold, and how long it may take, if there is a goal.

    It takes until the first call to Discord, or until a later one.
    """

    name: str
    holds: str
    goal: float | None
    call: int = 1


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians of one deed in nanoseconds: of the bare command beside it, and under each load."""

    deed: Deed
    bare: float
    loaded: Mapping[Load, float]

    def ratio(self, load: Load) -> float:
        return self.loaded[load] / self.bare

    @property
    def growth(self) -> float:
        """How many times the first load's time the slowest one takes."""
        return max(self.loaded.values()) / next(iter(self.loaded.values()))


@asynccontextmanager
async def running(null: NullDiscord, bot: T) -> AsyncIterator[T]:
    """Start a bot that is on one server."""
    async with bot:
        await null.log_in(bot)
        receive(bot, "GUILD_CREATE", guild(GUILD))
        yield bot


async def time_in_turns(
    null: NullDiscord, deed: Deed, bare: Bot, asked: Mapping[Load, tuple[Bot, Next]], rounds: int
) -> Timing:
    """Time it in rounds, in an order drawn by lot, so that a slow moment strikes all alike."""
    for bot, next_event in asked.values():
        await null.time(bot, await next_event(), call=deed.call)
        # A quick refusal would look like a fast answer.
        assert deed.holds in null.answer, f"{deed.name}: no {deed.holds!r} in {null.answer}"
    times = defaultdict[Load | None, list[int]](list)
    for _ in range(rounds):
        for load in random.sample((None, *asked), len(asked) + 1):
            if load is None:
                times[None] += await _times(null, bare, _ask_bare, 1)
            else:
                times[load] += await _times(null, *asked[load], deed.call)
    return Timing(deed, median(times[None]), {load: median(times[load]) for load in asked})


async def _times(null: NullDiscord, bot: Bot, next_event: Next, call: int) -> list[int]:
    events = [await next_event() for _ in range(AT_A_TIME)]
    return [await null.time(bot, event, call=call) for event in events]


async def _ask_bare() -> Data:
    return slash(COMMAND)
