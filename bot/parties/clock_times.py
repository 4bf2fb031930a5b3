"""Reads a time of day from everyday words, without guessing which half of the day is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.ui.errors import UserError

UNREADABLE_TIME = (
    "I can't read that as a time. Write it like `tomorrow 20:30`, `fri 8pm`, `24 Dec 20:00` "
    "or `in 2 hours`."
)
WHICH_NIGHT = "Write the date of what is after midnight, like `24 Dec 01:00`."

HOUR_MINUTES, DAY_MINUTES, NOON_MINUTES = 60, 24 * 60, 12 * 60  # minutes
LATEST_HOUR = 29  # late-night listings count on after midnight: 25:30 is half past one

LONGEST_PARTY = 6 * HOUR_MINUTES  # minutes; up to here "8-9pm" begins in the half that is nearer

# The minutes of the day that a word allows.
_PARTS = {
    "morning": range(NOON_MINUTES),
    "afternoon": range(NOON_MINUTES, 19 * HOUR_MINUTES),
    "evening": range(16 * HOUR_MINUTES, DAY_MINUTES),
    "night": range(18 * HOUR_MINUTES, DAY_MINUTES),
}
LATE_PARTS = {"evening", "night"}

_AM_PM = r" ?(?P<half>[ap])\.?m\b\.?"
_FROM = r"(?:\b(?:at|from) )?(?<![\d:.+/-])"
_TO = r"(?: ?[-\u2013\u2014] ?| (?:to|til|till|until) )"
# From a time to another one: the first is meant.
_RANGES = (
    re.compile(
        rf"{_FROM}\b(?P<hour>0?[1-9]|1[0-2])(?::(?P<minute>\d\d))?(?:{_AM_PM})?{_TO}"
        r"(?P<end_hour>\d{1,2})(?:[:.](?P<end_minute>\d\d))? ?(?P<end_half>[ap])\.?m\b\.?"
    ),
    re.compile(
        rf"{_FROM}(?P<hour>\d{{1,2}}):(?P<minute>\d\d){_TO}"
        r"(?P<end_hour>\d{1,2}):(?P<end_minute>\d\d)(?![\d:.+-]| ?[ap]\.?m\b)"
    ),
)
# "dec 5-8pm" is a day and a time, but "24 dec 5-8pm" is not.
_MONTH_AHEAD = re.compile(
    r"(?P<day>\d(?:st|nd|rd|th)?(?: of)? )?"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? ?$"
)
# Tried in this order: the most specific pattern comes first.
_CLOCKS = (
    re.compile(
        r"(?:\bat )?\b(?:a )?"
        r"(?:(?P<half_past>half) past|quarter (?P<side>past|after|to|til|till|before|of))"
        rf" (?P<hour>\d{{1,2}})(?![\d:.])(?: ?o['\u2019]?clock\b)?(?:{_AM_PM})?"
    ),
    re.compile(r"(?:\bat )?\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b\.?"),
    re.compile(r"(?:\bat )?\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?o['\u2019]?clock\b"),
    re.compile(r"(?:\bat )?(?<![\d:.+-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\d:.])"),
    re.compile(r"(?:\bat )?(?<![\d:.+-])(?P<hour>\d{1,2}) ?h(?P<minute>\d\d)?\b"),
    re.compile(r"(?:\bat )?\b(?P<word>noon|midday|midnight)\b"),
    re.compile(r"(?:^|(?<= ))(?:at )?(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)$"),
    re.compile(r"\bat (?P<hour>\d{1,2})$"),
)


class MomentError(UserError):
    """The text is not a usable time; the message tells the member what to write instead."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day as it was written; `half` is "a" or "p" if am or pm was written."""

    hour: int
    minute: int = 0
    half: str | None = None
    is_whole: bool = True  # written for a 24-hour clock
    shift: int = 0  # minutes, of "half past" and "quarter to"

    def minutes(self, part: str | None, *, has_day: bool) -> tuple[int, ...]:
        """The minutes from midnight that are meant, before 0 and after 24 hours as well.

        `part` is the word for a part of the day. Raises `MomentError` if there are none.
        """
        if (self.hour, self.minute, self.half) == (12, 0, "a"):
            # Friday's midnight is the beginning of Friday for some people, its end for others.
            found = (DAY_MINUTES,) if part in LATE_PARTS else (0, DAY_MINUTES)[: 1 + has_day]
            return tuple(minute + self.shift for minute in found)
        found = tuple(minute + self.shift for minute in self._written(part))
        if part is None:
            return found
        if fit := tuple(minute for minute in found if _is_in(minute, part)):
            return fit
        raise MomentError(WHICH_NIGHT if part in LATE_PARTS else UNREADABLE_TIME)

    def _written(self, part: str | None) -> tuple[int, ...]:
        written = self.hour * HOUR_MINUTES + self.minute
        is_of_twelve = 0 < self.hour * HOUR_MINUTES <= NOON_MINUTES
        is_late = self.hour * HOUR_MINUTES >= DAY_MINUTES
        if (
            self.minute >= HOUR_MINUTES
            or self.hour > LATEST_HOUR
            or (is_late and not self.is_whole)
            or (self.half and not is_of_twelve)
        ):
            raise MomentError(UNREADABLE_TIME)
        if not is_of_twelve or (self.half is None and self.is_whole and part is None):
            return (written,)
        first = written % NOON_MINUTES
        halves = {"a": (first,), "p": (first + NOON_MINUTES,), None: (first, first + NOON_MINUTES)}
        return halves[self.half]


