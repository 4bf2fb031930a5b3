"""A source that a fact or a piece of news names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something is known from; only the site's name while the page spoils too much."""

    site: str
    title: str | None = None
    url: str | None = None
