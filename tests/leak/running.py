"""Running: a sweep begun on a show and judged to its end, and what came of it in words."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bot.readers.audience import Audience
from bot.readers.show_choice import ShowChoice
from data.library import Library
from data.packs.reader import read_folders
from data.packs.tables import Pack
from data.points import PREMISE, Point
from data.stores import SHIPPED
from tests.leak.planted import Room
from tests.leak.show import ONE_SEASON, TWO_SEASONS, Marked, marked
from tests.leak.sweep import Sweep
from tests.leak.walk import Walk
from tests.leak.wire import Log
from tests.support.world import World, simulated

MINUTES = ("S1E1@10", "S1E2@10", "S1E2@25", "S2E1@5")


def two_seasons() -> Marked:
    return marked("marked", TWO_SEASONS, MINUTES)


def one_season() -> Marked:
    return marked("single", ONE_SEASON, ("S1E2@10",))


@asynccontextmanager
async def sweeping(folder: Path, show: Marked) -> AsyncIterator[Sweep]:
    """The bot with this show beside those that ship, and everybody at its premise."""
    async with simulated(folder, show.write(folder / "shows")) as world:
        sweep = Sweep(world, show)
        await sweep.begin()
        with judging(sweep):
            yield sweep


@contextmanager
def judging(sweep: Sweep) -> Iterator[None]:
    """Judge all that the bot writes into its own log, too, and say how much was tried."""
    handler = Log(sweep)
    ours = [logging.getLogger(name) for name in ("bot", "cogs", "data")]
    for logger in ours:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger in ours:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
        report(sweep)


def report(sweep: Sweep) -> None:
    told = sweep.checked
    answers = told["answer"] + told["post"] + told["modal"]
    print(  # noqa: T201  # how much was tried is part of the proof
        f"\nchecked {answers:,} answers, {told['post']:,} of them public, "
        f"and {told['choices']:,} autocompletes"
    )


def verdict(sweep: Sweep) -> str:
    """Every kind of fault once, with how often it was met."""
    kinds = Counter(failure.faults[0][:40] for failure in sweep.failures)
    first = {failure.faults[0][:40]: failure for failure in reversed(sweep.failures)}
    return "\n".join(f"{kinds[kind]} times: {failure}" for kind, failure in first.items())


def has_leaked(sweep: Sweep) -> bool:
    return any("was told at" in fault for one in sweep.failures for fault in one.faults)


async def walk(sweep: Sweep, label: str | None, room: Room | None = None, who: Any = None) -> Walk:
    actor = who or sweep.world.ann
    await sweep.put(actor, label)
    return Walk(sweep, actor, room or sweep.plain)


def shipped() -> Sequence[Pack]:
    files, _ = read_folders([SHIPPED])
    return [file.pack for file in files]


def put_library(world: World, library: Library) -> None:
    bot = world.bot
    bot.library, bot.audience = library, Audience(library, bot.progress, bot.rooms, bot.parties)
    bot.show_choice = ShowChoice(library, bot.rooms, bot.parties)


def end_of(library: Library, slug: str) -> Point:
    """Where everything of a show is known."""
    slots = library.order(slug).slots
    return Point(slots[-1].id) if slots else PREMISE