def _is_in(minute: int, part: str) -> bool:
    """Whether a minute is in a part of the day; a night goes on after midnight as 25:30."""
    return minute in _PARTS[part] or (part in LATE_PARTS and minute >= DAY_MINUTES)


_NOON, _MIDNIGHT = TimeOfDay(12, half="p"), TimeOfDay(12, half="a")


def cut_out(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    """The text without the first match of a pattern, and the match."""
    match = pattern.search(text)
    if match is None:
        return text, None
    rest = f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}"
    return rest.strip(), match


def clock_in(text: str) -> tuple[str, re.Match[str] | None]:
    """The text without its time of day, and the match of that; None if there is none."""
    for pattern in _RANGES:
        rest, match = cut_out(pattern, text)
        if match:
            month = _MONTH_AHEAD.search(text[: match.start()])
            if month is None or month["day"]:
                return rest, match
    for pattern in _CLOCKS:
        rest, match = cut_out(pattern, text)
        if match:
            return rest, match
    return text, None


def time_of_day(match: re.Match[str]) -> TimeOfDay:
    """The time of day of a match of `clock_in`. Raises `MomentError` if its end is no time."""
    said = match.groupdict()
    if word := said.get("word"):
        return _MIDNIGHT if word == "midnight" else _NOON
    if "side" in said:
        return _spoken_time(said)
    if "end_hour" in said:
        return _beginning(said)
    return written_time(said["hour"], said.get("minute"), said.get("half"))


def written_time(hour: str, minute: str | None, half: str | None = None) -> TimeOfDay:
    """A time of day of an hour and, maybe, minutes and am ("a") or pm ("p")."""
    # People write 8:30 for the evening, but not 08:30.
    is_whole = minute is not None and (len(hour) > 1 or hour == "0")
    return TimeOfDay(int(hour), int(minute or 0), half, is_whole)


def _spoken_time(said: dict[str, str | None]) -> TimeOfDay:
    """The time of "half past 8" and "quarter to 9pm"."""
    shift = 30 if said["half_past"] else 15 if said["side"] in {"past", "after"} else -15
    hour = said["hour"] or ""
    return TimeOfDay(int(hour), 0, said["half"], is_whole=hour.startswith("0"), shift=shift)


def _beginning(said: dict[str, str | None]) -> TimeOfDay:
    """The first time of two. Raises `MomentError` if the last is none."""
    first = written_time(said["hour"] or "", said["minute"], said.get("half"))
    last = written_time(said["end_hour"] or "", said["end_minute"] or "00", said.get("end_half"))
    ends = last.minutes(None, has_day=False)
    if first.half or last.half is None:
        return first
    lengths = {
        half: (ends[0] - replace(first, half=half).minutes(None, has_day=False)[0]) % DAY_MINUTES
        for half in ("a", "p")
    }
    near = [half for half, length in lengths.items() if 0 < length <= LONGEST_PARTY]
    return replace(first, half=near[0]) if near else replace(first, is_whole=False)
