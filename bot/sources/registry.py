"""The registry of sources: all there are, those that the settings name, and their credits."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.config import Config
from bot.sources import Source
from bot.sources.http import Fetcher
from bot.sources.tmdb import TMDB, TMDB_API
from bot.sources.tvmaze import TVmaze
from bot.ui.text import say

SOURCE_CLASSES: dict[str, type[Source]] = {source.name: source for source in (TVmaze, TMDB)}
CREDIT_LINE = "-# {credit}"


def title_of(name: str | None) -> str:
    """The title of a source, by its stored name."""
    source = SOURCE_CLASSES.get(name or "")
    return source.title if source else name or ""


def credits_of(names: Collection[str | None]) -> Iterator[str]:
    """A small line with the credit of each of these sources."""
    for source in SOURCE_CLASSES.values():
        if source.name in names:
            yield say(CREDIT_LINE, credit=source.credit)


def catalog_among(sources: Collection[Source]) -> TVmaze | None:
    """The source from which shows are imported; one client, so that its rate limit holds."""
    return next((source for source in sources if isinstance(source, TVmaze)), None)


def sources_of(config: Config) -> list[Source]:
    """New clients, which connect at their first request; the caller closes them."""
    sources = list[Source]()
    if config.tvmaze_url is not None:
        sources.append(TVmaze(Fetcher(config.tvmaze_url, contact=config.contact)))
    if config.tmdb_token is not None:
        headers = {"Authorization": f"Bearer {config.tmdb_token}"}
        sources.append(TMDB(Fetcher(TMDB_API, contact=config.contact, headers=headers)))
    return sources
