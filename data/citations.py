"""Citations: the source of a fact or of a piece of news."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A source; only the name of the site while the page spoils more than the reader may know."""

    site: str
    title: str | None = None
    url: str | None = None
