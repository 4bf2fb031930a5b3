"""Measures what a poll costs by how many shows are followed, and by how many of them changed."""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from bot.news.poller import HOUR, Poller
from bot.sources import Source
from data.catalog.listing import ListedSeason, Listing
from data.news.confirmation import Claim, Confirmation
from data.news.sightings import MONTH, Sighting, Sightings
from data.news.store import NewsStore
from data.news_kinds import RELEASED
from data.storage.database import Database
from data.story.show import Show

MOMENT = 1_628_000_000  # in UTC epoch seconds
CHANGED_IN_A_DAY = 5000  # entries in the map of changes, of which few are followed
MANY = 100  # of those that are followed
FIRST = date(2020, 1, 1)
SETTLED = Confirmation(Claim(RELEASED, 1), FIRST)
# Goal: what following one more show costs a poll, as part of what one more change does.
CHEAP = 0.05


@dataclass(frozen=True, slots=True)
class Poll:
    """Medians in milliseconds: of a poll, and of reading a day's map of changes beside it.

    `fetched` is how many shows were asked for, `calls` how often the source was asked for changes.
    """

    followed: int
    changed: int
    milliseconds: float
    bare: float
    calls: int
    fetched: int

    @property
    def ratio(self) -> float:
        return self.milliseconds / self.bare


@dataclass(frozen=True, slots=True)
class Growth:
    """What one more followed show and one more change add to a poll, in microseconds."""

    followed: float
    changed: float

    @property
    def share(self) -> float:
        return self.followed / self.changed


class Updates(Source):
    """TVmaze without a network: a map of changes as it comes, read as it has to be."""

    name = "tvmaze"
    title = "TVmaze"
    credit = ""

    def __init__(self) -> None:
        self.calls = self.fetched = 0
        self.body = ""

    def change(self, ids: Sequence[int]) -> None:
        """Let these have changed, and else only what nobody follows."""
        others = range(10**6, 10**6 + CHANGED_IN_A_DAY - len(ids))
        self.body = json.dumps({str(id): MOMENT for id in (*ids, *others)})

    def read(self) -> frozenset[int]:
        return frozenset(map(int, json.loads(self.body)))

    async def changed(self, away: int) -> frozenset[int] | None:
        self.calls += 1
        return self.read()

    async def get(self, id: int) -> Listing:
        self.fetched += 1
        page = f"https://www.tvmaze.com/shows/{id}"
        return Listing(id, "", page, "running", FIRST, None, None, (ListedSeason(1, FIRST),))

    async def find(self, show: Show) -> int | None:
        return None

    async def close(self) -> None: ...


@dataclass
class Follower:
    """A poller whose shows have all been looked at, and its clock."""

    followed: int
    source: Updates
    poller: Poller
    clock: list[int]
    times: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    async def poll(self, changed: int) -> None:
        """Poll an hour later, with so many changed, and keep how many nanoseconds it took."""
        self.clock[0] += HOUR
        self.source.change(random.sample(range(1, self.followed + 1), changed))
        self.source.calls = self.source.fetched = 0
        begun = perf_counter_ns()
        await self.poller.poll()
        self.times[changed].append(perf_counter_ns() - begun)
        assert (self.source.calls, self.source.fetched) == (1, changed)


def measure_polls(folder: Path, followed: Sequence[int], rounds: int) -> list[Poll]:
    """Time a poll for each number of followed shows: where none changed, and where many did."""
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_measure(folder, followed, rounds))


def growth(polls: Sequence[Poll]) -> Growth:
    """From the polls for the most shows, and for one."""
    quiet = [poll for poll in polls if poll.changed == 0]
    busiest = max(polls, key=lambda poll: (poll.followed, poll.changed))
    first, last = quiet[0], quiet[-1]
    return Growth(
        1000 * (last.milliseconds - first.milliseconds) / (last.followed - first.followed),
        1000 * (busiest.milliseconds - last.milliseconds) / busiest.changed,
    )


async def _measure(folder: Path, followed: Sequence[int], rounds: int) -> list[Poll]:
    bare = list[int]()
    async with AsyncExitStack() as stack:
        followers = [
            await stack.enter_async_context(_following(folder / f"{number}.sqlite3", number))
            for number in followed
        ]
        cases = [
            (follower, changed)
            for follower in followers
            for changed in (0, MANY)
            if changed <= follower.followed
        ]
        for _ in range(rounds):
            # In an order drawn by lot, so that a slow moment strikes all alike.
            for follower, changed in random.sample(cases, len(cases)):
                await follower.poll(changed)
            bare.append(_time_reading(followers[0].source))
    return [
        Poll(
            follower.followed,
            changed,
            median(follower.times[changed]) / 1e6,
            median(bare) / 1e6,
            calls=1,
            fetched=changed,
        )
        for follower, changed in cases
    ]


def _time_reading(source: Updates) -> int:
    begun = perf_counter_ns()
    source.read()
    return perf_counter_ns() - begun


@asynccontextmanager
async def _following(path: Path, followed: int) -> AsyncIterator[Follower]:
    shows = [
        Show(f"show-{id}", "", None, None, "", (), has_story=False) for id in range(1, followed + 1)
    ]
    db = await Database.open(path, now=MOMENT)
    try:
        sightings, clock, source = await Sightings.open(db), [MOMENT], Updates()
        await sightings.save_many(
            [
                Sighting(show.slug, "tvmaze", id, None, SETTLED, MOMENT, MOMENT + MONTH)
                for id, show in enumerate(shows, 1)
            ]
        )
        news_store = await NewsStore.open(db)

        async def listed() -> Sequence[Show]:
            return shows

        poller = Poller([source], sightings, news_store, listed, lambda: clock[0], lambda: None)
        yield Follower(followed, source, poller, clock)
    finally:
        await db.close()
