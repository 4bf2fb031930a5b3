"""Headlines: what happened to which season, without a word that anybody typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from data.points import SPECIALS

if TYPE_CHECKING:
    import datetime as dt

    from data.news.status import Confidence, News
    from data.packs.tables import NewsKind


SEASON, SPECIAL_EPISODES, NEW_SEASON = "season {season}", "a special", "a new season"

# Put so that they can follow "that", and tell nothing but what the other cards tell too.
CLAIMS: Mapping[NewsKind, str] = MappingProxyType(
    {
        "premiered": "{what} premiered",
        "undecided": "it is undecided whether {what} will be made",
        "renewed": "{what} is ordered",
        "window": "it is known roughly when {what} will come",
        "dated": "it is known when {what} will come",
        "released": "{what} came out",
        "final": "{what} will be the last",
        "cancelled": "{what} will not be made",
        "ended": "the show is over",
        "revived": "the show was over, and {what} will come after all",
    }
)
WITHOUT_SEASON: Mapping[NewsKind, str] = MappingProxyType(
    {
        "premiered": "the show premiered",
        "final": "the next season will be the last",
        "cancelled": "no new season will be made",
    }
)
ON_A_DAY = "{what} will come on {day}"
RUMOURED = "it is said that {claim}"


def headline_of(
    kind: NewsKind, season: int | None, confidence: Confidence, when: dt.date | None = None
) -> str:
    """What happened, in our own words: nobody's headline, which could tell of the plot."""
    claim = CLAIMS[kind]
    if when is not None and kind == "dated":
        claim = ON_A_DAY
    elif season is None:
        claim = WITHOUT_SEASON.get(kind, claim)
    said = claim.format(what=what_of(season), day=when)
    if confidence == "rumour":
        said = RUMOURED.format(claim=said)
    return said[0].upper() + said[1:]


def says_more(news: News, state: str) -> bool:
    """Whether their headline says more than the sentence beside it on how the show stands."""
    headline = news.headline.rstrip(".").casefold()
    own = headline_of(news.kind, news.season, news.confidence).casefold()
    return headline != own and headline not in state.casefold()


def what_of(season: int | None, otherwise: str = NEW_SEASON) -> str:
    if season is None:
        return otherwise
    return SPECIAL_EPISODES if season == SPECIALS else SEASON.format(season=season)
