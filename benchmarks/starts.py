"""Measures how long a bot takes to start, and how much memory it then holds."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from statistics import median
from time import perf_counter

from benchmarks.child import READY
from benchmarks.packs import write

BARE, COLD, WARM = "a bare bot", "new database", "database that has them"


@dataclass(frozen=True, slots=True)
class Start:
    """Medians: seconds from launching the process to the end of `setup_hook`, and MiB held then."""

    name: str
    seconds: float
    ratio: float  # of the seconds to the bare bot's
    memory: float


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB in use, started and then with the servers in its cache."""

    name: str
    started: float
    with_guilds: float


def measure_starts(folder: Path, shows: Sequence[int], rounds: int) -> list[Start]:
    """Start a bare bot and ours, in turns: with every number of shows, on both databases."""
    packs = {number: write(folder / f"{number}" / "shows", number) for number in shows}
    runs = defaultdict[str, list[tuple[float, float]]](list)
    for _ in range(rounds):
        runs[BARE].append(_launch())
        for number, path in packs.items():
            database = folder / f"{number}" / "database"
            rmtree(database, ignore_errors=True)
            database.mkdir()
            for state in (COLD, WARM):
                ours = _launch("--folder", str(database), "--shows", str(path))
                runs[f"shows: {number:,}, {state}"].append(ours)
    bare, _ = _medians(runs[BARE])
    return [
        Start(name, seconds, seconds / bare, memory)
        for name, (seconds, memory) in ((name, _medians(pairs)) for name, pairs in runs.items())
    ]


def measure_memory(folder: Path, guilds: int) -> list[Memory]:
    """Fill the caches of a bare bot and of ours with servers."""
    ours = ("--folder", str(folder), "--shows", str(write(folder / "shows", 1)))
    return [_memory(BARE, guilds), _memory("Cliffhanger", guilds, *ours)]


def _memory(name: str, guilds: int, *arguments: str) -> Memory:
    _, started = _launch(*arguments)
    _, with_guilds = _launch(*arguments, "--guilds", str(guilds))
    return Memory(name, started, with_guilds)


def _medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def _launch(*arguments: str) -> tuple[float, float]:
    """Seconds until a bot is ready, and the MiB it holds at last."""
    command = [sys.executable, "-m", "benchmarks.child", *arguments]
    begun = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ourselves
        assert process.stdout is not None
        said = process.stdout.readline()
        seconds = perf_counter() - begun
        assert said == READY, "the bot did not start"
        kib = int(process.stdout.readline())
    return seconds, kib / 1024
