"""TVmaze: the source without a key; a listed season without a date means a renewal."""

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
    SearchHit,
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
from data.points import DAY, MONTH, WEEK, day_of
from data.story.show import Show

TVMAZE_NOT_THE_SHOW = "the answer is not the show that was asked for"
TVMAZE_WITHOUT_SEASONS = "the show is answered without its seasons"
TVMAZE_NOT_UPDATES = "the answer is not a map of changes"
TVMAZE_NOT_A_SEARCH = "the answer is not a list of shows"

# Its cache and the bot's cache may each give an answer that is an hour old.
OVERLAP_SECONDS = timedelta(hours=2).total_seconds()

# All values in the recorded answers; "Ended" means ended or cancelled.
TVMAZE_STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "running": "running",
        "to be determined": "undecided",
        "ended": "ended",
        "in development": "planned",
    }
)
TVMAZE_PAGE = re.compile(
    r"https?://(?:www\.)?tvmaze\.com(/shows/([1-9][0-9]*)(?:/[a-z0-9-]{0,100})?)"
)
TVMAZE_SITE = "https://www.tvmaze.com"
TVMAZE_ID = re.compile(r"[1-9][0-9]{0,14}")
MOST_FOUND = 10  # shows in one search


class TVmaze(Source):
    name: ClassVar[str] = "tvmaze"
    title: ClassVar[str] = "TVmaze"
    credit: ClassVar[str] = "Data from TVmaze.com, CC BY-SA"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def changed(self, away: int) -> frozenset[int] | None:
        """As `Source.changed`; edits of casts count too, and after a month some are missing."""
        # A negative time means that the clock was set back, so the real time is unknown.
        spent = (MONTH if away < 0 else away) + OVERLAP_SECONDS
        since = "day" if spent <= DAY else "week" if spent <= WEEK else "month"
        answer = await self._fetcher.get("updates/shows", {"since": since})
        return changes(answer, spent, self._fetcher.now())

    async def get(self, id: int) -> Listing:
        answer = await self._fetcher.get(
            f"shows/{id}", {"embed": "seasons"}, missing=NotListedError
        )
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(TVMAZE_NOT_THE_SHOW)
        # Without seasons, a renewed show would look undecided.
        if listed.premiered and not isinstance(_embedded(answer), list):
            raise SourceError(TVMAZE_WITHOUT_SEASONS)
        return listed

    async def find(self, show: Show) -> int | None:
        if show.tvmaze is not None:
            return show.tvmaze
        return only_one(show, hits(await self._fetcher.get("search/shows", {"q": show.title})))

    async def search(self, title: str) -> tuple[Candidate, ...]:
        """The ten shows that match a title best, the best first. Raises `SourceError`."""
        answer = await self._fetcher.get("search/shows", {"q": title})
        return tuple(islice(candidates(answer), MOST_FOUND))

    async def entry(self, id: int) -> Entry:
        """A whole show without guests, from two requests: all of it or nothing.

        Raises `NotListedError`, and `SourceError` for other failures.
        """
        answer = await self._fetcher.get(f"shows/{id}", {"embed": "cast"}, missing=NotListedError)
        episodes = await self._fetcher.get(f"shows/{id}/episodes", {"specials": "1"})
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(TVMAZE_NOT_THE_SHOW)
        today = day_of(int(self._fetcher.now()))
        # Read in a thread, as a long show would block the event loop.
        return await asyncio.to_thread(entry_of, listed, answer, episodes, today)

    async def guests(self, ids: Iterable[int]) -> Mapping[int, tuple[Role, ...]]:
        """The guests of these episodes by episode id, with one request each: all or nothing.

        An episode that is no longer listed has none. Raises `SourceError`.
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
    """The ids in its map that changed in the last `spent` seconds, or at an unknown time.

    Raises `SourceError` if the map holds no id.
    """
    whens = {
        int(key): whole(when) for key, when in table(answer).items() if TVMAZE_ID.fullmatch(key)
    }
    # PHP writes an empty map as an empty list.
    if not whens and answer not in ({}, []):
        raise SourceError(TVMAZE_NOT_UPDATES)
    # Something changes every few minutes, so the newest change shows if the bot's clock is ahead.
    newest = min(max(filter(None, whens.values()), default=now), now)
    return frozenset(id for id, when in whens.items() if when is None or when >= newest - spent)


def listing(answer: object) -> Listing:
    """The listing in an answer, with its embedded seasons.

    Raises `SourceError` if it is not a show or no season is readable.
    """
    show = table(answer)
    id, title = whole(show.get("id")), line(show.get("name"))
    # Answers about episodes and people have a name too.
    if id is None or title is None or "status" not in show:
        raise SourceError(TVMAZE_NOT_THE_SHOW)
    externals = table(show.get("externals"))
    return Listing(
        id=id,
        title=title,
        url=_page(show.get("url"), id),
        stage=stage(show.get("status"), TVMAZE_STAGES),
        premiered=day(show.get("premiered")),
        network=next(filter(None, _networks(show)), None),
        imdb=imdb(externals.get("imdb")),
        thetvdb=whole(externals.get("thetvdb")),
        seasons=seasons(_embedded(answer), "number", "premiereDate", "endDate"),
    )


def candidates(answer: object) -> Iterator[Candidate]:
    """As `hits`, with details by which people can distinguish them."""
    for show in _found(answer):
        id, title = whole(show.get("id")), line(show.get("name"))
        if id is not None and title is not None:
            network = next(filter(None, _networks(show)), None)
            url = _page(show.get("url"), id)
            yield Candidate(id, title, day(show.get("premiered")), network, url)


def hits(answer: object) -> Iterator[SearchHit]:
    """The readable shows in an answer to a search. Raises `SourceError` if it is no such answer."""
    for show in _found(answer):
        id = whole(show.get("id"))
        if id is not None:
            yield SearchHit(
                id, (line(show.get("name")),), day(show.get("premiered")), _networks(show)
            )


def _found(answer: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(answer, list):
        raise SourceError(TVMAZE_NOT_A_SEARCH)
    for row in rows(cast("object", answer)):
        yield table(table(row).get("show"))


def _embedded(answer: object) -> object:
    return table(table(answer).get("_embedded")).get("seasons")


def _networks(show: Mapping[str, object]) -> tuple[str | None, ...]:
    return tuple(line(table(show.get(kind)).get("name")) for kind in ("network", "webChannel"))


def _page(url: object, id: int) -> str:
    """The page of the show at TVmaze; an address that leads elsewhere is not used."""
    page = TVMAZE_PAGE.fullmatch(url) if isinstance(url, str) else None
    return f"{TVMAZE_SITE}{page[1]}" if page and page[2] == str(id) else f"{TVMAZE_SITE}/shows/{id}"
