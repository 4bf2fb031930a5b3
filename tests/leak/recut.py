"""Recut: copies of recorded files in which seasons are cut into halves or joined in pairs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from bot.progress.trackers.reading import History, Listed
from bot.progress.trackers.record import Entry, Said, Work
from tests.support.trackers import CATALOGUE, OURS

LAST = 26  # the number of a half that is later than all: no season has more than 12 episodes
OURS_BY_LABEL = {
    show["slug"]: {
        one["n"]: (str(one["title"]), date.fromisoformat(one["aired"])) for one in show["episodes"]
    }
    for show in CATALOGUE
}
CATALOGUES = ("imdb", "tvdb", "tmdb", "tvmaze")
HEAD = (
    *("show", "year", *(f"show {kind}" for kind in CATALOGUES)),
    *("season", "episode", "episode title", "aired", "watched"),
)
UNSEEN = frozenset({Said.NOT_WATCHED, Said.UNCLEAR})

Season = list[tuple[Entry, bool]]  # its regular episodes in order, and whether each was watched
Cut = Callable[[Season], Season]


@dataclass(frozen=True, slots=True)
class Copy:
    """A table that says the same of the same episodes, in other numbers."""

    name: str
    data: bytes


def copies(history: History, *, counts_as_we_do: bool) -> Iterator[Copy]:
    """Of what the first person in a file has watched: with titles, with dates, with neither.

    `counts_as_we_do`: what the file itself does not say of an episode, our catalogue does. Where
    it does not, halves alone: in pairs such a file may prove more than as it is.
    """
    listed = next(iter(history.people.values()))
    told = [*_told(listed)] if counts_as_we_do else [*listed.items()]
    found = dict[bytes, str]()
    for cut in CUTS if counts_as_we_do else (halves,):
        for kept in ("title", "aired", ""):
            rows = [
                _row(work, entry, kept, is_watched=is_watched)
                for work, entries in told
                if work.title and not work.is_cour
                for season in _seasons(entries)
                for entry, is_watched in cut(season)
            ]
            if rows:
                found.setdefault(_table(rows), f"{cut.__name__}, with {kept or 'numbers alone'}")
    for data, name in found.items():
        yield Copy(name, data)


def _told(listed: Listed) -> Iterator[tuple[Work, Mapping[Entry, Said]]]:
    """With the titles and dates of our catalogue, and the next episode of each season."""
    matched = OURS.match([*listed]).found
    for work, entries in listed.items():
        known = OURS_BY_LABEL[matched[work].slug] if work in matched else {}
        ends = {one.season: one.number or 0 for one in sorted(entries, key=_place)}
        after = [Entry(season, number + 1) for season, number in ends.items() if season]
        told = dict.fromkeys((one for one in after if _label(one) in known), Said.NOT_WATCHED)
        yield work, {_filled(entry, known): said for entry, said in {**told, **entries}.items()}


def _filled(entry: Entry, known: Mapping[str, tuple[str, date]]) -> Entry:
    title, day = known.get(_label(entry), ("", None))
    return replace(entry, title=entry.title or title, aired=entry.aired or day)


def _label(entry: Entry) -> str:
    return f"S{entry.season}E{entry.number}"


def _place(entry: Entry) -> tuple[int, int]:
    return entry.season or 0, entry.number or 0


def halves(season: Season) -> Season:
    """Each episode in two, and the last half of the season, which nobody has watched."""
    found = Season()
    for entry, is_watched in season:
        number = 2 * (entry.number or 0) - 2
        for part in (1, 2):
            title = f"{entry.title} ({part})" if entry.title else ""
            found.append((replace(entry, number=number + part, title=title), is_watched))
    return [*found, (Entry(season[0][0].season, LAST), False)]


def begun(season: Season) -> Season:
    """As a list of watched ones has it whose owner has also seen half of the next episode."""
    cut = halves(season)
    first = next(place for place, (_, is_watched) in enumerate(cut) if not is_watched)
    half, last = cut[first][0], cut[-1]
    return cut if half == last[0] else [*cut[:first], (half, True), last]


def pairs(season: Season) -> Season:
    """Each two episodes in one, which is watched once both are."""
    found = Season()
    for number, two in groupby(season, key=lambda one: ((one[0].number or 0) + 1) // 2):
        parts = [*two]
        title = " / ".join(entry.title for entry, _ in parts if entry.title)
        entry = replace(parts[0][0], number=number, title=title)
        found.append((entry, all(is_watched for _, is_watched in parts)))
    return found


CUTS: tuple[Cut, ...] = (halves, begun, pairs)


def _seasons(entries: Mapping[Entry, Said]) -> Iterator[Season]:
    regular = [
        (entry, said not in UNSEEN)
        for entry, said in entries.items()
        if entry.season and entry.number and not entry.is_special
    ]
    regular.sort(key=lambda one: _place(one[0]))
    for _, season in groupby(regular, key=lambda one: one[0].season):
        yield [*season]


def _row(work: Work, entry: Entry, kept: str, *, is_watched: bool) -> list[str]:
    ids = dict(work.ids)
    return [
        work.title,
        str(work.year or ""),
        *(ids.get(kind, "") for kind in CATALOGUES),
        str(entry.season),
        str(entry.number),
        entry.title if kept == "title" else "",
        entry.aired.isoformat() if kept == "aired" and entry.aired else "",
        "yes" if is_watched else "no",
    ]


def _table(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([HEAD, *rows])
    return file.getvalue().encode()
