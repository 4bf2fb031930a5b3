"""Measures look-ups in a show of twenty years beside the same in Hit & Run, cold and warm."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from statistics import median

from benchmarks.loaded_bot import MOMENT, bot_with
from benchmarks.long_pack import SLUG, write_long
from benchmarks.null_discord import NullDiscord
from benchmarks.packs import name
from benchmarks.payloads import ASKER, Data, completion, slash
from benchmarks.timing import running
from bot.context import Bot
from data.library import Library
from data.packs.reader import PackFile, read_folders
from data.points import Point, Slot
from data.stores import SHIPPED

ENOUGH = 1.5  # goal, as times the same in Hit & Run
READ = 10  # rounds at most with a pack that was just read: to read it takes a second
MOST = 61  # episodes in a row that are looked up for the first time, where there are as many
SHORT, LONG = "hit-and-run", SLUG
SOMEBODY = {SHORT: "Segev Azulai", LONG: name(7)}
# So much of it that no other name is offered in either show.
TYPED = {show: whole[: whole.index(" ") + 3] for show, whole in SOMEBODY.items()}

# Where the asker is, what they saw before, and whether it is timed.
Step = tuple[Slot, Slot, bool]

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
        lambda show, _: completion("character", "name", TYPED[show], show=show),
    ),
    Case(
        "completing since",
        lambda show, before: completion("recap", "since", before, show=show),
    ),
)


async def measure_long(folder: Path, rounds: int, seasons: int) -> list[LookUp]:
    """Time every case in either show; `folder` must be empty."""
    null, shows = NullDiscord(), folder / "shows"
    write_long(shows, seasons)
    async with running(null, bot_with(folder, shows)) as bot:
        files, _ = read_folders([SHIPPED, shows], await Library.stored(bot.db))
        found = list[LookUp]()
        for state in (WARM, COLD, FIRST):
            count = min(rounds, READ) if state == FIRST else rounds
            for case in CASES:
                walks = {show: _walk(bot, files, show, state) for show in (SHORT, LONG)}
                medians = [median(times) for times in await _measure(null, bot, case, walks, count)]
                found.append(LookUp(case.name, state, *medians))
        return found


async def _measure(
    null: NullDiscord, bot: Bot, case: Case, walks: Mapping[str, AsyncIterator[Step]], rounds: int
) -> list[list[int]]:
    """Nanoseconds of every round, for each of the shows."""
    times: dict[str, list[int]] = {show: [] for show in walks}
    for _ in range(rounds):
        for show in random.sample([*walks], len(walks)):
            async for at, before, is_timed in walks[show]:
                await bot.progress.save(ASKER, show, Point(at.id), now=MOMENT)
                taken = await null.time(bot, case.event(show, before.label))
                if is_timed:
                    times[show].append(taken)
                    break
    return [*times.values()]


async def _walk(bot: Bot, files: list[PackFile], show: str, state: str) -> AsyncIterator[Step]:
    """Where the asker is and what they saw before; those that are not timed make the bot warm."""
    slots = bot.library.order(show).slots
    pairs = [*zip(slots[1:], slots, strict=False)][-MOST:]
    if state == WARM:
        yield *pairs[-1], False
    while True:
        if state != WARM:
            await _read_anew(bot, files, show)
        if state == COLD:
            for number, pair in enumerate(pairs):
                yield *pair, number > 0
        else:
            yield *pairs[-1], True


async def _read_anew(bot: Bot, files: list[PackFile], show: str) -> None:
    """Take the show in as if its file had changed."""
    for place, file in enumerate(files):
        if file.pack.show.slug == show:
            files[place] = replace(file, digest=token_hex())
    await bot.library.reload(bot.db, files)
