"""Listings: a show as a catalogue lists it, with its state, seasons and episodes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListedEpisode(Row):
    """An episode; if it has no season or number, or `is_special`, its date decides its place.

    `airs` is the moment in UTC epoch seconds, never earlier than `aired` begins anywhere on earth;
    `aired` is the day in the place where it is shown.

    `is_minor`: a special outside the story, such as a weekly after-show.

    `is_gone`: the catalogue no longer lists it, but it was out, so a member may have a point there.
    """

    id: int
    season: int | None = None
    number: int | None = None
    is_special: bool = False
    title: str | None = None
    aired: date | None = None
    airs: int | None = None
    runtime: int | None = None  # minutes
    summary: str | None = None
    is_gone: bool = False
    is_minor: bool = False

    @property
    def key(self) -> str:
        """Its permanent id in our packs."""
        return f"e{self.id}"


Stage = Literal["running", "undecided", "ended", "cancelled", "planned"]  # the bot's own words


@dataclass(frozen=True, slots=True)
class ListedSeason:
    number: int
    premiere: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists of one show; nothing of its plot."""

    id: int
    title: str
    url: str  # its page, for people
    stage: Stage | None  # None: a status that we do not know
    premiered: date | None
    network: str | None  # network or web channel
    imdb: str | None
    seasons: tuple[ListedSeason, ...]  # by number
    thetvdb: int | None = None
