"""Headlines: what happened to which season, without a word that anybody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.news.wording import KIND_WORDS, what_of
from data.news_kinds import RUMOUR

if TYPE_CHECKING:
    import datetime as dt

    from data.news.status import News
    from data.news_kinds import Confidence, NewsKind


RUMOURED = "it is said that {claim}"


def headline_of(
    kind: NewsKind, season: int | None, confidence: Confidence, when: dt.date | None = None
) -> str:
    """What happened, in our own words: a site's headline could tell of the plot."""
    words = KIND_WORDS[kind]
    claim = words.claim
    if when is not None and words.claim_with_day is not None:
        claim = words.claim_with_day
    elif season is None:
        claim = words.claim_without_season or claim
    said = claim.format(what=what_of(season), day=when)
    if confidence == RUMOUR:
        said = RUMOURED.format(claim=said)
    return said[0].upper() + said[1:]


def says_more(news: News, state: str) -> bool:
    """Whether the headline says more than the sentence beside it on how the show stands."""
    headline = news.headline.rstrip(".").casefold()
    own = headline_of(news.kind, news.season, news.confidence).casefold()
    return headline != own and headline not in state.casefold()
