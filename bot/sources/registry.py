"""The sources: which there are, which the settings name, and how each wants to be named."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.config import Config
from bot.sources import Source
from bot.sources.http import Fetcher
from bot.sources.tmdb import TMDB, URL
from bot.sources.tvmaze import TVmaze
from bot.ui.text import say

KNOWN: dict[str, type[Source]] = {source.name: source for source in (TVmaze, TMDB)}
CREDIT = "-# {credit}"


def title_of(name: str | None) -> str:
    """A source as people read it, by the name that is stored."""
    source = KNOWN.get(name or "")
    return source.title if source else name or ""


def credits_of(names: Collection[str | None]) -> Iterator[str]:
    """A small line for each of these sources: what it wants to be said wherever it is cited."""
    for source in KNOWN.values():
        if source.name in names:
            yield say(CREDIT, credit=source.credit)


def catalog_among(sources: Collection[Source]) -> TVmaze | None:
    """The one of them that shows are brought from: there is one pace for all it is asked."""
    return next((source for source in sources if isinstance(source, TVmaze)), None)


def sources_of(config: Config) -> list[Source]:
    """New clients that connect at their first question; whoever has them closes them."""
    sources = list[Source]()
    if config.tvmaze_url is not None:
        sources.append(TVmaze(Fetcher(config.tvmaze_url, contact=config.contact)))
    if config.tmdb_token is not None:
        headers = {"Authorization": f"Bearer {config.tmdb_token}"}
        sources.append(TMDB(Fetcher(URL, contact=config.contact, headers=headers)))
    return sources
