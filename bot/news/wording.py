"""The words for each kind of news: what happened, how it stands, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.sources.registry import title_of
from bot.ui.text import Markup, say
from data.news_kinds import RUMOUR, Confidence
from data.points import SPECIALS

if TYPE_CHECKING:
    from data.news.status import News


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words for one kind of news; `{what}` is the season.

    `event` names it, also where somebody chooses a kind. `state` says how the show stands. `claim`
    is what our own headline says: it can follow "that", and tells nothing that `state` does not.
    `claim_without_season` is for news that name no season, `claim_with_day` for those with the day
    on which the season begins. `listed_state` is the state where a source reported it by itself.
    """

    event: str
    state: str
    claim: str
    claim_without_season: str | None = None
    claim_with_day: str | None = None
    listed_state: str | None = None


KIND_WORDS: Mapping[str, KindWords] = MappingProxyType(
    {
        "premiered": KindWords(
            event="Premiered",
            state="Premiered: {what} is out.",
            claim="{what} premiered",
            claim_without_season="the show premiered",
        ),
        "undecided": KindWords(
            event="Undecided",
            state="Undecided: {what} is neither ordered nor ruled out.",
            claim="it is undecided whether {what} will be made",
        ),
        "renewed": KindWords(
            event="Renewed", state="Renewed: {what} is ordered.", claim="{what} is ordered"
        ),
        "window": KindWords(
            event="Window announced",
            state="Window announced: it is known roughly when {what} comes, but not the day.",
            claim="it is known roughly when {what} will come",
        ),
        "dated": KindWords(
            event="Date announced",
            state="Dated: it is known on which day {what} comes.",
            claim="it is known when {what} will come",
            claim_with_day="{what} will come on {day}",
        ),
        "released": KindWords(
            event="Released", state="Released: {what} is out.", claim="{what} came out"
        ),
        "final": KindWords(
            event="Final season announced",
            state="Final season announced: {what} will be the last.",
            claim="{what} will be the last",
            claim_without_season="the next season will be the last",
        ),
        "cancelled": KindWords(
            event="Cancelled",
            state="Cancelled: {what} will not be made.",
            claim="{what} will not be made",
            claim_without_season="no new season will be made",
        ),
        "ended": KindWords(
            event="Ended",
            state="Ended: the show is over.",
            claim="the show is over",
            listed_state="Ended or cancelled: the show is over, and it is not said which.",
        ),
        "revived": KindWords(
            event="Revived",
            state="Revived: the show was over, and {what} comes after all.",
            claim="the show was over, and {what} will come after all",
        ),
    }
)
EVENT_OF = "{event}, {what}"
SEASON_NUMBERED, SPECIAL_EPISODES, NEW_SEASON = "season {season}", "a special", "a new season"
CONFIDENCE_WORDS: Mapping[Confidence, str] = {
    RUMOUR: "Only a rumour",
    "reported": "Reported, though not confirmed",
    "confirmed": "Confirmed",
}
REPORTED_BY = "Reported by {source}, though not confirmed"


def confidence_of(news: News) -> Markup:
    """How sure it is, and which source of show data says so by itself, if one does."""
    if news.found_by is None:
        return Markup(CONFIDENCE_WORDS[news.confidence])
    return Markup(say(REPORTED_BY, source=title_of(news.found_by)))


def state_of(news: News) -> str:
    """How the next season stands by these news, in a sentence."""
    words = KIND_WORDS[news.kind]
    listed = words.listed_state if news.found_by is not None else None
    return say(listed or words.state, what=what_of(news.season))


def event_of(news: News) -> str:
    """What happened, in a word or two, and to which season."""
    event = KIND_WORDS[news.kind].event
    if news.season is None:
        return event
    return EVENT_OF.format(event=event, what=what_of(news.season))


def what_of(season: int | None, otherwise: str = NEW_SEASON) -> str:
    """The season in words, or what stands for it where there is none."""
    if season is None:
        return otherwise
    return SPECIAL_EPISODES if season == SPECIALS else SEASON_NUMBERED.format(season=season)
