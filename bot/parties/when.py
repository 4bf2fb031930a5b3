"""Reads moments from a member's words in the member's own time zone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.parties.clock_times import UNREADABLE_TIME, MomentError, cut_out
from bot.parties.time_phrases import (
    NO_TIME_OF_DAY,
    ONE_OR_SEVERAL,
    WRONG_DAY,
    Days,
    SpokenTime,
    complete_alternatives,
    parse_duration,
    parse_phrase,
)
from data.parties.clock import MINUTE_SECONDS
from data.parties.local_time import (
    Moment,
    UnknownZoneError,
    format_wall,
    instants_of,
    local_time,
    zone_of,
)

TIME_IS_PAST = "That is over already. Write a time that is still to come, like `tomorrow 20:30`."
TIME_TOO_FAR = "That is more than 5 years ahead. Write a time before that, like `24 Dec 20:00`."
TOO_MANY_TIMES = "You can propose up to 5 times. Leave some out."
PHRASE_TOO_LONG = "That is too long for me. Write just the time, like `fri 20:30`."
EACH_ITS_ZONE = "Write the zone with every time, like `fri 20:00 ET or fri 21:00 ET`."
EACH_ITS_DAY = "Write the day with every time, like `fri 20:00 or fri 21:00`."
ZONE_NOT_KNOWN = "I don't know that time zone. Choose one of those that I offer."

# The questions for ambiguous times.
SEVERAL_MEANINGS = "That can mean more than one time. Which one?"
WHEN_TONIGHT = "At what time tonight?"
TIME_COMES_TWICE = "The clocks go back then, so that time comes twice. Which one?"
TIME_SKIPPED = "The clocks go forward then and skip that time. When instead?"

# The notes that distinguish two moments with the same local time.
BEFORE_THE_CHANGE = "before the clocks change"
AFTER_THE_CHANGE = "after the clocks change"

# The zones that people in them write like this all year; EST in summer may mean either time.
NAMED_ZONES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "utc": "UTC",
}
MOST_TIMES = 5
MOST_YEARS_AHEAD = 5
LONGEST_PHRASE = 200  # characters

_STAMP = re.compile(r"<t:(-?\d{1,15})(?::[a-z])?>|(\d{10})")
_NAMED_ZONE = re.compile(rf"(?<![a-z])(?P<zone>{'|'.join(NAMED_ZONES)})\b")
_WITH_OFFSET = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:z|[+-]\d\d(?::?\d\d)?)"
)
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_PLAINER = (
    (re.compile(r"\s+"), " "),
    *((re.compile(rf"\b{word}\b"), str(number)) for number, word in enumerate(_NUMBERS, 1)),
    (re.compile(r"(?<=\d) ?o['\u2019]?clock(?= ?[ap]\.?m)"), ""),
    (re.compile(r"(?<!in )\b(\d{1,2}[:.]\d\d) ?h\b"), r"\1"),
    (re.compile(r"(?<=\d\d)t(?=\d\d:)"), " "),
    (re.compile(r"\bin (?:about|around) "), "in "),
    (re.compile(r"@|\b(?:about|around)\b"), " at "),
    (re.compile(r"(?<![\d:.])(\d{1,2})[ -]?ish\b"), r"at \1"),
    (re.compile(r"(?<=[\dm])[ -]?ish\b"), ""),
)
_NOW = re.compile(r"(?:right )?now")
_BETWEEN = re.compile(r"\s+or\s+|;")
_LISTED = re.compile(r",| / ")


class AmbiguousTimeError(MomentError):
    """A text can mean each of `choices`, so the member has to choose.

    `rest` is the other alternatives of the text. To go on, read `<t:…>` of the chosen moment and
    `rest`, joined by " or ".
    """

    def __init__(
        self, sentence: str, choices: tuple[Moment, ...], rest: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.choices = choices
        self.rest = rest


def read_moments(text: str, zone: str, now: int) -> tuple[Moment, ...]:
    """The one to five moments that a text names, the soonest first, without repetition.

    `now` is in UTC epoch seconds. Raises `AmbiguousTimeError` if the member has to choose, and
    `MomentError` if they have to write something else.
    """
    if len(text) > LONGEST_PHRASE:
        raise MomentError(PHRASE_TOO_LONG)
    clock = _MomentReader(_zone(zone), now)
    parts = clock.parts(_plain(text))
    if len(parts) > MOST_TIMES:
        raise MomentError(TOO_MANY_TIMES)
    taken = [clock.take(part) for part in parts]
    spoken = [one for one in taken if not isinstance(one, int)]
    if len({isinstance(one, _Abroad) for one in spoken}) > 1:
        raise MomentError(EACH_ITS_ZONE)
    if len({one.has_day for one in spoken}) > 1:
        raise MomentError(EACH_ITS_DAY)
    found = dict[int, Moment]()
    for position, one in enumerate(taken):
        try:
            moment = clock.settle(one)
        except AmbiguousTimeError as unclear:
            unclear.rest = (*parts[:position], *parts[position + 1 :])
            raise
        found[moment.starts_at] = moment
    return tuple(found[starts_at] for starts_at in sorted(found))


def needs_zone(text: str, now: int) -> bool:
    """Whether a member's time zone matters for a text; not for "in 2 hours" and timestamps."""
    clock = _MomentReader(_zone("UTC"), now)
    try:
        return not all(clock.is_exact(part) for part in clock.parts(_plain(text)))
    except MomentError:
        return True


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for pattern, instead in _PLAINER:
        folded = pattern.sub(instead, folded)
    return folded


