"""A catalogue that answers as a test says, and a world that polls it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.news.poller import Poller
from bot.sources import NotListedError, Source, SourceError
from data.catalog.listing import ListedSeason, Listing, Stage
from data.news.sightings import Sightings
from data.news.status import News
from data.news.store import NewsStore
from data.points import DAY, day_of
from data.storage.database import Database
from data.story.show import Show

NOW = 1_628_000_000  # 2021-08-03
TODAY = day_of(NOW)
OUT = (ListedSeason(1, date(2020, 1, 1)),)
STUB = (*OUT, ListedSeason(2))
PREMIERE = TODAY + timedelta(days=60)
DATED = (*OUT, ListedSeason(2, PREMIERE))


class Catalogue(Source):
    """A source that says what a test has it say, and counts what it is asked."""

    name = "tvmaze"
    title = "TVmaze"
    credit = "Data from a test"

    def __init__(self) -> None:
        self.listings: dict[int, Listing] = {}
        self.ids: dict[str, int] = {}
        self.touched: set[int] | None = set()
        self.is_down = False
        self.faults: dict[int, Exception] = {}
        self.away: list[int] = []
        self.asked_for: list[int] = []
        self.sought: list[str] = []
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def changed(self, away: int) -> frozenset[int] | None:
        self.away.append(away)
        self.is_asked.set()
        await self.may_answer.wait()
        if self.is_down:
            raise SourceError("it answers with a page of HTML")
        return None if self.touched is None else frozenset(self.touched)

    async def get(self, id: int) -> Listing:
        self.asked_for.append(id)
        if self.is_down:
            raise SourceError("it does not answer")
        if id in self.faults:
            raise self.faults[id]
        if id not in self.listings:
            raise NotListedError("no such show")
        return self.listings[id]

    async def find(self, show: Show) -> int | None:
        self.sought.append(show.slug)
        if self.is_down:
            raise SourceError("it does not answer")
        return show.tvmaze or self.ids.get(show.slug)

    async def close(self) -> None: ...


class Other(Catalogue):
    name = "tmdb"
    title = "TMDB"


def show(number: int) -> Show:
    return Show(f"show-{number}", f"Show {number}", None, None, "A premise", (), has_story=False)


@dataclass
class World:
    """One source, real stores, and a clock that a test moves."""

    db: Database
    source: Catalogue
    sightings: Sightings
    news_store: NewsStore
    now: int = NOW
    shows: list[Show] = field(default_factory=list)
    more: Sequence[Source] = ()
    told: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        sources = [self.source, *self.more]
        self.poller = Poller(
            sources, self.sightings, self.news_store, self.followed, lambda: self.now, self.tell
        )

    async def followed(self) -> list[Show]:
        return self.shows

    def tell(self) -> None:
        self.told += 1

    def follow(self, *numbers: int) -> None:
        """Follow shows that the source lists as running, with season 1 out."""
        for number in numbers:
            self.shows.append(show(number))
            self.source.ids[f"show-{number}"] = number
            self.say(number, "running", OUT)

    def say(self, number: int, stage: Stage, seasons: tuple[ListedSeason, ...]) -> None:
        """Have the source say it of a show, and that it changed."""
        page = f"https://www.tvmaze.com/shows/{number}"
        self.source.listings[number] = Listing(
            number, f"Show {number}", page, stage, date(2020, 1, 1), None, None, seasons
        )
        if self.source.touched is not None:
            self.source.touched.add(number)

    async def poll(self, after: int = 0) -> list[int]:
        """Poll once, so many seconds later; returns the ids that were fetched."""
        self.now += after
        self.source.asked_for.clear()
        await self.poller.poll()
        if self.source.touched is not None:
            self.source.touched.clear()
        return [*self.source.asked_for]

    async def settle(self) -> None:
        """Poll until what the source says is what later polls are compared to."""
        await self.poll()
        await self.poll(after=DAY)

    def news(self, number: int = 1) -> list[News]:
        return [*self.news_store.list(f"show-{number}")]

    def headlines(self, number: int = 1) -> list[str]:
        return [one.headline for one in self.news(number)]
