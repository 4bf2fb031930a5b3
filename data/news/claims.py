"""Claims: what a source was confirmed to say, as news, and whether others have said as much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.citations import Citation
from data.news.status import News, in_order
from data.news_kinds import BY_NAME, COMING, ENDED, MADE, OUT, OVER, SAME_AS, Kinds

if TYPE_CHECKING:
    from datetime import date

    from data.news.confirmation import Claim


# How sources tell that a show is over that have one word for ended and for cancelled.
ENDED_AT: Mapping[str, str] = MappingProxyType(
    {"tvmaze": "{source} lists the show as ended; there that means ended or cancelled"}
)


def news_of_claim(name: str, title: str, url: str, claim: Claim, first_on: date) -> News:
    """A confirmed claim as news of the source `name`, which people know as `title`.

    Its id holds all that it says but a premiere's day, so that another day is a correction.
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
    """Whether news that a source found are not announced, given all news of the show.

    They are not if a person or another source said the same before, or if a person entered the
    contrary for that day or a later one.
    """
    sure = [one for one in in_order(news) if not one.is_rumour]
    if any(_denies(one, found) and one.date >= found.date for one in sure):
        return True
    others = [one for one in sure if one.found_by != found.found_by]
    ends = _since(sure, COMING, OVER)
    if found.kind in OVER:
        return any(_says_it_is_over(one, found) for one in others if one in ends)
    if found.kind not in MADE:
        return any(one in ends for one in others) or bool(_about(others, found))
    if found.kind in OUT:
        return any(_says_as_much(one, found) for one in _about(sure, found))
    standing = _since(sure, OVER, MADE)
    return any(_says_as_much(one, found) for one in _about(others, found) if one in standing)


def _headline(name: str, claim: Claim) -> str:
    kind = BY_NAME[claim.kind]
    plain = kind.source_headline
    if plain is None:
        raise ValueError(claim.kind)
    if claim.kind == ENDED:
        return ENDED_AT.get(name, plain)
    return plain if claim.day is None else kind.source_headline_with_day or plain


def _denies(one: News, found: News) -> bool:
    """Whether a person entered the contrary."""
    if one.found_by is not None:
        return False
    if found.kind in COMING:
        return one.kind in OVER
    return found.kind in OVER and one.kind in COMING


def _says_it_is_over(one: News, found: News) -> bool:
    """Whether it says at least as much; "cancelled" says more than a source's "ended"."""
    return found.kind in {one.kind, ENDED} or one.found_by is None


def _says_as_much(one: News, found: News) -> bool:
    is_later = (one.season or 0) > (found.season or 0)
    return one.kind in (MADE if is_later else SAME_AS[found.kind])


def _since(news: Sequence[News], turn: Kinds, kinds: Kinds) -> list[News]:
    """The news of these kinds that follow the last news of a kind in `turn`."""
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
