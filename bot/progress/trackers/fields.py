"""Fields: titles, numbers and ids as they are taken out of cells and of JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import cast

from bot.progress.trackers.columns import (
    EPISODE,
    FLAGS,
    PROFILE,
    SEASON,
    looks_telling,
    plain,
    quoted,
)
from bot.progress.trackers.record import Ids, UnreadableError, ids
from bot.ui.text import clip

OF_SEVERAL = (
    "In that file, `{column}` names several people for one episode. Attach a file with what you "
    "watched yourself alone."
)

LONGEST_TITLE = 200
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for one
GUARDED = tuple(f"'{mark}" for mark in FORMULAS)  # and how it is told not to

# What stands before a number of a season or an episode; `Special 1` is neither.
NUMBERED = frozenset({*SEASON, *EPISODE, "series", "s", "e", "t", "no", "nr", "number"})
LONGEST_NAME = 60  # of somebody's
NAMES = ("username", "name", "title", "email", "id", "slug")
# Several people, where a list names them.
GROUPS = frozenset({"users", "viewers", "watchers", "profiles", "accounts", "persons"})
SEVERAL = "{several} "
# What an entry has of its own, and may say more of.
PARTS = frozenset({"show", "series", "season", "episode", "movie", "userdata", "ids", "images"})
NESTED = "{…}"  # what an object or a list says is not understood

_NUMBER = re.compile(r"\s*(?:([^\W\d_]{1,12})[.:]?\s*)?#?([0-9]{1,5})(?:[.,]0+)?\s*")
_CODE = re.compile(
    r"\s*(?:\w{0,3}?s\s?([0-9]{1,4})[\s._:-]*e\w{0,2}[\s.]*([0-9]{1,5})|([0-9]{1,4})x([0-9]{1,5}))\s*",
    re.IGNORECASE,
)
_ID = re.compile(r"[0-9]{1,15}|tt[0-9]{5,12}")
_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")


def table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def rows(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else ()


def text(value: object) -> str:
    """A text, a number (which was read as a text), or yes and no as texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def row(entry: Mapping[str, object]) -> dict[str, str]:
    """What an object holds besides lists and objects, by plain names, like a line of a table.

    Somebody who is an object is named, and what else says whether it was watched stays in sight.
    """
    told = dict[str, str]()
    for name, value in entry.items():
        known = plain(name)
        if value is None or isinstance(value, (str, bool)):
            told[known] = merged(told.get(known, ""), text(value))
        elif known in PROFILE or known in GROUPS:
            told[known if known in PROFILE else PROFILE[0]] = _named(name, value)
        elif looks_telling(name):
            told[known] = merged(told.get(known, ""), NESTED if value else "")
        elif known not in PARTS and not FLAGS.keys().isdisjoint(map(plain, table(value))):
            told["watched"] = NESTED  # it says so of something, and perhaps of somebody
    return told


def _named(name: str, value: object) -> str:
    """Who an object names, or a list with one person in it."""
    people = rows(value) or [value]
    about = table(people[0])
    found = text(people[0]) or whose(text(about.get(one)) for one in NAMES)
    known = plain(name)
    is_keyed = bool(about) and not found and (known in GROUPS or known.endswith("by"))
    return SEVERAL + name if len(people) > 1 or is_keyed else found


def person(told: Mapping[str, str], columns: Iterable[str]) -> str:
    """Whose a line is; raises `UnreadableError` where it is several people's."""
    named = [told.get(name, "") for name in columns]
    for one in named:
        if one.startswith(SEVERAL):
            raise UnreadableError(OF_SEVERAL.format(column=quoted(one.removeprefix(SEVERAL))))
    return whose(named)


def merged(before: str, value: str) -> str:
    """Of two cells of one name the filled one; where both are, and differ, neither is clear."""
    is_other = bool(before and value) and before != value
    return f"{before} / {value}" if is_other else before or value


def whose(names: Iterable[str]) -> str:
    """Whose an entry is, by all that names somebody: two may have one name."""
    named = dict.fromkeys(name.strip()[:LONGEST_NAME] for name in names)
    return " · ".join(filter(None, named))


def first(row: Mapping[str, str], names: Iterable[str]) -> str:
    for name in names:
        if found := row.get(name, "").strip():
            return found
    return ""


@lru_cache(maxsize=1024)
def title(text: str) -> str:
    clipped = clip(" ".join(text[: LONGEST_TITLE * 2].split()), LONGEST_TITLE)
    return clipped[1:] if clipped.startswith(GUARDED) else clipped


def _in_digits(text: str) -> str:
    """The beginning of a cell, with the digits of other scripts as ours."""
    if text.isascii():
        return text[:40]
    spelt = unicodedata.normalize("NFKC", text[:40])
    return "".join(str(int(one)) if one.isdecimal() else one for one in spelt)


@lru_cache(maxsize=4096)
def number(text: str) -> int | None:
    """`5`, `05`, `5.0`, `Season 5`."""
    found = _NUMBER.fullmatch(_in_digits(text))
    if found is None or (found[1] and found[1].casefold() not in NUMBERED):
        return None
    return int(found[2])


@lru_cache(maxsize=4096)
def code(text: str) -> tuple[int, int] | None:
    """Season and number of `S01E05`, `s1 e5`, `1x05`."""
    found = _CODE.fullmatch(_in_digits(text))
    if found is None:
        return None
    season, episode = (found[1], found[2]) if found[1] else (found[3], found[4])
    return int(season), int(episode)


@lru_cache(maxsize=1024)
def year(text: str) -> int | None:
    found = _WHOLE.fullmatch(text.strip()[:30])
    read = int(found[1]) if found else 0
    return read if 1900 <= read <= 2199 else None  # noqa: PLR2004  # years of shows


@lru_cache(maxsize=4096)
def catalogue_id(text: str) -> str | None:
    """An id; None for 0 and -1, which stand for none."""
    bare = text.strip().casefold()
    whole = _WHOLE.fullmatch(bare[:30])
    bare = str(int(whole[1])) if whole else bare
    return bare if _ID.fullmatch(bare) and bare != "0" else None


def show_ids(found: Mapping[str, object]) -> Ids:
    """The ids that are one show's, of an object like `ids: {imdb, tvdb, tmdb, tvmaze}`."""
    named = {kind: catalogue_id(text(found.get(kind))) for kind in ("imdb", "tvdb", "tmdb")}
    return ids(**named, tvmaze=catalogue_id(text(found.get("tvmaze"))))
