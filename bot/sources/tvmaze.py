"""TVmaze: the source that needs no key, and whose season stubs are the sign of a renewal."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from types import MappingProxyType
from typing import ClassVar, cast

from bot.sources import NotListedError, Source, SourceError
from bot.sources.http import Fetcher
from bot.sources.json_fields import (
    Hit,
    day,
    imdb,
    line,
    only_one,
    rows,
    seasons,
    stage,
    table,
    whole,
)
from bot.sources.tvmaze_catalog import Candidate, entry_of, roles_of
from data.catalog.entry import Entry, Role
from data.catalog.listing import Listing, Stage
from data.points import day_of
from data.story.show import Show

NO_SHOW = "the answer is not the show that was asked for"
NO_SEASONS = "the show is answered without its seasons"
NO_UPDATES = "the answer is not a map of changes"
NO_HITS = "the answer is not a list of shows"

DAY, WEEK, MONTH = (timedelta(days=days).total_seconds() for days in (1, 7, 30))
# Its own cache and ours may each give an answer of an hour ago.
OVERLAP = timedelta(hours=2).total_seconds()

# There are no others in any recording; "Ended" is ended or cancelled.
STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "running": "running",
        "to be determined": "undecided",
        "ended": "ended",
        "in development": "planned",
    }
)
PAGE = re.compile(r"https?://(?:www\.)?tvmaze\.com(/shows/([1-9][0-9]*)(?:/[a-z0-9-]{0,100})?)")
SITE = "https://www.tvmaze.com"
ID = re.compile(r"[1-9][0-9]{0,14}")
MOST_FOUND = 10  # shows in one search


class TVmaze(Source):
    name: ClassVar[str] = "tvmaze"
    title: ClassVar[str] = "TVmaze"
    credit: ClassVar[str] = "Data from TVmaze.com, CC BY-SA"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def changed(self, away: int) -> frozenset[int] | None:
        """Also what changed by no more than an edit of its cast; after a month away, not all."""
        # Where the clock was set back, nobody knows how long it was.
        spent = (MONTH if away < 0 else away) + OVERLAP
        since = "day" if spent <= DAY else "week" if spent <= WEEK else "month"
        answer = await self._fetcher.get("updates/shows", {"since": since})
        return changes(answer, spent, self._fetcher.now())

    async def get(self, id: int) -> Listing:
        answer = await self._fetcher.get(
            f"shows/{id}", {"embed": "seasons"}, missing=NotListedError
        )
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(NO_SHOW)
        # Without them a show that was renewed would look undecided.
        if listed.premiered and not isinstance(_embedded(answer), list):
            raise SourceError(NO_SEASONS)
        return listed

    async def find(self, show: Show) -> int | None:
        if show.tvmaze is not None:
            return show.tvmaze
        return only_one(show, hits(await self._fetcher.get("search/shows", {"q": show.title})))

    async def search(self, title: str) -> tuple[Candidate, ...]:
        """The ten shows that come closest to a title, best first. Raises `SourceError`."""
        answer = await self._fetcher.get("search/shows", {"q": title})
        return tuple(islice(candidates(answer), MOST_FOUND))

    async def entry(self, id: int) -> Entry:
        """A whole show but for its guests, in two questions: all of it or nothing.

        Raises `NotListedError`, and `SourceError` for the rest.
        """
        answer = await self._fetcher.get(f"shows/{id}", {"embed": "cast"}, missing=NotListedError)
        episodes = await self._fetcher.get(f"shows/{id}/episodes", {"specials": "1"})
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(NO_SHOW)
        today = day_of(int(self._fetcher.now()))
        # A long show is read for so long that others would have to wait.
        return await asyncio.to_thread(entry_of, listed, answer, episodes, today)

    async def guests(self, ids: Iterable[int]) -> Mapping[int, tuple[Role, ...]]:
        """The guests of these episodes, by their ids, in a question each: of all or of none.

        Raises `SourceError`; one that is gone has none.
        """
        found: dict[int, tuple[Role, ...]] = {}
        for id in ids:
            try:
                answer = await self._fetcher.get(f"episodes/{id}/guestcast", missing=NotListedError)
            except NotListedError:
                continue
            found[id] = roles_of(answer)
        return found

    async def close(self) -> None:
        await self._fetcher.close()


def changes(answer: object, spent: float, now: float) -> frozenset[int]:
    """The ids in its map that changed in the last `spent` seconds, or nobody knows when.

    Raises `SourceError` where the map holds no id.
    """
    whens = {int(key): whole(when) for key, when in table(answer).items() if ID.fullmatch(key)}
    # An empty map may come as an empty list, as PHP writes it.
    if not whens and answer not in ({}, []):
        raise SourceError(NO_UPDATES)
    # Something changes every few minutes: where our clock is ahead, the newest says so.
    newest = min(max(filter(None, whens.values()), default=now), now)
    return frozenset(id for id, when in whens.items() if when is None or when >= newest - spent)


def listing(answer: object) -> Listing:
    """A show as it answers for one, with its seasons where they are embedded.

    Raises `SourceError` where it is no show, or no season of it can be read.
    """
    show = table(answer)
    id, title = whole(show.get("id")), line(show.get("name"))
    # An episode and a person have a name too.
    if id is None or title is None or "status" not in show:
        raise SourceError(NO_SHOW)
    externals = table(show.get("externals"))
    return Listing(
        id=id,
        title=title,
        url=_page(show.get("url"), id),
        stage=stage(show.get("status"), STAGES),
        premiered=day(show.get("premiered")),
        network=next(filter(None, _networks(show)), None),
        imdb=imdb(externals.get("imdb")),
        thetvdb=whole(externals.get("thetvdb")),
        seasons=seasons(_embedded(answer), "number", "premiereDate", "endDate"),
    )


def candidates(answer: object) -> Iterator[Candidate]:
    """As `hits`, with what tells them apart for a person."""
    for show in _found(answer):
        id, title = whole(show.get("id")), line(show.get("name"))
        if id is not None and title is not None:
            network = next(filter(None, _networks(show)), None)
            url = _page(show.get("url"), id)
            yield Candidate(id, title, day(show.get("premiered")), network, url)


def hits(answer: object) -> Iterator[Hit]:
    """The shows in an answer to a search; what cannot be read is left out.

    Raises `SourceError` where it is no such answer.
    """
    for show in _found(answer):
        id = whole(show.get("id"))
        if id is not None:
            yield Hit(id, (line(show.get("name")),), day(show.get("premiered")), _networks(show))


def _found(answer: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(answer, list):
        raise SourceError(NO_HITS)
    for row in rows(cast("object", answer)):
        yield table(table(row).get("show"))


def _embedded(answer: object) -> object:
    return table(table(answer).get("_embedded")).get("seasons")


def _networks(show: Mapping[str, object]) -> tuple[str | None, ...]:
    return tuple(line(table(show.get(kind)).get("name")) for kind in ("network", "webChannel"))


def _page(url: object, id: int) -> str:
    """The show's own page; an address that leads elsewhere is not shown to anybody."""
    page = PAGE.fullmatch(url) if isinstance(url, str) else None
    return f"{SITE}{page[1]}" if page and page[2] == str(id) else f"{SITE}/shows/{id}"
