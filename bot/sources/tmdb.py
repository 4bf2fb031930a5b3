"""TMDB: a second source, which needs a key; only this one can say "cancelled"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from data.catalog.listing import Listing, Stage
from data.story.show import Show

TMDB_API = "https://api.themoviedb.org/3"

TMDB_NOT_THE_SHOW = "the answer is not the show that was asked for"
TMDB_WITHOUT_SEASONS = "the show is answered without its seasons"
TMDB_NOT_A_SEARCH = "the answer is not a list of shows"

# A show is a "Returning Series" from its first to its last episode, renewed or not.
TMDB_STAGES: Mapping[str, Stage] = MappingProxyType(
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
TMDB_PAGE = "https://www.themoviedb.org/tv/{id}"


class TMDB(Source):
    name: ClassVar[str] = "tmdb"
    title: ClassVar[str] = "TMDB"
    credit: ClassVar[str] = (
        "This product uses the TMDB API but is not endorsed or certified by TMDB."
    )

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def changed(self, away: int) -> frozenset[int] | None:
        """Always None: its list of changes has a hundred a page and covers only 14 days."""
        return None

    async def get(self, id: int) -> Listing:
        query = {"append_to_response": "external_ids"}
        answer = await self._fetcher.get(f"tv/{id}", query, missing=NotListedError)
        listed = listing(answer)
        if listed.id != id:
            raise SourceError(TMDB_NOT_THE_SHOW)
        if listed.premiered and not isinstance(table(answer).get("seasons"), list):
            raise SourceError(TMDB_WITHOUT_SEASONS)
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
    """The listing in an answer.

    Raises `SourceError` if it is not a show or no season is readable.
    """
    show = table(answer)
    id, title = whole(show.get("id")), line(show.get("name"))
    # Answers about episodes and people have a name too.
    if id is None or title is None or "status" not in show:
        raise SourceError(TMDB_NOT_THE_SHOW)
    networks = [line(table(row).get("name")) for row in rows(show.get("networks"))]
    return Listing(
        id=id,
        title=title,
        url=TMDB_PAGE.format(id=id),
        stage=stage(show.get("status"), TMDB_STAGES),
        premiered=day(show.get("first_air_date")),
        network=next(filter(None, networks), None),
        imdb=imdb(table(show.get("external_ids")).get("imdb_id")),
        seasons=seasons(show.get("seasons"), "season_number", "air_date", "end_date"),
    )


def hits(answer: object) -> Iterator[SearchHit]:
    """The readable shows in an answer to a search. Raises `SourceError` if it is no such answer."""
    results = table(answer).get("results")
    if not isinstance(results, list):
        raise SourceError(TMDB_NOT_A_SEARCH)
    for row in rows(cast("object", results)):
        show = table(row)
        id = whole(show.get("id"))
        if id is not None:
            titles = line(show.get("name")), line(show.get("original_name"))
            yield SearchHit(id, titles, day(show.get("first_air_date")))
