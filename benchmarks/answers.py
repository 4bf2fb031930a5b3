"""Measures how long an answer takes, from INTERACTION_CREATE to the call that sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, repeat
from pathlib import Path

from benchmarks.bare_bot import BareBot
from benchmarks.loaded_bot import bot_with, let_watch, member_ids, seat_asker
from benchmarks.null_discord import Bot, NullDiscord
from benchmarks.packs import name, title, write
from benchmarks.payloads import Data, completion, said_by, slash
from benchmarks.timing import LOOK_UP, Deed, Load, Next, Timing, running, time_in_turns

COMPLETE = 1.5  # goal, as times the bare command

FULL, HALF, MISSPELT = name(7), name(7).split()[0], name(7).replace("no", "on")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing people do, and the event of it.

    `by_anybody`: each time by another of the members, who is at a point of their own, so that
    nothing about it can have been kept.
    """

    deed: Deed
    event: Data
    by_anybody: bool = False


CASES = (
    Case(Deed("/recap", "Safe through S1E5", LOOK_UP), slash("recap")),
    Case(Deed("/recap by anybody", "Safe", None), slash("recap"), by_anybody=True),
    Case(Deed("/recap episode:S1E2", "S1E2", LOOK_UP), slash("recap", episode="S1E2")),
    Case(Deed("/recap since:S1E1", "since S1E1", LOOK_UP), slash("recap", since="S1E1")),
    Case(Deed("/recap show:…", "Safe through S1E5", LOOK_UP), slash("recap", show=title(0))),
    Case(
        Deed("/recap show: misspelt", "S1E5", LOOK_UP), slash("recap", show="Silemt Harbuor 0000")
    ),
    Case(Deed("/character name:…", FULL, LOOK_UP), slash("character", name=FULL)),
    Case(Deed("/character name: misspelt", FULL, LOOK_UP), slash("character", name=MISSPELT)),
    Case(Deed("/character", FULL, LOOK_UP), slash("character")),
    Case(Deed("completing name", FULL, COMPLETE), completion("character", "name", HALF[:2])),
    Case(Deed("completing name, empty", FULL, COMPLETE), completion("character", "name", "")),
    Case(Deed("completing episode", "S1E5", COMPLETE), completion("recap", "episode", "S1")),
    Case(Deed("completing show", title(0), COMPLETE), completion("recap", "show", title(0))),
)


async def measure(folder: Path, loads: Sequence[Load], rounds: int) -> list[Timing]:
    """Time every case under every load."""
    null = NullDiscord()
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(running(null, BareBot()))
        bots = dict[Load, Bot]()
        for load in loads:
            bots[load] = await stack.enter_async_context(_loaded(null, folder, load))
        return [
            await time_in_turns(
                null,
                case.deed,
                bare,
                {load: (bot, _next(_events(case, load))) for load, bot in bots.items()},
                rounds,
            )
            for case in CASES
        ]


@asynccontextmanager
async def _loaded(null: NullDiscord, folder: Path, load: Load) -> AsyncIterator[Bot]:
    folder /= str(load)
    shows = write(folder / "shows", load.shows)
    await let_watch(folder, load.members)
    async with running(null, bot_with(folder, shows)) as bot:
        await seat_asker(bot)
        yield bot


def _events(case: Case, load: Load) -> Iterator[Data]:
    if not case.by_anybody or not load.members:
        return repeat(case.event)
    return (said_by(member, case.event) for member in cycle(member_ids(load.members)))


def _next(events: Iterator[Data]) -> Next:
    async def next_event() -> Data:
        return next(events)

    return next_event
