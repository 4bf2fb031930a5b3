"""The time zones that members choose from, found by city, country or UTC offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from bot.parties.cities import (
    only_zone_of_city,
    zones_of_cities_begun,
    zones_of_cities_near,
    zones_of_city,
)
from bot.readers.name_search import Names, Part, fold

ZONE_LABEL = "{zone} · {time}"
UTC = "UTC"

# The zones of most people, from west to east; no two have the same time all year.
COMMON_ZONES = (
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Halifax",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "Europe/Athens",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Jakarta",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])(\d{1,2})(?::?([0-5]\d))?")
_UTCS = ("utc", "gmt")


@cache
def all_zones() -> tuple[str, ...]:
    """The IANA names to choose from, sorted, and UTC at the end."""
    named = {zone for _, zone in _places()} & available_timezones()
    return (*sorted(named), UTC)


def common_zones(now: int) -> tuple[tuple[str, str], ...]:
    """The 24 common zones as (label, name), from west to east at `now` (UTC epoch seconds)."""
    return tuple(
        _labelled(zone, now) for zone in sorted(COMMON_ZONES, key=lambda z: _offset(z, now))
    )


def complete_zone(typed: str, now: int, limit: int = 25) -> tuple[tuple[str, str], ...]:
    """Completes a city, a country, "CET" or "utc+5:45" to zones as (label with the time, name).

    `now` is in UTC epoch seconds. Common zones come first; without text only they are returned.
    """
    wanted = " ".join(typed.casefold().replace("\u2212", "-").replace("_", " ").split())
    if not wanted:
        found = [zone for _, zone in common_zones(now)]
    elif wanted in _UTCS:
        found = [UTC]
    elif match := _OFFSET.fullmatch(wanted):
        found = _at_offset(match, now)
    else:
        found = _named(wanted, now)
    return tuple(_labelled(zone, now) for zone in islice(dict.fromkeys(found), limit))


def resolve_zone(typed: str) -> str | None:
    """The zone with the typed name, or of a typed city or country that belongs to one zone only.

    None for everything else: a part of a name, a typo, a UTC offset, or letters like "CET".
    """
    wanted = fold(typed)
    if wanted in _UTCS:
        return UTC
    if exact := _exact().get(typed.strip().replace(" ", "_").casefold()):
        return exact
    found = _names().complete(wanted, len(all_zones())) if wanted else []
    owners = {zone for _, zone in found}
    if any(_is_called(name, wanted) for name, _ in found):
        return owners.pop() if len(owners) == 1 else None
    return only_zone_of_city(typed)


def _is_called(name: str, wanted: str) -> bool:
    """Whether a name is, as a whole or by its place, what somebody wants."""
    return wanted in {fold(name), fold(name.rsplit("/", maxsplit=1)[-1])}


@cache
def _exact() -> dict[str, str]:
    """The zones by all their names, old ones too; "EST" and the like are not included."""
    named = {name.casefold(): name for name in available_timezones() if "/" in name}
    return named | {old.casefold(): zone for old, zone in _former() if zone in all_zones()}


def _at_offset(match: re.Match[str], now: int) -> list[str]:
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    wanted = -ahead if match[1] == "-" else ahead
    return [zone for zone in _common_first() if _offset(zone, now) == wanted]


def _named(wanted: str, now: int) -> list[str]:
    year = _local(UTC, now).year
    short = [zone for zone in _common_first() if wanted in _short_names(zone, year)]
    names = _names()
    begun = names.complete(wanted, len(all_zones()))
    begun.sort(key=lambda named: named[1] not in COMMON_ZONES)
    exact = [zone for name, zone in begun if _is_called(name, fold(wanted))]
    cities = [*zones_of_city(wanted), *(zone for _, zone in begun), *zones_of_cities_begun(wanted)]
    return [*short, *exact, *cities] or names.find(wanted) or zones_of_cities_near(wanted)


def _common_first() -> list[str]:
    return [*COMMON_ZONES, *(zone for zone in all_zones() if zone not in COMMON_ZONES)]


@cache
def _names() -> Names[str]:
    """The zones by their names, their former names and their countries."""
    countries = {code: name for code, name, *_ in _table("iso3166.tab")}
    places = [(zone.replace("_", " "), zone) for zone in all_zones()]
    former = [(old.replace("_", " "), zone) for old, zone in _former() if zone in all_zones()]
    countrywide = [(countries[code], zone) for code, zone in _places()]
    return Names([Part([*places, *former, *countrywide])])


def _former() -> Iterator[tuple[str, str]]:
    """Former names, like Asia/Calcutta and US/Eastern, each with the current name."""
    for line in _lines("tzdata.zi"):
        if line.startswith("L ") and "/" in (old := line.split()[2]) and old not in all_zones():
            yield old, line.split()[1]


def _places() -> Iterator[tuple[str, str]]:
    """All zones, each with the code of its country."""
    return ((code, zone) for code, _, zone, *_ in _table("zone.tab"))


def _table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(name)]


def _lines(name: str) -> list[str]:
    text = files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@cache
def _short_names(zone: str, year: int) -> frozenset[str]:
    """The short names of winter and summer, like CET and CEST."""
    days = (datetime(year, month, 1, tzinfo=_zone(zone)) for month in (1, 7))
    names = (day.tzname() or "" for day in days)
    return frozenset(name.casefold() for name in names if name.isalpha())


# The standard library caches only the last few zones.
@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local(zone: str, now: int) -> datetime:
    return datetime.fromtimestamp(now, _zone(zone))


def _offset(zone: str, now: int) -> timedelta:
    return _local(zone, now).utcoffset() or timedelta()


def _labelled(zone: str, now: int) -> tuple[str, str]:
    return ZONE_LABEL.format(zone=zone.replace("_", " "), time=f"{_local(zone, now):%H:%M}"), zone
