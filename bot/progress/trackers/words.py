"""Words: what a cell says about watching, in the languages that trackers have."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.clock import now
from data.points import day_of

_YES = """
true yes y t x ✓ ✔ ☑ ✅ ja j oui o sí si s sim da да tak evet kyllä igen ano はい 是
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
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
AS_PICTURE = "\ufe0f"  # what makes a picture of `✔`
UNKNOWN_DATE = "unknown"  # what Trakt writes for a watch at an unknown time
NO_DATES = ("0000-", "0001-01-01")
FIRST_YEAR, LAST_YEAR = 1900, 2199
MILLISECONDS = 10**11  # a larger number of seconds would lie after the year 5000
FULL = 100
A_DAY = timedelta(days=1)  # it may be tomorrow already where the file is from

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_SPACE = re.compile(r"[\W_]+")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:$|[T\s])")
_DATED = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\D?.{0,30}"
    r"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}(?:\D.{0,20})?",
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


@lru_cache(maxsize=1024)
def count(text: str) -> bool | None:
    """Whether it is a whole number above zero."""
    number = _number(_folded(text))
    if number is None:
        return flag(text)
    return number > 0 and number.is_integer()


@lru_cache(maxsize=1024)
def percent(text: str) -> bool | None:
    """Whether it is all of it. More than that is no percentage, but seconds or the like."""
    number = _number(_folded(text).removesuffix("%").strip())
    if number is None:
        return flag(text)
    return None if number > FULL else number == FULL


def status(text: str) -> bool | None:
    return percent(text) if text.rstrip().endswith("%") else flag(text)


def past_moment(text: str) -> bool | None:
    """Whether it is the time of something that happened; a day to come is one of a plan."""
    told, today = moment(text), day_of(now())
    years = [int(found) for found in _YEAR.findall(text[:100])]
    is_planned = any(year > today.year for year in years) or (
        (when := day(text)) is not None and when > today + A_DAY
    )
    return False if told and is_planned else told


@lru_cache(maxsize=4096)
def moment(text: str) -> bool | None:
    """Whether it is the time of something, where services write only what has happened."""
    word = _folded(text)
    if word == UNKNOWN_DATE:
        return True
    if word.startswith(NO_DATES) or word in NO:
        return False
    number = _number(word)
    if number is not None:
        return number > FULL**4 if number else False
    return True if _DATED.fullmatch(word) else None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """The day of an ISO text, or of seconds or milliseconds since 1970 (in UTC)."""
    text = text.strip()
    try:
        if found := _DAY.match(text):
            read = date(int(found[1]), int(found[2]), int(found[3]))
            return read if FIRST_YEAR <= read.year <= LAST_YEAR else None
        number = _number(text)
        if number is None or abs(number) < FULL**4:
            return None
        seconds = number / 1000 if abs(number) > MILLISECONDS else number
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
