"""Measures look-ups in a show of twenty years beside the same in Hit & Run, cold and warm."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from statistics import median

from benchmarks.loaded_bot import MOMENT, bot_with
from benchmarks.long_pack import SLUG, write_long
from benchmarks.null_discord import NullDiscord
from benchmarks.packs import name
from benchmarks.payloads import ASKER, GUILD, Data, completion, slash
from benchmarks.timing import running
from bot.client import Bot
from data.point import Point, Slot

ENOUGH = 1.5  # goal, as times the same in Hit & Run
SHORT, LONG = "hit-and-run", SLUG
SOMEBODY = {SHORT: "Segev Azulai", LONG: name(7)}

WARM, COLD, FIRST = "again", "first there", "first of all"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that people look up: its event by the show and the last episode before theirs."""

    name: str
    event: Callable[[str, str], Data]


@dataclass(frozen=True, slots=True)
class LookUp:
    """Medians of one look-up in nanoseconds, in Hit & Run and in the long show.

    `state` is whether somebody has looked it up there before, or anything anywhere in that show.
    """

    name: str
    state: str
    short: float
    long: float

    @property
    def ratio(self) -> float:
        return self.long / self.short


CASES = (
    Case("/recap", lambda show, _: slash("recap", show=show)),
    Case("/recap episode:…", lambda show, before: slash("recap", show=show, episode=before)),
    Case("/recap since:…", lambda show, before: slash("recap", show=show, since=before)),
    Case("/character name:…", lambda show, _: slash("character", show=show, name=SOMEBODY[show])),
    Case("/character", lambda show, _: slash("character", show=show)),
    Case(
        "completing name",
        lambda show, _: completion("character", "name", SOMEBODY[show][:2], show=show),
    ),
)


async def measure_long(folder: Path, rounds: int, seasons: int) -> list[LookUp]:
    """Time every case in either show; `folder` must be empty."""
    null, shows = NullDiscord(), folder / "shows"
    write_long(shows, seasons)
    async with running(null, bot_with(folder, shows)) as bot:
        return [
            await _measure(null, bot, case, state, rounds)
            for state in (WARM, COLD, FIRST)
            for case in CASES
        ]


async def _measure(null: NullDiscord, bot: Bot, case: Case, state: str, rounds: int) -> LookUp:
    times: dict[str, list[int]] = {SHORT: [], LONG: []}
    walks = {show: _walk(bot, show, state, rounds) for show in times}
    for _ in range(rounds):
        for show in random.sample((SHORT, LONG), 2):
            for at, before, is_timed in walks[show]:
                await bot.progress.save(ASKER, show, Point(at.id), now=MOMENT)
                taken = await null.time(bot, case.event(show, before.label))
                if is_timed:
                    times[show].append(taken)
                    break
    return LookUp(case.name, state, median(times[SHORT]), median(times[LONG]))


def _walk(bot: Bot, show: str, state: str, rounds: int) -> Iterator[tuple[Slot, Slot, bool]]:
    """Where the asker is and what they saw before; those that are not timed make the bot warm."""
    slots = bot.library.order(show).slots
    last = slots[-1], slots[-2]
    if state == WARM:
        yield *last, False
        yield from repeat((*last, True))
    while True:
        bot.library.put([bot.library.whole_pack(show, GUILD)])
        if state == FIRST:
            yield *last, True
        else:
            steps = min(rounds + 1, len(slots) - 1)
            for step in range(steps, 0, -1):
                yield slots[-step], slots[-step - 1], step < steps
