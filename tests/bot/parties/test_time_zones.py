"""What bot.parties.time_zones promises: everybody finds their zone and knows it by its time."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.parties.cities import zones_of_cities_begun
from bot.parties.time_zones import (
    COMMON_ZONES,
    all_zones,
    common_zones,
    complete_zone,
    resolve_zone,
)

SUMMER, WINTER = 1_782_900_000, 1_798_800_000  # 1 July 2026 10:00 and 1 January 2027 10:40 in UTC


def names(typed: str, now: int = WINTER, limit: int = 25) -> list[str]:
    return [name for _, name in complete_zone(typed, now, limit)]


def test_every_zone_that_is_offered_exists() -> None:
    assert {*COMMON_ZONES, "UTC"} <= {*all_zones()} <= available_timezones()
    assert all(ZoneInfo(zone) for zone in all_zones())


def test_the_common_ones_are_24_from_west_to_east() -> None:
    assert len(set(COMMON_ZONES)) == len(COMMON_ZONES) == 24
    assert common_zones(WINTER)[0] == ("Pacific/Honolulu · 00:40", "Pacific/Honolulu")
    assert common_zones(WINTER)[-1] == ("Pacific/Auckland · 23:40", "Pacific/Auckland")
    assert complete_zone(" ", WINTER) == common_zones(WINTER)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berlin", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("berln", "Europe/Berlin"),
        ("lond", "Europe/London"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("germany", "Europe/Berlin"),
        ("calcutta", "Asia/Kolkata"),
        ("us/eastern", "America/New_York"),
        ("est", "America/New_York"),
        ("EDT", "America/New_York"),
        ("cet", "Europe/Berlin"),
        ("utc", "UTC"),
        ("utc+1", "Europe/Berlin"),
        ("GMT -5", "America/New_York"),
        ("+5:45", "Asia/Kathmandu"),
        ("utc+0545", "Asia/Kathmandu"),
        ("\u22123:30", "America/St_Johns"),
        ("houston", "America/Chicago"),
        ("houst", "America/Chicago"),
        ("huoston", "America/Chicago"),
        ("munchen", "Europe/Berlin"),
        ("Moskau", "Europe/Moscow"),
        ("birmingham", "Europe/London"),
        ("salvador", "America/Bahia"),
        ("london", "Europe/London"),
        ("york", "Europe/London"),
        ("chenn", "Asia/Kolkata"),
    ],
)
def test_a_zone_is_found_by_what_people_call_it(typed: str, first: str) -> None:
    assert names(typed)[0] == first


LARGEST = [
    line.split("\t")
    for line in Path(__file__).with_name("largest_cities.tsv").read_text("utf-8").splitlines()
]


def test_each_of_the_200_largest_cities_offers_its_zone_first() -> None:
    assert len(LARGEST) == 200
    assert [(city, names(city)[:1]) for city, _ in LARGEST] == [
        (city, [zone]) for city, zone in LARGEST
    ]


def test_each_of_the_200_largest_cities_is_found_before_it_is_typed_out() -> None:
    late = [city for city, zone in LARGEST if zone not in names(city[:-1])]
    assert late == []


def test_cities_of_one_name_are_all_offered_the_largest_first() -> None:
    assert names("birmingham")[:2] == ["Europe/London", "America/Chicago"]
    assert names("hyderabad")[:2] == ["Asia/Kolkata", "Asia/Karachi"]


def test_every_zone_of_a_city_is_one_that_is_offered() -> None:
    assert {*zones_of_cities_begun("")} <= {*all_zones()}


def test_a_distance_from_utc_is_todays() -> None:
    assert "Europe/Berlin" in names("utc+2", SUMMER, 500)
    assert "Europe/Berlin" not in names("utc+2", WINTER, 500)


def test_a_label_tells_the_time_there_now() -> None:
    assert complete_zone("new york", SUMMER) == (("America/New York · 06:00", "America/New_York"),)


def test_no_more_are_offered_than_asked_for_and_none_twice() -> None:
    found = names("america", limit=7)
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize("typed", ["qqqqqq", "utc+99", "utc+1:99", "x" * 500])
def test_nothing_is_found_for_what_is_no_place(typed: str) -> None:
    assert names(typed) == []


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("US/Eastern", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("S\u00e3o Paulo", "America/Sao_Paulo"),
        ("calcutta", "Asia/Kolkata"),
        ("Japan", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
        ("Houston", "America/Chicago"),
        ("xi'an", "Asia/Shanghai"),
    ],
)
def test_a_typed_zone_is_known_by_its_name_or_its_place(typed: str, zone: str) -> None:
    assert resolve_zone(typed) == zone


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "qqqqqq",
            "berln",
            "lond",
            "york",
            "cal",
            "georgia",
            "germany",
            "eastern",
            "east",
        ),
        *("birmingham", "hyderabad", "houst", "canton", "york", "oxford"),
        *("pacific", "samoa", "est", "CET", "utc+2", "+5:45", "Europe", "../etc/passwd", "x" * 500),
    ],
)
def test_what_may_be_another_zone_is_not_guessed(typed: str) -> None:
    assert resolve_zone(typed) is None


def test_every_zone_that_is_offered_is_known_when_it_is_typed() -> None:
    assert all(
        resolve_zone(zone) == resolve_zone(zone.replace("_", " ")) == zone for zone in all_zones()
    )
