"""The tables of a pack, the one file with everything about a show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import ceil
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from data.news_kinds import ENDED, OUT, PROMISED, Confidence, NewsKind
from data.packs.fields import (
    At,
    Id,
    ImdbId,
    Known,
    Line,
    Moment,
    Name,
    NewsId,
    Recap,
    Slug,
    Text,
    Url,
)
from data.points import Order, Slot

CatalogueId = Annotated[int, Field(ge=1, le=2**53)]
Status = Literal["alive", "dead", "missing", "captive", "jailed", "fugitive", "unknown"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _CheckedTable(_Table):
    # Words that the linter would refuse here; the author gives a reason in a comment.
    allow: tuple[Name, ...] = ()


class _CitingTable(_CheckedTable):
    source: tuple[str, ...] = ()


class ShowTable(_CheckedTable):
    slug: Slug
    title: Name
    network: Name | None = None
    premiered: dt.date | None = None
    premise: Text
    aliases: tuple[Name, ...] = ()
    tvmaze: CatalogueId | None = None
    tmdb: CatalogueId | None = None
    thetvdb: CatalogueId | None = None
    imdb: ImdbId | None = None
    poster: Url | None = None


class SourceTable(_CheckedTable):
    title: Line
    url: Url
    outlet: Name | None = None
    date: dt.date | None = None
    through: Known | None = None

    @property
    def site(self) -> str:
        """Whose page it is, which everybody may read: its outlet, else the name of the site."""
        return self.outlet or (urlsplit(self.url).hostname or "").removeprefix("www.")


class BeatTable(_CitingTable):
    text: Text
    minute: Annotated[int, Field(ge=0, le=999)] | None = None


class EpisodeTable(_CitingTable):
    id: Id
    at: At
    title: Name | None = None
    title_known: Known | None = None
    aired: dt.date | None = None
    airs: Moment | None = None
    runtime: Annotated[int, Field(ge=1, le=999)] | None = None
    teaser: Text | None = None
    teaser_known: Known | None = None
    recap: Recap | None = None
    beat: tuple[BeatTable, ...] = ()


class AliasTable(_CitingTable):
    name: Name
    known: Known
    now: bool = False


class FactTable(_CitingTable):
    kind: Literal["status", "role", "relation", "event"]
    known: Known
    text: Text
    status: Status | None = None
    with_: Annotated[Id | None, Field(alias="with")] = None
    until: Known | None = None
    by: bool = False  # known from then on, and happened at a point before that nobody can name


class CharacterTable(_CitingTable):
    id: Id
    name: Name
    actor: Name | None = None
    actor_known: Known | None = None
    known: Known
    role: Line | None = None
    alias: tuple[AliasTable, ...] = ()
    fact: tuple[FactTable, ...] = ()


class QuestionTable(_CitingTable):
    text: Text
    known: Known


class TermTable(_CitingTable):
    name: Name
    text: Text
    known: Known


class NewsTable(_CitingTable):
    id: NewsId
    date: dt.date
    kind: NewsKind
    season: Annotated[int, Field(ge=0, le=9999)] | None = None
    confidence: Confidence
    headline: Line


class Pack(_Table):
    """One show, whole: spoilers included. Stays inside `data/`."""

    format: Literal[1]
    show: ShowTable
    source: dict[str, SourceTable] = {}
    episode: tuple[EpisodeTable, ...] = ()
    character: tuple[CharacterTable, ...] = ()
    question: tuple[QuestionTable, ...] = ()
    theory: tuple[QuestionTable, ...] = ()
    term: tuple[TermTable, ...] = ()
    news: tuple[NewsTable, ...] = ()

    def order(self) -> Order:
        """The order of points, which is the order of the episodes in the file."""
        return Order(self.slots(), is_over=self.is_over)

    def slots(self) -> Iterator[Slot]:
        """The slots of the episodes, in the order of the file."""
        for episode in self.episode:
            season, number = episode.at[1:].split("E")
            yield Slot(episode.id, int(season), int(number), episode.aired, _seconds(episode.airs))

    @property
    def is_over(self) -> bool | None:
        """True if the newest of its news about that say that the show has ended; else None."""
        decisive = sorted(
            (one for one in self.news if one.kind in _ABOUT_ENDING), key=lambda one: one.date
        )
        return True if decisive and decisive[-1].kind == ENDED else None


_ABOUT_ENDING = PROMISED | OUT | {ENDED}


def _seconds(moment: dt.datetime | None) -> int | None:
    """A moment in UTC epoch seconds, rounded up."""
    return None if moment is None else ceil(moment.timestamp())
