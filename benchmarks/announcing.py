"""How fast the announcer is where Discord sets the pace, beside sending everything at once."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from discord.utils import utcnow

from bot.ui.cards import notice
from bot.ui.text import Markup
from tests.wire.announcers import Desk, desk_at
from tests.wire.limits import Limits
from tests.wire.loopback import LoopbackDiscord

LIMIT = 50  # requests a second, for all of a bot
ENOUGH = 0.9  # of what the limit allows
FULL, QUICK = 10_000, 500  # channels
AT_ONCE = 400  # channels for `gather`: each takes two sockets of this process
BEAT = 0.01  # seconds between two looks at the event loop
LONGEST_LAG = 0.05  # seconds that a command may wait for its turn

Way = Callable[[Desk, Sequence[int]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Fanout:
    """One way to tell many channels the same: how many were told, and what it took.

    `lag` is how long 99 of 100 tiny coroutines waited at most for their turn meanwhile, in seconds.
    """

    name: str
    channels: int
    told: int
    seconds: float
    global_429: int
    lag: float

    @property
    def share(self) -> float:
        """Of the best that the limit allows."""
        return self.told / LIMIT / self.seconds

    @property
    def is_good(self) -> bool:
        is_complete = self.told == self.channels and not self.global_429
        return is_complete and self.share >= ENOUGH and self.lag <= LONGEST_LAG


def measure_announcing(folder: Path, channels: int) -> list[Fanout]:
    """The announcer, and `gather` for fewer channels; `folder` must be empty."""
    return [
        asyncio.run(_measure(folder / "announcer", "the announcer", _announce, channels)),
        asyncio.run(_measure(folder / "gather", "asyncio.gather", _gather, AT_ONCE)),
    ]


async def _measure(path: Path, name: str, way: Way, channels: int) -> Fanout:
    ids = range(1, channels + 1)
    with LoopbackDiscord(ids, Limits(LIMIT)) as server:
        async with desk_at(path, server.url, _clock) as desk:
            desk.join(ids)
            await desk.follow(ids)
            await desk.tell()
            await asyncio.sleep(1)  # what logging in took from the limit is over
            lags: list[float] = []
            watching = asyncio.create_task(watch(lags))
            begun = perf_counter()
            await way(desk, ids)
            seconds = perf_counter() - begun
            watching.cancel()
        counts = server.counts
        assert all(len(server.messages(id)) <= 1 for id in ids)
    return Fanout(name, channels, counts.made, seconds, counts.global_429, slowest(lags))


async def _announce(desk: Desk, _: Sequence[int]) -> None:
    await desk.announcer().drain()


async def _gather(desk: Desk, ids: Sequence[int]) -> None:
    sends = (
        desk.get_partial_messageable(id).send(view=notice(Markup("There will be no more")))
        for id in ids
    )
    await asyncio.gather(*sends, return_exceptions=True)


async def watch(lags: list[float]) -> None:
    while True:
        begun = perf_counter()
        await asyncio.sleep(BEAT)
        lags.append(perf_counter() - begun - BEAT)


def slowest(lags: Sequence[float]) -> float:
    return quantiles(lags, n=100)[-1]


def _clock() -> int:
    return int(utcnow().timestamp())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.announcing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that it all runs")
    channels = QUICK if parser.parse_args().quick else FULL
    with TemporaryDirectory() as name:
        print_announcing(measure_announcing(Path(name), channels))


def print_announcing(fanouts: Sequence[Fanout]) -> None:
    lag = f"{LONGEST_LAG * 1000:.0f}"
    print(f"\nTelling channels, where Discord allows {LIMIT} requests a second (goal: at least")
    print(f"{ENOUGH} of that, each told, no global 429, a lag of at most {lag} ms).\n")
    head = ("told", "seconds", "of the limit", "global 429", "lag (ms)", "goal")
    print(f"{'':<24}", *(f"{cell:>13}" for cell in head))
    for fanout in fanouts:
        cells = (
            f"{fanout.told:,}/{fanout.channels:,}",
            f"{fanout.seconds:.1f}",
            f"{fanout.share:.2f}",
            f"{fanout.global_429:,}",
            f"{fanout.lag * 1000:.1f}",
            "met" if fanout.is_good else "missed",
        )
        print(f"{fanout.name:<24}", *(f"{cell:>13}" for cell in cells))


if __name__ == "__main__":
    main()
