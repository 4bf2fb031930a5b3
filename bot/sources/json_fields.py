"""JSON fields: reads values from a site's JSON, and skips values of the wrong kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from types import MappingProxyType
from typing import TypeVar, cast

from bot.sources import SourceError
from bot.ui.text import clip
from data.catalog.listing import ListedSeason, Stage
from data.story.show import Show

SEASONS_UNREADABLE = "none of the seasons it lists can be read"

LONGEST_LINE_READ = 100
LARGEST_INTEGER = 2**53  # the largest that a JSON number holds exactly
HIGHEST_SEASON_READ = 9999
# Far from the ends of Python's calendar, where adding a day raises an error.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT_PATTERN = re.compile(
    DAY_PATTERN.pattern + r"[Tt ][0-9:.]{5,15}(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
IMDB_ID = re.compile(r"tt[0-9]{5,12}")
# Unicode categories: controls, direction marks, zero-width and private characters, surrogates,
# and code points that are not assigned.
INVISIBLE_CATEGORIES = {"Cc", "Cf", "Co", "Cn", "Cs"}
JOINERS = "\u200c\u200d"  # some scripts need them, and so do emoji
EMPTY_OBJECT: Mapping[str, object] = MappingProxyType({})

T = TypeVar("T")


def table(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty object."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else EMPTY_OBJECT


def rows(value: object) -> Sequence[object]:
    """The value if it is a list, else an empty list."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def whole(value: object, least: int = 1, most: int = LARGEST_INTEGER) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if least <= value <= most else None


def line(value: object) -> str | None:
    """A name as one line of at most 100 visible characters; markup in it stays."""
    if not isinstance(value, str):
        return None
    composed = unicodedata.normalize("NFC", " ".join(value[: LONGEST_LINE_READ * 10].split()))
    shown = "".join(filter(_shows, composed))
    return clip(" ".join(shown.split()), LONGEST_LINE_READ) or None


def day(value: object) -> date | None:
    """A day; None also for a date that does not exist."""
    if not (isinstance(value, str) and DAY_PATTERN.fullmatch(value)):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None


def moment(value: object) -> int | None:
    """An RFC 3339 moment in UTC epoch seconds; None if it has no time zone."""
    if not (isinstance(value, str) and MOMENT_PATTERN.fullmatch(value)):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is None or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return None
    return ceil(found.timestamp())


def imdb(value: object) -> str | None:
    return value if isinstance(value, str) and IMDB_ID.fullmatch(value) else None


def stage(value: object, stages: Mapping[str, Stage]) -> Stage | None:
    """The stage for a source's own word; `stages` has those words in lower case."""
    return stages.get(value.strip().casefold()) if isinstance(value, str) else None


def seasons(listed: object, number: str, premiere: str, end: str) -> tuple[ListedSeason, ...]:
    """The readable seasons by number, each once; the parameters are names of the source's fields.

    Raises `SourceError` if seasons are listed but none is readable: then the format has changed.
    """
    given = [table(row) for row in rows(listed)]
    found: dict[int, ListedSeason] = {}
    for row in given:
        season = whole(row.get(number), least=0, most=HIGHEST_SEASON_READ)
        # A season without a day means "renewed", so one with an unreadable day is left out.
        if season is not None and all(_is_day(row.get(name)) for name in (premiere, end)):
            found.setdefault(
                season, ListedSeason(season, day(row.get(premiere)), day(row.get(end)))
            )
    if given and not found:
        raise SourceError(SEASONS_UNREADABLE)
    return tuple(found[season] for season in sorted(found))


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A show that a source found by name."""

    id: int
    titles: tuple[str | None, ...]
    premiered: date | None
    networks: tuple[str | None, ...] = ()


def only_one(show: Show, hits: Iterable[SearchHit]) -> int | None:
    """The id of the only hit that matches; year and network must match too, as names repeat."""
    ids = {hit.id for hit in hits if _can_be_meant(show, hit)}
    return ids.pop() if len(ids) == 1 else None


def _can_be_meant(show: Show, hit: SearchHit) -> bool:
    if show.premiered is None or hit.premiered is None:
        return False
    names = {_normalized_title(name) for name in (show.title, *show.aliases)}
    networks = {name.casefold() for name in hit.networks if name}
    return (
        show.premiered.year == hit.premiered.year
        and any(
            _normalized_title(title) in names
            for title in hit.titles
            if title and _normalized_title(title)
        )
        and (not show.network or not networks or show.network.casefold() in networks)
    )


def _normalized_title(title: str) -> str:
    """The letters and digits of a title, without accents and marks; "and" has one spelling."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("&", "and"))
    return "".join(filter(str.isalnum, plain))


def _shows(char: str) -> bool:
    return char in JOINERS or unicodedata.category(char) not in INVISIBLE_CATEGORIES


def _is_day(value: object) -> bool:
    """Whether the value is a day, or empty."""
    return value in (None, "") or day(value) is not None
