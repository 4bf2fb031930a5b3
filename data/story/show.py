"""The show itself: what everybody may know about it, at any point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Show:
    """What everybody may know about a show."""

    slug: str
    title: str
    network: str | None
    premiered: date | None
    premise: str
    aliases: tuple[str, ...]
    has_story: bool
    tvmaze: int | None = None
    tmdb: int | None = None
    is_imported: bool = False  # from a catalogue, and reviewed by nobody
    thetvdb: int | None = None
    imdb: str | None = None

    @property
    def ids(self) -> Mapping[str, str]:
        """The show's ids by the name of the service, for the services known to list it."""
        listed = {
            "tvmaze": self.tvmaze,
            "tmdb": self.tmdb,
            "thetvdb": self.thetvdb,
            "imdb": self.imdb,
        }
        return {service: str(id) for service, id in listed.items() if id is not None}
