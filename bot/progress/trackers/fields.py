"""Fields: titles, numbers and ids as they are taken out of cells and of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import cast

from bot.progress.trackers.columns import plain
from bot.progress.trackers.record import Ids, ids
from bot.ui.text import clip

LONGEST_TITLE = 200
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for one
GUARDED = tuple(f"'{mark}" for mark in FORMULAS)  # and how it is told not to

_NUMBER = re.compile(r"\s*(?:\w{0,12}?\s)?\s*#?([0-9]{1,5})(?:[.,]0+)?\s*", re.UNICODE)
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
    """What an object holds besides lists and objects, by plain names, like a line of a table."""
    told = dict[str, str]()
    for name, value in entry.items():
        if value is None or isinstance(value, (str, bool)):
            told.setdefault(plain(name), text(value))
    return told


def first(row: Mapping[str, str], names: Iterable[str]) -> str:
    for name in names:
        if found := row.get(name, "").strip():
            return found
    return ""


@lru_cache(maxsize=1024)
def title(text: str) -> str:
    clipped = clip(" ".join(text[: LONGEST_TITLE * 2].split()), LONGEST_TITLE)
    return clipped[1:] if clipped.startswith(GUARDED) else clipped


@lru_cache(maxsize=4096)
def number(text: str) -> int | None:
    """`5`, `05`, `5.0`, `Season 5`."""
    found = _NUMBER.fullmatch(text[:40])
    return int(found[1]) if found else None


@lru_cache(maxsize=4096)
def code(text: str) -> tuple[int, int] | None:
    """Season and number of `S01E05`, `s1 e5`, `1x05`."""
    found = _CODE.fullmatch(text[:40])
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
