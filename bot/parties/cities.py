"""Cities, the largest first, by the names that people type for them, with their time zones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.readers.name_search import Names, Part, fold


def zones_of_city(typed: str) -> list[str]:
    """The zones of all cities with that name: first those that call themselves so."""
    return [zone for part in _parts() for zone in part.owners(part.wholes.get(fold(typed), ()))]


def only_zone_of_city(typed: str) -> str | None:
    """The zone of the cities that call themselves so; None if one with that name has another."""
    own = _parts()[0].wholes.get(fold(typed))
    zones = set(zones_of_city(typed))
    return zones.pop() if own and len(zones) == 1 else None


def zones_of_cities_begun(typed: str) -> list[str]:
    """The zones of all cities with a name in which a word begins like that."""
    everything = sum(len(part.named) for part in _parts())
    return [zone for _, zone in _names().complete(typed, everything)]


def zones_of_cities_near(typed: str) -> list[str]:
    """The zones of the cities with the names that come closest, if close enough."""
    return _names().find(typed)


@cache
def _names() -> Names[str]:
    return Names(_parts())


@cache
def _parts() -> tuple[Part[str], Part[str]]:
    """The cities' own names, and their other names."""
    text = files("bot.parties").joinpath("cities.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    own = [(name, zone) for zone, name, *_ in lines]
    others = [(other, zone) for zone, _, *names in lines for other in names]
    return Part(own), Part(others)
