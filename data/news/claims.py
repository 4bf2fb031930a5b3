"""Claims: what a source was confirmed to say, as news, and whether others have said as much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.citations import Citation
from data.news.status import MADE, NONE, OUT, OVER, Kinds, News, in_order
from data.packs.tables import NewsKind

if TYPE_CHECKING:
    from datetime import date

    from data.news.confirmation import Claim


HEADLINES: Mapping[NewsKind, str] = MappingProxyType(
    {
        "undecided": "{source} lists no decision about season {season}",
        "renewed": "{source} lists season {season}; no day is given",
        "dated": "{source} lists season {season}, to begin on {day}",
        "released": "{source} lists season {season} as out",
        "cancelled": "{source} lists the show as cancelled",
        "ended": "{source} lists the show as ended",
        "revived": "{source} lists season {season}, after it had listed the show as over",
    }
)
REVIVED_FOR = "{source} lists season {season} for {day}, after it had listed the show as over"
# A source that has but one word for both.
ENDED_AT: Mapping[str, str] = MappingProxyType(
    {"tvmaze": "{source} lists the show as ended; there that means ended or cancelled"}
)

COMING: Kinds = MADE - OUT
# For each kind of news the news of that season, or a later one, that leave nothing to tell.
_SAY_AS_MUCH: Mapping[str, Kinds] = MappingProxyType(
    {"renewed": MADE, "revived": MADE, "dated": OUT | {"dated"}, "released": OUT}
)


def news_of_claim(name: str, title: str, url: str, claim: Claim, first_on: date) -> News:
    """A confirmed claim as news of the source `name`, which people know as `title`.

    Its id is made of all it says but the day of a premiere: with another day it is a correction.
    """
    season = "" if claim.season is None else f"-s{claim.season}"
    return News(
        id=f"{name}-{claim.kind}{season}-{first_on}",
        date=first_on,
        kind=claim.kind,
        season=claim.season,
        confidence="reported",
        headline=_headline(name, claim).format(source=title, season=claim.season, day=claim.day),
        citations=(Citation(title, None, url),),
        found_by=name,
    )


def is_silent(found: News, news: Sequence[News]) -> bool:
    """Whether what a source found is not to be told, by all the news there are.

    It is not where people or another source said so before, or where a person entered the contrary
    for that day or a later one.
    """
    sure = [one for one in in_order(news) if not one.is_rumour]
    if any(_denies(one, found) and one.date >= found.date for one in sure):
        return True
    others = [one for one in sure if one.found_by != found.found_by]
    ends = _since(sure, COMING, OVER)
    if found.kind in OVER:
        return any(_says_it_is_over(one, found) for one in others if one in ends)
    if found.kind == "undecided":
        return any(one in ends for one in others) or bool(_about(others, found))
    if found.kind == "released":
        return any(_says_as_much(one, found) for one in _about(sure, found))
    standing = _since(sure, OVER, MADE)
    return any(_says_as_much(one, found) for one in _about(others, found) if one in standing)


def _headline(name: str, claim: Claim) -> str:
    if claim.kind == "ended":
        return ENDED_AT.get(name, HEADLINES["ended"])
    if claim.kind == "revived" and claim.day is not None:
        return REVIVED_FOR
    return HEADLINES[claim.kind]


def _denies(one: News, found: News) -> bool:
    """Whether a person's news are the contrary."""
    if one.found_by is not None:
        return False
    return one.kind in (OVER if found.kind in COMING else COMING if found.kind in OVER else NONE)


def _says_it_is_over(one: News, found: News) -> bool:
    """A source may still tell that it was cancelled where another knows only that it is over."""
    return found.kind in {one.kind, "ended"} or one.found_by is None


def _says_as_much(one: News, found: News) -> bool:
    is_later = (one.season or 0) > (found.season or 0)
    return one.kind in (MADE if is_later else _SAY_AS_MUCH[found.kind])


def _since(news: Sequence[News], turn: Kinds, kinds: Kinds) -> list[News]:
    """Those of some kinds after the last of a kind that turned things."""
    last = max((at for at, one in enumerate(news) if one.kind in turn), default=-1)
    return [one for one in news[last + 1 :] if one.kind in kinds]


def _about(news: Sequence[News], found: News) -> list[News]:
    """Those about its season or a later one.

    What names no season was about the next one when it was told, so it counts until a release.
    """
    last = max((at for at, one in enumerate(news) if one.kind in OUT), default=-1)
    return [
        one
        for at, one in enumerate(news)
        if (at > last if one.season is None else one.season >= (found.season or 0))
    ]
