"""The show itself: what everybody may know of it, however far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Show:
    """What everybody may know of a show."""

    slug: str
    title: str
    network: str | None
    premiered: date | None
    premise: str
    aliases: tuple[str, ...]
    has_story: bool
    tvmaze: int | None = None
    tmdb: int | None = None
    is_imported: bool = False  # as a catalogue lists it, reviewed by nobody
    thetvdb: int | None = None
    imdb: str | None = None

    @property
    def ids(self) -> Mapping[str, str]:
        """The show's id at each service that is known to list it, by the service's name."""
        listed = {
            "tvmaze": self.tvmaze,
            "tmdb": self.tmdb,
            "thetvdb": self.thetvdb,
            "imdb": self.imdb,
        }
        return {service: str(id) for service, id in listed.items() if id is not None}
