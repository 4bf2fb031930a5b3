"""Words: what a cell says about watching, in the languages that trackers have."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_YES = """
true yes y t x ✓ ✔ ☑ ✅ ja j oui sí si s sim da да tak evet kyllä igen ano はい 是
watched seen finished completed complete done viewed played checked
gesehen geschaut angesehen fertig vu vue terminé visto vista bekeken gezien sett set katsottu
obejrzane assistido izlendi просмотрено 👍
wahr vrai verdadero vero waar prawda verdadeiro doğru sant sand sann tosi истина
"""
_NO = """
false no n f off none null nan nil na nein non não nao нет nie nej nei ei hayir hay\u0131r いいえ 否
✗ ✘ ☐ ❌ - — unchecked unwatched unseen planned plantowatch plan watchlist watching skipped dropped
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
FULL = 100
MOST_PLAYS = 1000  # of one episode, by one person; more are those of everybody

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_SPACE = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)  # a file says few things, and each of them again and again
def flag(text: str) -> bool | None:
    """Yes, no, or neither. A count of one or two says yes; a larger one may be a percentage."""
    word = folded(text)
    if word in YES or word in NO:
        return word in YES
    value = number(word)
    if value is None or value > 2:  # noqa: PLR2004  # as above
        return None
    return value in (1, 2)


def is_blank(text: str) -> bool:
    return folded(text) in BLANK


def is_wish(text: str) -> bool:
    """Whether a status says that nothing of a show was watched yet."""
    return folded(text) in WISHES


@lru_cache(maxsize=1024)
def count(text: str) -> bool | None:
    """Whether it is a whole number above zero, and no more than one person can have."""
    value = number(folded(text))
    if value is None:
        return flag(text)
    if value > MOST_PLAYS:
        return None
    return value > 0 and value.is_integer()


@lru_cache(maxsize=1024)
def percent(text: str) -> bool | None:
    """Whether it is all of it. A larger number counts something else, such as seconds."""
    value = number(folded(text).removesuffix("%").strip())
    if value is None:
        return flag(text)
    return None if value > FULL else value == FULL


def status(text: str) -> bool | None:
    """A number is a code, and every service has its own."""
    if text.rstrip().endswith("%"):
        return percent(text)
    return flag(text) if number(folded(text)) is None else None


def share(text: str) -> bool | None:
    """A part of one, as media servers write it."""
    return percent(text) if text.rstrip().endswith("%") else flag(text)


def folded(text: str) -> str:
    """A cell in small letters, without what stands between and around words."""
    word = unicodedata.normalize("NFKC", text[:100]).replace(AS_PICTURE, "")
    word = word.strip().strip("'\"").casefold()
    if "?" in word:
        return word  # whoever is not sure says nothing
    # `Plan to Watch`, `on-hold`; a lone mark such as `✓` or `-` stays.
    return _SPACE.sub("", word) or word if not word[:1].isdigit() else word


def number(word: str) -> float | None:
    """A number with at most 15 digits on either side; None for anything else."""
    if not _NUMBER.fullmatch(word):
        return None
    return float(word.replace(",", "."))
