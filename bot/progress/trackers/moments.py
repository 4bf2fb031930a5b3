"""Moments: whether a date in a cell can be that of something that has happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.clock import now
from bot.progress.trackers.words import NO, flag, folded, number

UNKNOWN_DATE = "unknown"  # what Trakt writes for a watch at an unknown time
# Clocks and spreadsheets that were told nothing begin in 1970 or before.
FIRST_WATCH = date(1971, 1, 1)
FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST_SECOND = 10**8  # since 1970; smaller numbers are no seconds
MILLISECONDS = 10**11  # a larger number of seconds would lie after the year 5000
FIRST_SERIAL, LAST_SERIAL = 25_934, 100_000  # days, as spreadsheets count them
SERIAL_BEGAN = datetime(1899, 12, 30, tzinfo=UTC)
EARLIEST_ZONE = timedelta(hours=14)  # a day begins so long before it does in UTC

A_YEAR = timedelta(days=366)  # by so much a clock may be wrong where words say what was done

DAY_FIRST, MONTH_FIRST = "day first", "month first"
# When it was at the earliest, by how its day and month may stand.
Readings = Mapping[str, datetime]

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:$|[T\s])")
_YEAR_FIRST = re.compile(
    r"([0-9]{4})\s?[-/.]\s?([0-9]{1,2})\s?[-/.]\s?([0-9]{1,2})\.?(?:\D.{0,30})?", re.DOTALL
)
_YEAR_LAST = re.compile(
    r"([0-9]{1,2})\s?([-/.])\s?([0-9]{1,2})\s?[-/.]\s?([0-9]{4}|[0-9]{2})(?:\D.{0,20})?", re.DOTALL
)
_BEGUN = re.compile(r"[\s'\"]*\d")  # how a date begins that is one
_THIS_CENTURY = re.compile(r"20[0-9]{2}-")
_IN_ONE = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_ZONE_APART = re.compile(r" (?=[+-][0-9]{2}:?[0-9]{2}$|Z$)")


def happened(text: str) -> bool | None:
    """Whether it is the time of something that happened; None: it is no time that is known.

    One that is to come did not happen.
    """
    word = folded(text)
    if word == UNKNOWN_DATE:
        return True
    if word in NO:
        return False
    if number(word) is None and not any(one.fullmatch(word) for one in (_YEAR_FIRST, _YEAR_LAST)):
        return None
    found = readings(word)
    return any(one.date() >= FIRST_WATCH and not _is_ahead(one) for one in found.values())


@lru_cache(maxsize=8192)
def is_date(text: str) -> bool:
    """Whether it is a date by what it looks like; a number may be anything."""
    if not _BEGUN.match(text):
        return False
    word = folded(text)
    return number(word) is None and bool(readings(word))


def said_or_dated(text: str) -> bool | None:
    """What a column says that holds yes and no, or the dates of what was done."""
    said = flag(text)
    return happened(text) if said is None and is_date(text) else said


def is_far_ahead(text: str) -> bool:
    """Whether it is a time that is more than a year to come, however its day and month stand."""
    if _THIS_CENTURY.match(text) and int(text[:4]) <= datetime.fromtimestamp(now(), UTC).year:
        return False  # as nearly always
    found = readings(folded(text))
    return bool(found) and all(_is_ahead(at - A_YEAR) for at in found.values())


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """The day of an ISO text, or of seconds or milliseconds since 1970 (in UTC)."""
    text = text.strip()
    try:
        if found := _DAY.match(text):
            read = date(int(found[1]), int(found[2]), int(found[3]))
            return read if FIRST_YEAR <= read.year <= LAST_YEAR else None
    except ValueError:
        return None
    seconds = number(text)
    at = None if seconds is None else _since_1970(seconds)
    return None if at is None else at.date()


class Calendar:
    """The dates of the columns of a file, of which each has its days and months in one order."""

    def __init__(self) -> None:
        self._orders = dict[str, set[str]]()
        self._ahead = dict[str, dict[str, str]]()

    def see(self, column: str, cell: str) -> None:
        if not _BEGUN.match(cell) or not (found := readings(folded(cell))):
            return
        self._orders.setdefault(column, {DAY_FIRST, MONTH_FIRST}).intersection_update(found)
        for order, at in found.items():
            if _is_ahead(at):
                self._ahead.setdefault(column, {}).setdefault(order, cell)

    @property
    def to_come(self) -> tuple[str, str] | None:
        """A column, and a date in it that is to come, or may be."""
        for column, ahead in self._ahead.items():
            orders = self._orders[column] or ahead.keys()
            if found := [ahead[order] for order in orders if order in ahead]:
                return column, found[0]
        return None


@lru_cache(maxsize=8192)  # files repeat their dates
def readings(word: str) -> Readings:
    """When a time was at the earliest; empty where it is none."""
    if (value := number(word)) is not None:
        return _of_number(word, value)
    if found := _YEAR_FIRST.fullmatch(word):
        return _same(_exact(word) or _begins(found[1], found[2], found[3]))
    found = _YEAR_LAST.fullmatch(word)
    if found is None:
        return {}
    first, mark, second, year = found.groups()
    year = year if len(year) > 2 else f"20{year}"  # noqa: PLR2004  # written with two digits
    days = {
        DAY_FIRST: _begins(year, second, first),
        MONTH_FIRST: _begins(year, first, second),
    }
    known = {order: at for order, at in days.items() if at is not None}
    # Whoever writes dots begins with the day.
    return {DAY_FIRST: known[DAY_FIRST]} if mark == "." and DAY_FIRST in known else known


def _of_number(word: str, value: float) -> Readings:
    if found := _IN_ONE.fullmatch(word):
        return _same(_begins(found[1], found[2], found[3]))
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        return _same(SERIAL_BEGAN + timedelta(days=int(value)) - EARLIEST_ZONE)
    return _same(_since_1970(value))


def _same(at: datetime | None) -> Readings:
    return {} if at is None else {DAY_FIRST: at, MONTH_FIRST: at}


def _is_ahead(at: datetime) -> bool:
    return at.timestamp() > now()


def _exact(word: str) -> datetime | None:
    """The moment of an ISO text that has its zone."""
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(_ZONE_APART.sub("", word.upper()))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC) - EARLIEST_ZONE
    return None


def _begins(year: str, month: str, day_: str) -> datetime | None:
    """When a day begins where it does first; None where there is no such day."""
    with suppress(ValueError, OverflowError):
        return datetime(int(year), int(month), int(day_), tzinfo=UTC) - EARLIEST_ZONE
    return None


def _since_1970(value: float) -> datetime | None:
    """The moment of seconds or milliseconds since 1970; None for a number that is neither."""
    if abs(value) < FIRST_SECOND:
        return None
    seconds = value / 1000 if abs(value) > MILLISECONDS else value
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None
