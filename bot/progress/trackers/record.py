"""Records: what one entry of a tracker's file says, in a form that all formats share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

Ids = tuple[tuple[str, str], ...]  # catalogue and id, sorted: (("imdb", "tt1"), ("tvdb", "7"))

OURS = "cliffhanger"  # the catalogue under which our own exports name our shows


class UnreadableError(ValueError):
    """A file that is refused; its message is for the person who attached it."""


class Said(Enum):
    """What an entry says about one episode."""

    WATCHED = "watched"
    NOT_WATCHED = "not watched"
    UNCLEAR = "unclear"  # it says something that is not understood
    NOTHING = "nothing"  # the file has no place where it would say so
    MARK = "mark"  # the last episode watched: it says nothing about those before


class Left(Enum):
    """Why an entry is not about a watched episode."""

    FILM = "film"
    OTHER = "other"  # a wish, a rating, a sum, an event of another kind
    NAMELESS = "nameless"  # the show's name is missing
    CLIP = "clip"  # a trailer, or seconds of an episode


@dataclass(frozen=True, slots=True)
class Work:
    """A show as a file names it.

    `total` is how many episodes the file says it has. `is_cour`: an anime list's entry, which
    counts its own episodes from 1 and may carry the ids of the whole show.
    """

    title: str
    year: int | None = None
    ids: Ids = ()
    total: int | None = None
    is_cour: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode as a file names it; `season` is None where only its title counts.

    `ours` is our own show and episode id, as our export writes them. `is_limited`: the file calls
    the show a limited series.
    """

    season: int | None
    number: int | None
    title: str = ""
    aired: date | None = None
    is_special: bool = False
    ours: str | None = None
    is_limited: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """`dates`: columns with the dates that alone say that it was watched, and what they say.

    `unclear`: a column of it that is not understood, and what it says.
    """

    work: Work
    entry: Entry
    said: Said
    profile: str = ""  # whose entry it is, where a file holds several people
    dates: tuple[tuple[str, str], ...] = ()
    unclear: tuple[str, str] | None = None


Found = Record | Left | Work  # a Work: a show that was watched, without a list of its episodes


def ids(**found: str | None) -> Ids:
    return tuple(sorted((kind, id) for kind, id in found.items() if id))
