"""Measures what reading, checking and loading a pack takes, beside `tomllib` alone on its file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.long_pack import facts_in, write_long
from data.packs.lint import lint
from data.packs.reader import read
from data.packs.tables import Pack
from data.story.story import Story

ENOUGH = 2.0  # goal, in seconds on one core for each 10,000 facts
MOST = 6.0  # goal, as times `tomllib` alone
UNIT = 10_000  # facts
WHOLE = "all of it"


@dataclass(frozen=True, slots=True)
class Reading:
    """Medians of one step for one pack, in seconds of this one core; `ratio` is to `tomllib`'s.

    What a step of the whole takes is there to be known.
    """

    name: str
    facts: int
    seconds: float
    ratio: float
    has_goal: bool

    @property
    def rate(self) -> float:
        """Seconds for each 10,000 facts."""
        return self.seconds * UNIT / self.facts

    @property
    def is_good(self) -> bool:
        return self.rate <= ENOUGH and self.ratio <= MOST


def measure_linting(folder: Path, seasons: Sequence[int], rounds: int) -> list[Reading]:
    """Read the pack of a show of each length, as a bot does that sees it for the first time."""
    return [
        reading
        for number in seasons
        for reading in _measure(write_long(folder / f"{number}", number), number, rounds)
    ]


def _measure(path: Path, seasons: int, rounds: int) -> list[Reading]:
    text = path.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    pack = Pack.model_validate(tables)
    assert not read(path).warnings, "the linter was kept busy by faults"
    steps: dict[str, Callable[[], object]] = {
        "tomllib alone": lambda: tomllib.loads(text),
        "its tables checked": lambda: Pack.model_validate(tables),
        "linted": lambda: lint(pack),
        "made ready to be cut": lambda: Story(pack).prepare(),
        WHOLE: lambda: Story(read(path).pack).prepare(),
    }
    # They take turns, so that a slow moment strikes all alike.
    rows = [[_seconds(step) for step in steps.values()] for _ in range(rounds)]
    medians = [median(column) for column in zip(*rows, strict=True)]
    return [
        Reading(
            f"{name}, seasons: {seasons}",
            facts_in(seasons),
            seconds,
            seconds / medians[0],
            has_goal=name == WHOLE,
        )
        for name, seconds in zip(steps, medians, strict=True)
    ]


def _seconds(step: Callable[[], object]) -> float:
    begun = process_time()
    step()
    return process_time() - begun
