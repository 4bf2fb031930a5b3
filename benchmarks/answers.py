"""Measures how long an answer takes, from INTERACTION_CREATE to the call that sends it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, repeat
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.bare_bot import COMMAND, BareBot
from benchmarks.loaded_bot import bot_with, let_watch, member_ids, seat_asker
from benchmarks.null_discord import Bot, NullDiscord, receive
from benchmarks.packs import name, title, write
from benchmarks.payloads import GUILD, Data, completion, guild, said_by, slash

T = TypeVar("T", bound=Bot)

AT_A_TIME = 10  # timings in a row, so that a bot is measured warm
LOOK_UP, COMPLETE = 4.0, 1.5  # goals, as times the bare command
FLAT = 1.2  # goal, as times the same with one show and one member

FULL, HALF, MISSPELT = name(7), name(7).split()[0], name(7).replace("no", "on")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing people do, a text that its answer must hold, and how long it may take.

    Without a goal it is there to be known. `by_anybody`: each time by another of the members, who
    is at a point of their own, so that nothing about it can have been kept.
    """

    name: str
    event: Data
    holds: str
    goal: float | None
    by_anybody: bool = False


CASES = (
    Case("/recap", slash("recap"), "Safe through S1E5", LOOK_UP),
    Case("/recap by anybody", slash("recap"), "Safe", None, by_anybody=True),
    Case("/recap episode:S1E2", slash("recap", episode="S1E2"), "S1E2", LOOK_UP),
    Case("/recap since:S1E1", slash("recap", since="S1E1"), "since S1E1", LOOK_UP),
    Case("/recap show:…", slash("recap", show=title(0)), "Safe through S1E5", LOOK_UP),
    Case("/recap show: misspelt", slash("recap", show="Silemt Harbuor 0000"), "S1E5", LOOK_UP),
    Case("/character name:…", slash("character", name=FULL), FULL, LOOK_UP),
    Case("/character name: misspelt", slash("character", name=MISSPELT), FULL, LOOK_UP),
    Case("/character", slash("character"), FULL, LOOK_UP),
    Case("completing name", completion("character", "name", HALF[:2]), FULL, COMPLETE),
    Case("completing name, empty", completion("character", "name", ""), FULL, COMPLETE),
    Case("completing episode", completion("recap", "episode", "S1"), "S1E5", COMPLETE),
    Case("completing show", completion("recap", "show", title(0)), title(0), COMPLETE),
)


@dataclass(frozen=True, slots=True)
class Load:
    """What a bot has to carry."""

    shows: int
    members: int = 0

    def __str__(self) -> str:
        return f"members: {self.members:,}" if self.members else f"shows: {self.shows:,}"


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians of one case in nanoseconds: of the bare command beside it, and under each load."""

    case: Case
    bare: float
    loaded: Mapping[Load, float]

    def ratio(self, load: Load) -> float:
        return self.loaded[load] / self.bare

    @property
    def growth(self) -> float:
        """How many times the first load's time the slowest one takes."""
        return max(self.loaded.values()) / next(iter(self.loaded.values()))


async def measure(folder: Path, loads: Sequence[Load], rounds: int) -> list[Timing]:
    """Time every case under every load, in rounds, so that a slow moment strikes them all."""
    null = NullDiscord()
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(_running(null, BareBot()))
        bots = dict[Load, Bot]()
        for load in loads:
            bots[load] = await stack.enter_async_context(_loaded(null, folder, load))
        return [await _time(null, case, bare, bots, rounds) for case in CASES]


@asynccontextmanager
async def _running(null: NullDiscord, bot: T) -> AsyncIterator[T]:
    async with bot:
        await null.log_in(bot)
        receive(bot, "GUILD_CREATE", guild(GUILD))
        yield bot


@asynccontextmanager
async def _loaded(null: NullDiscord, folder: Path, load: Load) -> AsyncIterator[Bot]:
    folder /= str(load)
    shows = write(folder / "shows", load.shows)
    await let_watch(folder, load.members)
    bot = bot_with(folder, shows)
    async with _running(null, bot):
        await seat_asker(bot)
        yield bot


async def _time(
    null: NullDiscord, case: Case, bare: Bot, bots: Mapping[Load, Bot], rounds: int
) -> Timing:
    events = {load: _events(case, load) for load in bots}
    for load, bot in bots.items():
        await null.time(bot, next(events[load]))
        # A quick refusal would look like a fast answer.
        assert case.holds in null.answer, f"{case.name}: no {case.holds!r} in {null.answer}"
    runs = [(None, bare, repeat(slash(COMMAND)))]
    runs += [(load, bot, events[load]) for load, bot in bots.items()]
    times = defaultdict[Load | None, list[int]](list)
    for _ in range(rounds):
        random.shuffle(runs)
        for load, bot, asked in runs:
            times[load] += [await null.time(bot, next(asked)) for _ in range(AT_A_TIME)]
    return Timing(case, median(times[None]), {load: median(times[load]) for load in bots})


def _events(case: Case, load: Load) -> Iterator[Data]:
    if not case.by_anybody or not load.members:
        return repeat(case.event)
    return (said_by(member, case.event) for member in cycle(member_ids(load.members)))
