"""Reads a day and a time of day from everyday words, without guessing."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dateutil import parser

from bot.parties.clock_times import (
    DAY_MINUTES,
    HOUR_MINUTES,
    LATE_PARTS,
    NOON_MINUTES,
    UNREADABLE_TIME,
    MomentError,
    clock_in,
    cut_out,
    time_of_day,
    written_time,
)

NO_TIME_OF_DAY = "At what time of day? Write it too, like `fri 20:30` or `24 Dec 8pm`."
WRONG_DAY = "That date is on another day of the week. Write only one of them, like `24 Dec 20:00`."
ZONE_NOT_NEEDED = "I read times in your own time zone. Leave the zone out, like `fri 20:30`."
USE_WEEKLY_OPTION = (
    "For every week, choose `weekly:` and write only the first time here, like `fri 20:00`."
)
ONE_OR_SEVERAL = (
    "Write one day and one time, or “or” between several, like `fri 20:00 or sat 20:00`."
)
DAY_OR_TIME = "Is that a day or a time? Write a time like `20:10`, and a day like `24 Dec 20:00`."
AHEAD_OR_AT = "Is that from now on, or on the clock? Write it like `in 2 hours` or like `02:00`."

WEEK_DAYS = 7  # days
MOST_YEARS_AWAY = 1000  # Python's dates end at the years 1 and 9999
DAYS_WITH_EVERY_NUMBER = 31 + 31 + 31  # a 31st is followed by another one after 62 days at most
LEAP_YEAR_DISTANCE = 8  # between two leap days at most

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONES = re.compile(
    r"\b(?:utc|gmt|[ecmp][sd]?t|[cemw]es?t|bst|msk|[ijkn]st|a[ecw][sd]?t|ak[sd]t|nz[sd]t|hst|sast"
    r"|sgt|hkt|pkt|brt|wib|eastern|central|mountain|pacific|(?!this|that|same)[a-z]{3,} time)\b"
)
_WEEKLY = re.compile(r"\b(?:every|each|weekly|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b")
_NUMBERS = {"a": 1.0, "an": 1.0, "half an": 0.5}
_AHEAD = {"tomorrow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2}
# The times that are offered for "tonight" without a time.
_TONIGHT = tuple(hour * HOUR_MINUTES for hour in (19, 20, 21, 22))

_LENGTH = re.compile(
    r"(?:and )?(\d{1,6}(?:\.\d{1,2})?|(?:half an|an?)(?= ho| mi))"
    r" ?(h|m)(?:ours?|rs?|in(?:ute)?s?)?\b ?"
)
_AND_A_HALF = re.compile(
    r"\b(?:(\d{1,4}|an) (?:hour|hr)s? and a half|(\d{1,4}) and a half (?:hour|hr)s?)\b"
)
# Some people write 20:30 like this, and others a length of time.
_WITH_H = re.compile(r"(?P<hour>\d{1,2}) ?h(?:\d\d)?")
_DAY = re.compile(
    r"\b(?:(?:the )?(?P<named>today|tonight|tomorrow|tmrw|tmr|day after tomorrow"
    r"|this(?= (?:morning|afternoon|evening)\b))"
    r"|in (?P<count>\d{1,4}|an?) (?P<unit>day|week)s?"
    r"|(?:(?:on|this|coming|(?P<next>next)) )*(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?"
    r"|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?))\b"
)
_PART = re.compile(r"\b(?:in the )?(?P<part>morning|afternoon|evening|night)\b")
_BARE = re.compile(r"(?P<hour>\d{1,2})(?:\.(?P<minute>\d\d))?")
_DAY_OR_TIME = re.compile(r"(?:0?[1-9]|1\d|2[0-3])\.(?:0[1-9]|1[0-2])")
_EDGES = re.compile(r"^(?:(?:at|on)\b ?)+|(?: ?\b(?:at|on))+$")
_ORDINAL = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)")
_YEAR_FIRST = re.compile(r"\d{4}[-/.]|\d{8}$")

# The days of one reading, in order; the first one that is not over is meant.
Days = Sequence[date]


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """What a text says: each of `readings` at each of `minutes` may be meant.

    `minutes` count from the day's midnight and may reach into the next day. `weekday` (0 is Monday)
    was written beside a date. `has_day` is False if only a time was written, `has_time` is False
    if only an evening was. `may_be_last_nights` is True for 25:30 without a date: before dawn some
    people count it from the day before.
    """

    minutes: tuple[int, ...]
    readings: tuple[Days, ...]
    weekday: int | None
    has_day: bool
    has_time: bool = True
    may_be_last_nights: bool = False


class _Words(NamedTuple):
    """The words for a day, for a part of the day and for a time; "" for each that is missing."""

    day: str
    part: str
    time: str


class _Calendar(parser.parserinfo):
    """Accepts names of months and separators, and refuses all other words."""

    JUMP = [*" .,-/", "of", "the", "st", "nd", "rd", "th"]  # noqa: RUF012 - as its base
    WEEKDAYS = []  # noqa: RUF012 - as its base
    HMS = []  # noqa: RUF012 - as its base
    AMPM = []  # noqa: RUF012 - as its base
    UTCZONE = []  # noqa: RUF012 - as its base


_PLAIN = parser.parser(_Calendar())
_ORDERS = (
    _PLAIN,
    parser.parser(_Calendar(dayfirst=True)),
    parser.parser(_Calendar(yearfirst=True)),
)
# A field that is the same with both defaults was written; one that differs was left out.
_BASES = datetime(2000, 1, 1), datetime(2004, 3, 2, 1, 1, 1, 1)  # noqa: DTZ001 - no zone is meant


def parse_duration(text: str) -> int | None:
    """The seconds of a text like "in 2 hours" or "1h 30m"; None if it is no length of time.

    Raises `MomentError` if the text may also be a time of day.
    """
    text = _AND_A_HALF.sub(_with_half, text)
    if either := _WITH_H.fullmatch(text):
        hour = either["hour"]
        if NOON_MINUTES < int(hour) * HOUR_MINUTES < DAY_MINUTES or hour.startswith("0"):
            return None
        raise MomentError(AHEAD_OR_AT)
    text = text.removeprefix("in ").removesuffix(" from now")
    text = re.sub(r"h(\d\d)$", r"h \1m", text)
    found = _LENGTH.findall(text)
    if not found or _LENGTH.sub("", text) or len({unit for _, unit in found}) < len(found):
        return None
    minutes = [
        (_NUMBERS.get(n) or float(n)) * (HOUR_MINUTES if unit == "h" else 1) for n, unit in found
    ]
    return round(sum(minutes) * 60)


def _with_half(match: re.Match[str]) -> str:
    return f"{(match[1] or match[2]).replace('an', '1')}.5 hours"


def complete_alternatives(texts: Sequence[str]) -> list[str]:
    """The alternatives, each with the day or the time that only one of them names for all."""
    words = [_words(text) for text in texts]
    dated = [place for place, one in enumerate(words) if one.day]
    timed = [place for place, one in enumerate(words) if one.time]
    if len(timed) == len(words) and len(dated) == 1 and _is_for_all(dated[0], texts, words):
        source = words[dated[0]]
    elif len(dated) == len(words) and len(timed) == 1:
        source = words[timed[0]]
    else:
        return list(texts)
    return [
        text
        if one.day and one.time
        else " ".join(filter(None, (own or other for own, other in zip(one, source, strict=True))))
        for text, one in zip(texts, words, strict=True)
    ]


def _is_for_all(place: int, texts: Sequence[str], words: Sequence[_Words]) -> bool:
    """Whether the day is for all: in "fri 8 or 9" and "8 or 9 fri", but not in "8pm or fri 9pm"."""
    text, one = texts[place], words[place]
    return place == 0 or (place == len(texts) - 1 and text.endswith(one.day))


def _words(text: str) -> _Words:
    rest, clock = clock_in(text)
    rest, day = cut_out(_DAY, rest)
    rest, part = cut_out(_PART, rest)
    rest = _EDGES.sub("", rest).strip()
    time = clock[0] if clock else ""
    if clock is None and _BARE.fullmatch(rest):
        rest, time = "", rest
    named = " ".join(filter(None, (day[0] if day else "", rest)))
    return _Words(named, part[0] if part else "", time)


def parse_phrase(text: str, today: date) -> SpokenTime:
    """Reads a text in lower case on the day `today`. Raises `MomentError` for unusable text."""
    rest, said = clock_in(text)
    _refuse(text, rest)
    clock = time_of_day(said) if said else None
    rest, day = cut_out(_DAY, rest)
    rest, part_said = cut_out(_PART, rest)
    rest = _EDGES.sub("", rest).strip()
    part = part_said["part"] if part_said else None
    if day and day["named"] == "tonight":
        part = "night"
    has_day = bool(day or rest)
    if clock is None and (day or part) and (bare := _BARE.fullmatch(rest)):
        rest, clock = "", written_time(bare["hour"], bare["minute"])
    readings = tuple(_readings(day, rest, today))
    if clock is None:
        if day and day["named"] in {"tonight", "this"} and part in LATE_PARTS:
            return SpokenTime(_TONIGHT, readings, None, has_day=True, has_time=False)
        raise MomentError(NO_TIME_OF_DAY if has_day or part else UNREADABLE_TIME)
    weekday = _WEEKDAYS.index(day["weekday"][:3]) if day and day["weekday"] and rest else None
    minutes = clock.minutes(part, has_day=has_day)
    is_today = not has_day or (day is not None and day["named"] in {"today", "tonight"})
    is_late = is_today and clock.hour * HOUR_MINUTES >= DAY_MINUTES
    return SpokenTime(minutes, readings, weekday, has_day, may_be_last_nights=is_late)


def _refuse(text: str, rest: str) -> None:
    """Raises `MomentError` for known mistakes; `rest` is the text without its time of day."""
    if _WEEKLY.search(text):
        raise MomentError(USE_WEEKLY_OPTION)
    if _ZONES.search(rest):
        raise MomentError(ZONE_NOT_NEEDED)
    if len(_DAY.findall(text)) > 1:
        raise MomentError(ONE_OR_SEVERAL)
    if _DAY_OR_TIME.fullmatch(text):
        raise MomentError(DAY_OR_TIME)


def _readings(day: re.Match[str] | None, rest: str, today: date) -> Iterator[Days]:
    """The days that may be meant. Raises `MomentError` for a text that is no date."""
    if rest and (day is None or day["weekday"]):
        yield from dict.fromkeys(_dates(rest, today))
    elif rest:
        raise MomentError(UNREADABLE_TIME)
    elif day is None:
        yield today, today + timedelta(1)
    elif weekday := day["weekday"]:
        ahead = (_WEEKDAYS.index(weekday[:3]) - today.weekday()) % WEEK_DAYS
        yield from _next(today, ahead or WEEK_DAYS) if day["next"] else [_both(today, ahead)]
    else:
        count = int(_NUMBERS.get(day["count"]) or day["count"]) if day["count"] else 0
        weeks = WEEK_DAYS if day["unit"] == "week" else 1
        yield (today + timedelta(_AHEAD.get(day["named"], count * weeks)),)


def _both(today: date, ahead: int) -> Days:
    return today + timedelta(ahead), today + timedelta(ahead + WEEK_DAYS)


def _next(today: date, ahead: int) -> Iterator[Days]:
    """What "next friday" may mean: the coming Friday, and the one after it.

    The second one only while the coming one is in this week, whether weeks begin on Monday or on
    Sunday.
    """
    coming, after = _both(today, ahead)
    yield (coming,)
    is_this_week = min(today.weekday(), today.isoweekday() % WEEK_DAYS) + ahead < WEEK_DAYS
    if is_this_week:
        yield (after,)


def _dates(text: str, today: date) -> Iterator[Days]:
    """The days of a date, for each order of day, month and year. Raises `MomentError` if none."""
    if ordinal := _ORDINAL.fullmatch(text):
        yield _days_of_months(int(ordinal[1]), today)
        return
    if text.isdecimal() and not _YEAR_FIRST.match(text):
        raise MomentError(UNREADABLE_TIME)
    if re.fullmatch(r"[\d.]+", text):
        text = text.strip(".").replace(".", "/")  # the parser would read dots as a decimal number
    orders = (_PLAIN,) if _YEAR_FIRST.match(text) else _ORDERS
    found = [days for order in orders if (days := _days(text, order, today))]
    if not found:
        raise MomentError(UNREADABLE_TIME)
    yield from found


def _days_of_months(day: int, today: date) -> Days:
    """The next days to come with that number. Raises `MomentError` if no month has it."""
    ahead = (today + timedelta(days) for days in range(DAYS_WITH_EVERY_NUMBER))
    found = tuple(one for one in ahead if one.day == day)
    if not found:
        raise MomentError(UNREADABLE_TIME)
    return found


def _days(text: str, order: parser.parser, today: date) -> Days:
    """The days of a date, one for each year if the year is missing; empty if it is no date."""
    try:
        first, second = (order.parse(text, default=base) for base in _BASES)
    except (ValueError, OverflowError):
        return ()
    is_whole = (first.month, first.day) == (second.month, second.day)
    if (
        not is_whole or first.minute == second.minute
    ):  # the text is no full date, or has a time in it
        return ()
    if first.year == second.year:
        return (first.date(),) if abs(first.year - today.year) < MOST_YEARS_AWAY else ()
    years = range(today.year, today.year + LEAP_YEAR_DISTANCE + 1)
    is_leap_day = (first.month, first.day) == (2, 29)
    return tuple(first.date().replace(year=y) for y in years if isleap(y) or not is_leap_day)
