"""Reading: what can be taken out of other people's JSON, whatever stands where it should be."""

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

NO_SEASON = "none of the seasons it lists can be read"

LONGEST_LINE = 100
LARGEST = 2**53  # what JSON's own numbers can tell apart
LAST_SEASON = 9999
# Nearer to the ends of the calendar nobody could reckon with it: a day more, and Python raises.
FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(DAY.pattern + r"[Tt ][0-9:.]{5,15}(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})")
IMDB = re.compile(r"tt[0-9]{5,12}")
# Controls, direction marks, zero-width and private characters, halves of letters, nothing at all.
INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs"}
JOINERS = "\u200c\u200d"  # some scripts need them, and so do emoji
NOTHING: Mapping[str, object] = MappingProxyType({})

T = TypeVar("T")


def table(value: object) -> Mapping[str, object]:
    """The object that this is, or one without anything in it."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else NOTHING


def rows(value: object) -> Sequence[object]:
    """The list that this is, or an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def whole(value: object, least: int = 1, most: int = LARGEST) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if least <= value <= most else None


def line(value: object) -> str | None:
    """A name as one line of at most 100 characters, all of which show; markup stays in it."""
    if not isinstance(value, str):
        return None
    composed = unicodedata.normalize("NFC", " ".join(value[: LONGEST_LINE * 10].split()))
    shown = "".join(filter(_shows, composed))
    return clip(" ".join(shown.split()), LONGEST_LINE) or None


def day(value: object) -> date | None:
    """None also for a day that there is not."""
    if not (isinstance(value, str) and DAY.fullmatch(value)):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def moment(value: object) -> int | None:
    """An RFC 3339 moment in UTC epoch seconds; None where its distance from UTC is not given."""
    if not (isinstance(value, str) and MOMENT.fullmatch(value)):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return ceil(found.timestamp())


def imdb(value: object) -> str | None:
    return value if isinstance(value, str) and IMDB.fullmatch(value) else None


def stage(value: object, stages: Mapping[str, Stage]) -> Stage | None:
    """What a source's own word for it, in lower case, is in ours."""
    return stages.get(value.strip().casefold()) if isinstance(value, str) else None


def seasons(listed: object, number: str, premiere: str, end: str) -> tuple[ListedSeason, ...]:
    """Those that can be read, by number, each once; the names are those of the source's fields.

    Raises `SourceError` where there are some and none can be read: then the format has changed.
    """
    given = [table(row) for row in rows(listed)]
    found: dict[int, ListedSeason] = {}
    for row in given:
        season = whole(row.get(number), least=0, most=LAST_SEASON)
        # A stub without a day says "renewed", so a day that cannot be read must not make one.
        if season is not None and all(_is_day(row.get(name)) for name in (premiere, end)):
            found.setdefault(
                season, ListedSeason(season, day(row.get(premiere)), day(row.get(end)))
            )
    if given and not found:
        raise SourceError(NO_SEASON)
    return tuple(found[season] for season in sorted(found))


@dataclass(frozen=True, slots=True)
class Hit:
    """A show that a source found by its name."""

    id: int
    titles: tuple[str | None, ...]
    premiered: date | None
    networks: tuple[str | None, ...] = ()


def only_one(show: Show, hits: Iterable[Hit]) -> int | None:
    """The id of the one hit that can be meant: names repeat, so year and network must agree."""
    ids = {hit.id for hit in hits if _can_be_meant(show, hit)}
    return ids.pop() if len(ids) == 1 else None


def _can_be_meant(show: Show, hit: Hit) -> bool:
    if show.premiered is None or hit.premiered is None:
        return False
    names = {_folded(name) for name in (show.title, *show.aliases)}
    networks = {name.casefold() for name in hit.networks if name}
    return (
        show.premiered.year == hit.premiered.year
        and any(_folded(title) in names for title in hit.titles if title and _folded(title))
        and (not show.network or not networks or show.network.casefold() in networks)
    )


def _folded(title: str) -> str:
    """Its letters and digits alone: accents, marks and the spelling of "and" differ."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("&", "and"))
    return "".join(filter(str.isalnum, plain))


def _shows(char: str) -> bool:
    return char in JOINERS or unicodedata.category(char) not in INVISIBLE


def _is_day(value: object) -> bool:
    """Whether it is a day, or says that there is none."""
    return value in (None, "") or day(value) is not None
