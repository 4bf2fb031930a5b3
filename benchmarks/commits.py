"""Writes of many at once on a slow disk, beside the version before group commit, in one run."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
BEFORE = "7de48b4"
SLOW = 20_000  # microseconds before each wait for the disk
ROUNDS = 3
# What is done, on how slow a disk, and of each of its times the aimed part of the former.
GOALS: tuple[tuple[str, int, Mapping[str, float]], ...] = (
    ("presses", SLOW, {"median": 1 / 15, "last": 1 / 15}),
    ("reactions", SLOW, {"p99": 1 / 30}),
    ("at once", 0, {"all": 1 / 4}),
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds that somebody waits, before and now; `goal` is the aimed part of before."""

    what: str
    before: float
    now: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.now / self.before


@contextmanager
def former(child: str) -> Generator[Path]:
    """The version before, in a folder of its own, with this child. Needs the history."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", BEFORE], cwd=ROOT, capture_output=True, check=True
    )
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(folder, filter="data")
        shutil.copy(ROOT / "benchmarks" / child, Path(folder) / "benchmarks")
        yield Path(folder)


@contextmanager
def slow_disk() -> Generator[Path]:
    """A library that, loaded before all others, makes every wait for the disk longer."""
    with TemporaryDirectory() as folder:
        library = Path(folder) / "slow_disk.so"
        source = ROOT / "benchmarks" / "slow_disk.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        yield library


def timed(checkout: Path, what: str, library: Path, delay: int) -> dict[str, float]:
    environment = os.environ | {
        "PYTHONPATH": str(checkout),
        "LD_PRELOAD": str(library) if delay else "",
        "FSYNC_DELAY": str(delay),
    }
    command = [sys.executable, "-m", "benchmarks.commits_child", what]
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def measure_commits() -> list[Wait]:
    waits = list[Wait]()
    with former("commits_child.py") as before, slow_disk() as library:
        for what, delay, goals in GOALS:
            rounds = [
                (timed(before, what, library, delay), timed(ROOT, what, library, delay))
                for _ in range(ROUNDS)
            ]
            waits += [
                Wait(
                    f"{what}, {name}",
                    median(then[name] for then, _ in rounds),
                    median(now[name] for _, now in rounds),
                    goal,
                )
                for name, goal in goals.items()
            ]
    return waits


def print_commits(waits: list[Wait]) -> None:
    print(f"Waits in milliseconds, beside {BEFORE}; a slow disk takes {SLOW // 1000} ms longer.\n")
    print(f"{'':20}{'before':>12}{'now':>12}{'ratio':>12}{'goal':>12}")
    for one in waits:
        told = f"{one.before * 1000:12.1f}{one.now * 1000:12.1f}{one.ratio:12.3f}{one.goal:12.3f}"
        print(f"{one.what:20}{told}{'met' if one.ratio <= one.goal else 'missed':>10}")


if __name__ == "__main__":
    print_commits(measure_commits())