class _WallTime(NamedTuple):
    """The moments of a local time; `exists` is False if the clocks skip it."""

    moments: tuple[Moment, ...]
    exists: bool


class _Abroad(NamedTuple):
    """A time in a zone that was written beside it, with each day that it may be on.

    There are several if it is another day there, and the day was told from today.
    """

    zone: ZoneInfo
    readings: tuple[SpokenTime, ...]

    @property
    def has_day(self) -> bool:
        return self.readings[0].has_day

    @property
    def has_time(self) -> bool:
        return self.readings[0].has_time


@dataclass(frozen=True, slots=True)
class _MomentReader:
    """Reads texts of a member in a time zone at the moment `now` (UTC epoch seconds)."""

    zone: ZoneInfo
    now: int

    @property
    def local(self) -> datetime:
        return local_time(self.now, self.zone)

    def parts(self, text: str) -> list[str]:
        """The alternatives in a text, each complete. Raises `MomentError` for unusable text."""
        parts = [part for one in _BETWEEN.split(text) for part in self._listed(one)]
        spoken = [place for place, part in enumerate(parts) if not self.is_exact(part)]
        whole = complete_alternatives([parts[place] for place in spoken])
        for place, part in zip(spoken, whole, strict=True):
            parts[place] = part
        return parts

    def _listed(self, text: str) -> list[str]:
        """Splits at commas or slashes if each part is a time; dates contain them too.

        Raises `MomentError` if the text is one time and also several.
        """
        one = " ".join(text.replace(",", " ").split())
        parts = [
            " ".join(part.split())
            for part in (_LISTED.split(text) if _LISTED.search(text) else text.split("/"))
        ]
        if len(parts) == 1 or self.is_exact(one) or not all(map(self._is_read, parts)):
            return [one]
        if self._is_read(one):
            raise MomentError(ONE_OR_SEVERAL)
        return parts

    def _is_read(self, text: str) -> bool:
        try:
            said = self.take(text)
        except MomentError:
            return False
        return isinstance(said, int) or said.has_time

    def is_exact(self, text: str) -> bool:
        """Whether a text names a moment that is the same in every zone."""
        try:
            return self._said_exactly(text) is not None
        except MomentError:
            return False

    def take(self, text: str) -> SpokenTime | _Abroad | int:
        """What a text says, or the moment in epoch seconds if it names one exactly.

        Raises `MomentError` for unusable text.
        """
        exact = self._said_exactly(text)
        if exact is not None:
            return exact
        today = self.local.date()
        rest, named = cut_out(_NAMED_ZONE, text)
        if named is None:
            return parse_phrase(text, today)
        zone = _zone(NAMED_ZONES[named["zone"]])
        there = parse_phrase(rest, local_time(self.now, zone).date())
        here = parse_phrase(rest, today)
        return _Abroad(zone, (there, here) if there.has_day and there != here else (there,))

    def _said_exactly(self, text: str) -> int | None:
        if stamp := _STAMP.fullmatch(text):
            return int(stamp[1] or stamp[2])
        if _WITH_OFFSET.fullmatch(text):
            return _from_iso(text)
        # A length of time from now does not depend on the zone.
        length = MINUTE_SECONDS if _NOW.fullmatch(text) else parse_duration(text)
        return None if length is None else self.now + length

    def settle(self, said: SpokenTime | _Abroad | int) -> Moment:
        """The one moment that is meant.

        Raises `AmbiguousTimeError` if there are several, `MomentError` if none is to come.
        """
        if isinstance(said, int):
            return self._exact(said)
        if isinstance(said, _Abroad):
            return self._settle_abroad(said)
        days = self._days(said)
        walls = [self._ahead(*one) for one in product(days, said.minutes)]
        readings = [
            one for one in (_wall_time(wall, self.zone) for wall in walls) if self._is_left(one)
        ]
        choices = {
            m.starts_at: m for one in readings for m in one.moments if m.starts_at > self.now
        }
        if not choices:
            raise MomentError(TIME_IS_PAST if said.has_time else NO_TIME_OF_DAY)
        ordered = tuple(choices[starts_at] for starts_at in sorted(choices))
        if not said.has_time:
            raise AmbiguousTimeError(WHEN_TONIGHT, ordered)
        if len(days) == len(ordered) == 1 and readings[0].exists:
            return ordered[0]
        sentence = TIME_COMES_TWICE if readings[0].exists else TIME_SKIPPED
        raise AmbiguousTimeError(SEVERAL_MEANINGS if len(walls) > 1 else sentence, ordered)

    def _settle_abroad(self, said: _Abroad) -> Moment:
        there = _MomentReader(said.zone, self.now)
        choices = dict[int, Moment]()
        refusals = list[MomentError]()
        for one in said.readings:
            try:
                found = (there.settle(one),)
            except AmbiguousTimeError as unclear:
                found = unclear.choices
                refusals.append(unclear)
            except MomentError as over:
                found = ()
                refusals.append(over)
            choices.update({moment.starts_at: self._here(moment) for moment in found})
        if not choices:
            raise refusals[0]
        if len(choices) == 1 and not refusals:
            return next(iter(choices.values()))
        sentence = str(refusals[0]) if len(said.readings) == 1 else SEVERAL_MEANINGS
        raise AmbiguousTimeError(sentence, tuple(choices[one] for one in sorted(choices)))

    def _here(self, moment: Moment) -> Moment:
        return replace(moment, wall=format_wall(local_time(moment.starts_at, self.zone)))

    def _exact(self, moment: int) -> Moment:
        whole = moment - moment % MINUTE_SECONDS
        if whole <= self.now:
            raise MomentError(TIME_IS_PAST)
        if whole > self._limit().replace(tzinfo=self.zone).timestamp():
            raise MomentError(TIME_TOO_FAR)
        return Moment(whole, format_wall(local_time(whole, self.zone)))

    def _limit(self) -> datetime:
        return self.local + relativedelta(years=MOST_YEARS_AHEAD)

    def _days(self, said: SpokenTime) -> list[Days]:
        """The readings that fit the weekday, if one was written beside a date.

        Raises `MomentError` if none fits.
        """
        today = self.local.date()
        if said.weekday is None:
            night = [today - timedelta(1)] if said.may_be_last_nights else []
            minutes = max(said.minutes)
            is_left = any(self._is_left(_wall_time(_at(one, minutes), self.zone)) for one in night)
            return [night, *said.readings] if is_left else [*said.readings]
        ahead = [[day for day in days if day >= today] or days[-1:] for days in said.readings]
        # Not the other years or months of that date, which have it on another weekday.
        if left := [days[:1] for days in ahead if days[0].weekday() == said.weekday]:
            return left
        raise MomentError(WRONG_DAY)

    def _ahead(self, days: Days, minutes: int) -> datetime:
        """The first day's local time that is not over, or the last one if all are.

        Raises `MomentError` if it is too far ahead.
        """
        times = [_at(day, minutes) for day in days]
        wall = next(
            (
                one
                for one in times
                if one.date() >= self.local.date() and self._is_left(_wall_time(one, self.zone))
            ),
            times[-1],
        )
        if wall > self._limit():
            raise MomentError(TIME_TOO_FAR)
        return wall

    def _is_left(self, reading: _WallTime) -> bool:
        return any(moment.starts_at > self.now for moment in reading.moments)


def _from_iso(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text.upper()).timestamp())
    except ValueError:  # no such day, hour or offset
        raise MomentError(UNREADABLE_TIME) from None


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def _wall_time(wall: datetime, zone: ZoneInfo) -> _WallTime:
    found = instants_of(wall, zone)
    notes = ("",) if len(found) == 1 else (BEFORE_THE_CHANGE, AFTER_THE_CHANGE)
    moments = tuple(
        Moment(instant, format_wall(local_time(instant, zone)), note)
        for instant, note in zip(found, notes, strict=True)
    )
    return _WallTime(moments, local_time(found[0], zone) == wall)


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name)
    except UnknownZoneError:
        raise MomentError(ZONE_NOT_KNOWN) from None
