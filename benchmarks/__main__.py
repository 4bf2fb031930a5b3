"""Prints what the bot costs beside a bare one, and which goals it meets: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.announcing import measure_announcing, print_announcing
from benchmarks.answers import measure
from benchmarks.covering import ENOUGH, Speed, measure_covering
from benchmarks.linting import ENOUGH as ENOUGH_CHECKED
from benchmarks.linting import MOST, Reading, measure_linting
from benchmarks.long_show import ENOUGH as ENOUGH_LONG
from benchmarks.long_show import LookUp, measure_long
from benchmarks.outbox import ENOUGH as ENOUGH_PLANNED
from benchmarks.outbox import Planning, measure_planning
from benchmarks.parties import ENOUGH as ENOUGH_PRESSED
from benchmarks.parties import (
    SLOWEST,
    Beginning,
    Crowd,
    measure_beginnings,
    measure_crowds,
)
from benchmarks.polls import CHEAP, Poll, growth, measure_polls
from benchmarks.starts import Memory, Start, measure_memory, measure_starts
from benchmarks.stubs import measure_stubs
from benchmarks.timing import FLAT, Load, Timing
from benchmarks.titles import ENOUGH as ENOUGH_TITLES
from benchmarks.titles import measure_titles


@dataclass(frozen=True, slots=True)
class Size:
    """How much to measure."""

    shows: tuple[int, ...]
    members: int
    stubs: tuple[int, ...]
    guilds: int
    rounds: int
    starts: int
    texts: int
    followed: tuple[int, ...]
    subscriptions: int
    channels: int
    seasons: tuple[int, ...]
    titles: tuple[int, ...]
    parties: int


FULL = Size(
    shows=(1, 100, 1000),
    members=100_000,
    stubs=(100, 1_000_000),
    guilds=2500,
    rounds=60,
    starts=3,
    texts=20_000,
    followed=(1, 1000, 50_000),
    subscriptions=100_000,
    channels=10_000,
    seasons=(1, 20),
    titles=(10, 10_000),
    parties=1000,
)
QUICK = Size(
    shows=(1, 10),
    members=1000,
    stubs=(100, 20_000),
    guilds=50,
    rounds=3,
    starts=1,
    texts=200,
    followed=(1, 200),
    subscriptions=1000,
    channels=500,
    seasons=(1, 2),
    titles=(10, 100),
    parties=50,
)

NAME, CELL = 38, 15  # widths of columns


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that it all runs")
    size = QUICK if parser.parse_args().quick else FULL
    loads = [*map(Load, size.shows), Load(size.shows[0], size.members)]
    rooms = [Load(stubs=number) for number in size.stubs]
    _print_covering(measure_covering(size.texts, size.rounds))
    with TemporaryDirectory() as name:
        folder = Path(name)
        _print_answers(loads, asyncio.run(measure(folder / "answers", loads, size.rounds)))
        _print_answers(rooms, asyncio.run(measure_stubs(folder / "stubs", rooms, size.rounds)))
        _print_readings(measure_linting(folder / "packs", size.seasons, size.rounds // 10 + 1))
        _print_look_ups(
            asyncio.run(measure_long(folder / "long", size.rounds // 2, size.seasons[-1]))
        )
        _print_titles(asyncio.run(measure_titles(folder / "titles", size.titles, size.rounds)))
        _print_polls(measure_polls(folder / "polls", size.followed, size.rounds // 3))
        _print_planning(asyncio.run(measure_planning(folder, size.subscriptions)))
        print_announcing(measure_announcing(folder, size.channels))
        _print_crowds(measure_crowds(folder / "crowds", size.rounds // 20 + 1))
        _print_beginnings(measure_beginnings(folder / "parties", size.parties))
        _print_starts(measure_starts(folder / "starts", size.shows, size.starts))
        _print_memory(measure_memory(folder / "memory", size.guilds), size.guilds)


def _print_answers(loads: Sequence[Load], timings: Sequence[Timing]) -> None:
    bare = median(timing.bare for timing in timings) / 1000
    print(f"\nFrom INTERACTION_CREATE to the answer's call, beside a bare command ({bare:.0f} µs);")
    print(f"growth is from the first load to the slowest (goal: at most {FLAT}).\n")
    _print_row("", *map(str, loads), "goal", "growth", "")
    for timing in timings:
        ratios = [timing.ratio(load) for load in loads]
        goal = timing.deed.goal
        _print_row(
            timing.deed.name,
            *(f"{ratio:.2f}" for ratio in ratios),
            "-" if goal is None else f"{goal:.2f}",
            f"{timing.growth:.2f}",
            ""
            if goal is None
            else _verdict(is_fast=max(ratios) <= goal, is_flat=timing.growth <= FLAT),
        )


def _verdict(*, is_fast: bool, is_flat: bool) -> str:
    return ", ".join(["too slow"] * (not is_fast) + ["not flat"] * (not is_flat)) or "met"


def _print_covering(speeds: Sequence[Speed]) -> None:
    print(f"Covering texts, beside encoding them (goal: at least {ENOUGH} MB of UTF-8 a second).\n")
    _print_row("", "MB/s", "ratio", "goal")
    for speed in speeds:
        verdict = "met" if speed.megabytes >= ENOUGH else "too slow"
        goal = verdict if speed.has_goal else ""
        _print_row(speed.name, f"{speed.megabytes:.0f}", f"{speed.ratio:.2f}", goal)


def _print_readings(readings: Sequence[Reading]) -> None:
    print("\nReading a pack, in seconds of one core, beside `tomllib` alone on the same file")
    print(f"(goals: {ENOUGH_CHECKED} s for 10,000 facts, and {MOST} times `tomllib`).\n")
    _print_row("", "facts", "seconds", "for 10,000", "ratio", "goals")
    for reading in readings:
        cells = f"{reading.seconds:.3f}", f"{reading.rate:.2f}", f"{reading.ratio:.2f}"
        verdict = "met" if reading.is_good else "missed"
        goal = verdict if reading.has_goal else ""
        _print_row(reading.name, f"{reading.facts:,}", *cells, goal)


def _print_look_ups(look_ups: Sequence[LookUp]) -> None:
    print("\nLooking up in a long show, beside the same in Hit & Run, in milliseconds")
    print(f"(goal: at most {ENOUGH_LONG} times that).\n")
    _print_row("", "Hit & Run", "long", "ratio", "goal")
    for look_up in look_ups:
        cells = f"{look_up.short / 1e6:.2f}", f"{look_up.long / 1e6:.2f}", f"{look_up.ratio:.2f}"
        verdict = "met" if look_up.ratio <= ENOUGH_LONG else "missed"
        _print_row(f"{look_up.name}, {look_up.state}", *cells, verdict)


def _print_titles(timings: Sequence[Timing]) -> None:
    print("\nCompleting, in milliseconds, beside the same among the fewest shows")
    print(f"(goal: at most {ENOUGH_TITLES} times that).\n")
    _print_row("", *map(str, timings[0].loaded), "ratio", "goal")
    for timing in timings:
        cells = (f"{nanoseconds / 1e6:.2f}" for nanoseconds in timing.loaded.values())
        verdict = "met" if timing.growth <= ENOUGH_TITLES else "missed"
        _print_row(timing.deed.name, *cells, f"{timing.growth:.2f}", verdict)


def _print_polls(polls: Sequence[Poll]) -> None:
    print("\nAsking a source what is new, beside reading its map of changes alone.\n")
    _print_row("shows followed, and changed", "ms", "ratio", "calls", "fetched")
    for poll in polls:
        cells = f"{poll.milliseconds:.1f}", f"{poll.ratio:.2f}", str(poll.calls), str(poll.fetched)
        _print_row(f"{poll.followed:,}, {poll.changed:,}", *cells)
    grown = growth(polls)
    print(f"\nOne more followed costs {grown.share:.3f} of one more changed (goal: {CHEAP}).")


def _print_planning(planning: Planning) -> None:
    print(f"\nPlanning news, beside `executemany` (goal: at least {ENOUGH_PLANNED} of it).\n")
    _print_row("rows a second", "planned", "plain", "ratio")
    rows = f"{planning.planned:,.0f}", f"{planning.plain:,.0f}"
    _print_row("", *rows, f"{planning.ratio:.2f}")


def _print_crowds(crowds: Sequence[Crowd]) -> None:
    print("\nWhat the last of 500 guests do, beside the first of them, in milliseconds")
    print(f"(goal: at most {ENOUGH_PRESSED} times that).\n")
    _print_row("", "first", "last", "ratio", "goal")
    for crowd in crowds:
        cells = (f"{median(times) / 1e6:.2f}" for times in (crowd.first, crowd.last))
        verdict = "met" if crowd.ratio <= ENOUGH_PRESSED else "missed"
        _print_row(crowd.name, *cells, f"{crowd.ratio:.2f}", verdict)


def _print_beginnings(beginnings: Sequence[Beginning]) -> None:
    print(
        "\nPosting for parties that are due at once, beside the pacer's least time (goal: at most"
    )
    print(f"{SLOWEST} times that, each posted, no global 429, a short lag).\n")
    _print_row("", "posted", "seconds", "ratio", "global 429", "lag (ms)", "goal")
    for beginning in beginnings:
        cells = f"{beginning.seconds:.1f}", f"{beginning.ratio:.2f}", str(beginning.global_429)
        verdict = "met" if beginning.is_good else "missed"
        posted, lag = f"{beginning.posted:,}", f"{beginning.lag * 1000:.1f}"
        _print_row(f"{beginning.name} of {beginning.parties:,}", posted, *cells, lag, verdict)


def _print_starts(starts: Sequence[Start]) -> None:
    print("\nFrom launching the process to the end of `setup_hook`, beside a bare bot.\n")
    _print_row("", "seconds", "ratio", "MiB")
    for start in starts:
        cells = f"{start.seconds:.2f}", f"{start.ratio:.2f}", f"{start.memory:.0f}"
        _print_row(start.name, *cells)


def _print_memory(memories: Sequence[Memory], guilds: int) -> None:
    print(f"\nResident memory in MiB, started and with {guilds:,} servers in the cache.\n")
    for memory in memories:
        _print_row(memory.name, f"{memory.started:.0f}", f"{memory.with_guilds:.0f}")


def _print_row(name: str, *cells: str) -> None:
    print(f"{name:<{NAME}}", *(f"{cell:>{CELL}}" for cell in cells))


if __name__ == "__main__":
    main()
