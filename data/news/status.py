"""News: how a show's next season stands, since when, and what became of the rumours about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from data.citations import Citation
from data.news_kinds import (
    ABOUT_SHOW,
    CONFIDENCES,
    CONFIRMED_BY,
    KINDS,
    LAST,
    MADE,
    OVER,
    OVERTAKEN_BY,
    PROMISED,
    RUMOUR,
    Confidence,
    NewsKind,
    opposite_of,
)

if TYPE_CHECKING:
    from data.packs.tables import NewsTable, Pack, SourceTable


RumourVerdict = Literal["borne out", "contradicted", "overtaken"]


@dataclass(frozen=True, slots=True)
class News:
    """A dated event in a show's life, fit for everybody's eyes.

    For a rumour, `kind` is what it claims. Where `season` is None it is about the whole show.
    `found_by` names the source of show data that reported it by itself; None: a person entered it.
    """

    id: str
    date: date
    kind: NewsKind
    season: int | None
    confidence: Confidence
    headline: str
    citations: tuple[Citation, ...] = ()
    found_by: str | None = None

    @property
    def is_rumour(self) -> bool:
        return self.confidence == RUMOUR


@dataclass(frozen=True, slots=True)
class SeasonStatus:
    """How the next season stands: the newest news that says so, and the first day it was so."""

    news: News
    since: date


@dataclass(frozen=True, slots=True)
class Fate:
    """Whether a rumour came true, and the news that settled it."""

    verdict: RumourVerdict
    by: News


def news_of(pack: Pack) -> tuple[News, ...]:
    """A pack's news, oldest first, each citing no more than somebody new to the show may see."""
    return in_order(_news(table, pack.source) for table in pack.news)


def in_order(news: Iterable[News]) -> tuple[News, ...]:
    """Sort news, the oldest first; of two with the same id the one given last counts."""
    return tuple(sorted({one.id: one for one in news}.values(), key=_place))


def status_of(news: Iterable[News]) -> SeasonStatus | None:
    """How the next season stands by all that is reported or confirmed; None if nothing is.

    The newest counts, except one about an earlier season than is known of by then: the release
    of season 4 does not undo the order of season 5. What a source reports by itself never undoes
    what a person entered.
    """
    status, latest = None, 0
    for one in in_order(news):
        is_of_the_past = one.season is not None and one.season < latest
        if one.is_rumour or (is_of_the_past and one.kind not in ABOUT_SHOW):
            continue
        if status is not None and _denies(one, status.news):
            continue
        latest = max(latest, one.season or 0)
        status = _continued(status, one)
    return status


def newer_report(news: Iterable[News], status: SeasonStatus | None) -> News | None:
    """The newest report of a source that contradicts what a person entered before, if any."""
    if status is None:
        return None
    since = (one for one in reversed(in_order(news)) if one.date > status.news.date)
    return next((one for one in since if not one.is_rumour and _denies(one, status.news)), None)


def newer_rumour(news: Iterable[News], status: SeasonStatus | None) -> News | None:
    """The newest rumour, if it is newer than what is known for sure and nothing has settled it."""
    given = in_order(news)
    for one in reversed(given):
        if one.is_rumour and (status is None or one.date > status.news.date):
            return one if fate_of(one, given) is None else None
    return None


def fate_of(rumour: News, news: Iterable[News]) -> Fate | None:
    """What became of a rumour by the first sure news since its day; None while it is open."""
    for one in in_order(news):
        if not one.is_rumour and one.date >= rumour.date and (verdict := _verdict(rumour, one)):
            return Fate(verdict, one)
    return None


def _news(table: NewsTable, sources: Mapping[str, SourceTable]) -> News:
    return News(
        id=table.id,
        date=table.date,
        kind=table.kind,
        season=table.season,
        confidence=table.confidence,
        headline=table.headline,
        citations=tuple(dict.fromkeys(_citation(sources[key]) for key in table.source)),
    )


def _citation(source: SourceTable) -> Citation:
    """News are for everybody, so a page that tells of any episode is named by its site alone."""
    if source.through != "premise":
        return Citation(source.site)
    return Citation(source.site, source.title, source.url)


def _place(news: News) -> tuple[date, bool, int, int, int, str]:
    """Of one day, what is about the whole show comes last, and before it the later season."""
    return (
        news.date,
        news.kind in ABOUT_SHOW,
        news.season or 0,
        KINDS.index(news.kind),
        CONFIDENCES.index(news.confidence),
        news.id,
    )


def _continued(status: SeasonStatus | None, news: News) -> SeasonStatus:
    """The status after this news, which may only repeat what was known before."""
    if status is None or (status.news.kind, status.news.season) != (news.kind, news.season):
        return SeasonStatus(news, news.date)
    return replace(status, news=news)


def _denies(found: News, entered: News) -> bool:
    """Whether a source reported the contrary of what a person entered."""
    if found.found_by is None or entered.found_by is not None:
        return False
    if found.date <= entered.date:
        return True
    if entered.kind in OVER:
        return found.kind in MADE
    return entered.kind in PROMISED and found.kind in OVER


def _verdict(rumour: News, news: News) -> RumourVerdict | None:
    """What one piece of sure news says about a rumour, if anything."""
    if rumour.season is not None and news.season is not None:
        if news.season > rumour.season:
            denies = rumour.kind in LAST and news.kind in MADE
            return "contradicted" if denies else None
        if news.season < rumour.season and news.kind not in OVER:
            return None
    if news.kind in CONFIRMED_BY[rumour.kind]:
        return "borne out"
    if news.kind in opposite_of(rumour.kind):
        return "contradicted"
    return "overtaken" if news.kind in OVERTAKEN_BY[rumour.kind] else None
