"""Words: what a cell says about watching, in the languages that trackers have."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import permutations

from bot.clock import now
from data.points import day_of

_YES = """
true yes y t x ✓ ✔ ☑ ✅ ja j oui sí si s sim da да tak evet kyllä igen ano はい 是
watched seen finished completed complete done viewed played
gesehen geschaut angesehen fertig vu vue terminé visto vista bekeken gezien sett set katsottu
obejrzane assistido izlendi просмотрено 👍
wahr vrai verdadero vero waar prawda verdadeiro doğru sant sand sann tosi истина
"""
_NO = """
false no n f off none null nan nil na nein non não nao нет nie nej nei ei hayir いいえ 否
✗ ✘ ☐ ❌ - — unwatched unseen planned plantowatch plan watchlist watching skipped dropped
paused onhold started begun progress inprogress partial partially continuing stopped pending
notwatched notseen notstarted notstartedyet watchlater uptodate ungesehen geplant
falsch faux falso onwaar fałsz falskt falsk usann epätosi ложь 👎 notyet never
abandonné nonvu nonvisto missing wanted upcoming unaired returning ended current next
"""
# What stands in a cell that is empty; and what a service calls a list of wishes.
_BLANK = "none null nan nil na - —"
_WISH = """
plantowatch planned planning plan plans towatch watchlater later watchlist wishlist wish queue
queued backlog notstarted notstartedyet notwatched unwatched unseen upcoming
notinteresting notinterested
"""
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
BLANK, WISHES = frozenset({"", *_BLANK.split()}), frozenset(_WISH.split())
AS_PICTURE = "\ufe0f"  # what makes a picture of `✔`
UNKNOWN_DATE = "unknown"  # what Trakt writes for a watch at an unknown time
# Clocks and spreadsheets that were told nothing begin in 1970 or before.
FIRST_WATCH = date(1971, 1, 1)
FIRST_YEAR, LAST_YEAR = 1900, 2199
MILLISECONDS = 10**11  # a larger number of seconds would lie after the year 5000
FULL = 100
MOST_PLAYS = 1000  # of one episode, by one person; more are those of everybody

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_SPACE = re.compile(r"[\W_]+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:$|[T\s])")
_DATED = re.compile(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:\D.{0,30})?"
    r"|([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?:\D.{0,20})?",
    re.DOTALL,
)


@lru_cache(maxsize=4096)  # a file says few things, and each of them again and again
def flag(text: str) -> bool | None:
    """Yes, no, or neither. A count of one or two says yes; a larger one may be a percentage."""
    word = _folded(text)
    if word in YES or word in NO:
        return word in YES
    number = _number(word)
    if number is None or number > 2:  # noqa: PLR2004  # as above
        return None
    return number in (1, 2)


def is_blank(text: str) -> bool:
    return _folded(text) in BLANK


def is_wish(text: str) -> bool:
    """Whether a status says that nothing of a show was watched yet."""
    return _folded(text) in WISHES


@lru_cache(maxsize=1024)
def count(text: str) -> bool | None:
    """Whether it is a whole number above zero, and no more than one person can have."""
    number = _number(_folded(text))
    if number is None:
        return flag(text)
    if number > MOST_PLAYS:
        return None
    return number > 0 and number.is_integer()


@lru_cache(maxsize=1024)
def percent(text: str) -> bool | None:
    """Whether it is all of it. A larger number counts something else, such as seconds."""
    number = _number(_folded(text).removesuffix("%").strip())
    if number is None:
        return flag(text)
    return None if number > FULL else number == FULL


def status(text: str) -> bool | None:
    """A number is a code, and every service has its own."""
    if text.rstrip().endswith("%"):
        return percent(text)
    return flag(text) if _number(_folded(text)) is None else None


def share(text: str) -> bool | None:
    """A part of one, as media servers write it."""
    return percent(text) if text.rstrip().endswith("%") else flag(text)


def moment(text: str) -> bool | None:
    """Whether it is the time of something that happened; one that is to come did not."""
    word = _folded(text)
    if word == UNKNOWN_DATE:
        return True
    if word in NO:
        return False
    number, found = _number(word), _DATED.fullmatch(word)
    if number is not None:
        day = _day_at(number)
        return day is not None and _has_been(day)
    if found is None:
        return None
    days = _days(*filter(None, found.groups()))
    return bool(days) and _has_been(min(days))


def _has_been(day: date) -> bool:
    """Whether it may be the day of a watch; east of Greenwich, tomorrow has begun."""
    return FIRST_WATCH <= day <= day_of(now()) + timedelta(days=1)


@lru_cache(maxsize=4096)
def _days(first: str, second: str, third: str) -> list[date]:
    """The days that three numbers may mean: year first or last, and day and month either way."""
    year, *rest = (first, second, third) if len(first) > 2 else (third, first, second)  # noqa: PLR2004
    found = list[date]()
    for month, day in permutations(map(int, rest)):
        with suppress(ValueError):
            found.append(date(int(year) + (2000 if len(year) == 2 else 0), month, day))  # noqa: PLR2004
    return found


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
    number = _number(text)
    return None if number is None else _day_at(number)


def _day_at(number: float) -> date | None:
    """The day, in UTC, of seconds or milliseconds since 1970; None for a number that is neither."""
    if abs(number) < FULL**4:
        return None
    seconds = number / 1000 if abs(number) > MILLISECONDS else number
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    except (ValueError, OverflowError):
        return None


def _folded(text: str) -> str:
    word = unicodedata.normalize("NFKC", text[:100]).replace(AS_PICTURE, "")
    word = word.strip().strip("'\"").casefold()
    if "?" in word:
        return word  # whoever is not sure says nothing
    # `Plan to Watch`, `on-hold`; a lone mark such as `✓` or `-` stays.
    return _SPACE.sub("", word) or word if not word[:1].isdigit() else word


def _number(word: str) -> float | None:
    if not _NUMBER.fullmatch(word):
        return None
    return float(word.replace(",", "."))
