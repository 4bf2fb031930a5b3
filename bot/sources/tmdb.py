"""TMDB: a second opinion for those who have a key to it, and the one that can say "cancelled"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from data.catalog.listing import Listing, Stage
from data.story.show import Show

URL = "https://api.themoviedb.org/3"

NO_SHOW = "the answer is not the show that was asked for"
NO_SEASONS = "the show is answered without its seasons"
NO_HITS = "the answer is not a list of shows"

# "Returning Series" is every show from its first to its last episode, renewed or not.
STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "returning series": "running",
        "planned": "planned",
        "in production": "planned",
        "pilot": "planned",
        "ended": "ended",
        "canceled": "cancelled",
        "cancelled": "cancelled",
    }
)
PAGE = "https://www.themoviedb.org/tv/{id}"


class TMDB(Source):
    name: ClassVar[str] = "tmdb"
    title: ClassVar[str] = "TMDB"
    credit: ClassVar[str] = (
        "This product uses the TMDB API but is not endorsed or certified by TMDB."
    )

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def changed(self, away: int) -> frozenset[int] | None:
        """None: its list of changes comes in pages of a hundred, and goes back 14 days only."""
        return None

    async def get(self, id: int) -> Listing:
        query = {"append_to_response": "external_ids"}
        answer = await self._fetcher.get(f"tv/{id}", query, missing=NotListedError)
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(NO_SHOW)
        if listed.premiered and not isinstance(table(answer).get("seasons"), list):
            raise SourceError(NO_SEASONS)
        return listed

    async def find(self, show: Show) -> int | None:
        if show.tmdb is not None:
            return show.tmdb
        if show.premiered is None:
            return None
        query = {"query": show.title, "first_air_date_year": str(show.premiered.year)}
        return only_one(show, hits(await self._fetcher.get("search/tv", query)))

    async def close(self) -> None:
        await self._fetcher.close()


def listing(answer: object) -> Listing:
    """A show as it answers for one.

    Raises `SourceError` where it is no show, or no season of it can be read.
    """
    show = table(answer)
    id, title = whole(show.get("id")), line(show.get("name"))
    # An episode and a person have a name too.
    if id is None or title is None or "status" not in show:
        raise SourceError(NO_SHOW)
    networks = [line(table(row).get("name")) for row in rows(show.get("networks"))]
    return Listing(
        id=id,
        title=title,
        url=PAGE.format(id=id),
        stage=stage(show.get("status"), STAGES),
        premiered=day(show.get("first_air_date")),
        network=next(filter(None, networks), None),
        imdb=imdb(table(show.get("external_ids")).get("imdb_id")),
        seasons=seasons(show.get("seasons"), "season_number", "air_date", "end_date"),
    )


def hits(answer: object) -> Iterator[Hit]:
    """The shows in an answer to a search; what cannot be read is left out.

    Raises `SourceError` where it is no such answer.
    """
    results = table(answer).get("results")
    if not isinstance(results, list):
        raise SourceError(NO_HITS)
    for row in rows(cast("object", results)):
        show = table(row)
        id = whole(show.get("id"))
        if id is not None:
            titles = line(show.get("name")), line(show.get("original_name"))
            yield Hit(id, titles, day(show.get("first_air_date")))
