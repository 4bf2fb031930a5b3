"""Keys: what the names of the objects around a list say: what it is of, or perhaps whose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from bot.progress.trackers.columns import plain
from bot.progress.trackers.fields import code, number, whose
from bot.progress.trackers.json_stream import Path
from bot.progress.trackers.record import Ids, Record
from data.story.titles import fold_title

# What a list is called for what it holds, without anything between words.
SECTIONS = frozenset(
    {
        *("shows", "show", "series", "tv", "tvshows", "tvseries", "anime", "episodes", "episode"),
        *("history", "watched", "watches", "watchhistory", "watchedepisodes", "watchedshows"),
        *("seen", "seenepisodes", "viewed", "viewinghistory", "viewingactivity", "views"),
        *("played", "plays", "playhistory", "rewatched", "rewatches", "completed", "finished"),
        *("items", "item", "data", "results", "result", "response", "entries", "entry", "content"),
        *("list", "lists", "records", "record", "rows", "values", "value", "nodes", "edges"),
        *("activity", "activities", "log", "logs", "diary", "reviews", "events", "export"),
        *("backup", "seasons", "season", "specials", "pep", "body", "payload", "docs", "all"),
        *("serien", "folgen", "episoden", "verlauf", "gesehen", "épisodes", "historique", "vus"),
        *("episodios", "historial", "vistos", "episódios", "histórico", "assistidos"),
    }
)
Label = tuple[str, ...]  # the names that nothing explains, from the outside inwards

_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:[-_/.]?[0-9]{2}){0,2}")
_PIECE = re.compile(r"(?:page|part|chunk|batch|file|teil|seite)[0-9]{1,5}")
# What catalogues call a show; people have longer numbers, where they have any.
_ID = re.compile(
    r"(?:(?:tvdb|thetvdb|tmdb|imdb|tvmaze|trakt|simkl)[-_: ]?)?(?:[0-9]{1,10}|tt[0-9]{5,12})"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[_-]+")


def unexplained(path: Path, record: Record) -> Label:
    """The names on the way to an entry that say neither what it is of nor when it was."""
    return tuple(name for name in path if not _is_explained(name, record))


def _is_explained(name: str, record: Record) -> bool:
    word = plain(name)
    if not word or word in SECTIONS or _DATE.fullmatch(name.strip()) or _PIECE.fullmatch(word):
        return True
    if fold_title(name) == fold_title(record.work.title):
        return True
    spelt = _MARKS.sub(" ", name)
    season = record.entry.season
    at = code(spelt) or (number(spelt), None)
    return season is not None and at[0] == season


class Lists:
    """The lists of a file under names that nothing explains, with the shows in each."""

    def __init__(self) -> None:
        self._shows = defaultdict[Label, set[str]](set)
        self._seen = dict[tuple[Path, str, Ids, int | None, str], str]()
        self._whose = dict[str, tuple[Label, str]]()

    def see(self, path: Path, record: Record) -> str:
        """A name of its own for whose an entry is, in the list that it stands in."""
        work, season, who = record.work, record.entry.season, record.profile
        at = path, work.title, work.ids, season, who
        if (key := self._seen.get(at)) is None:
            label = unexplained(path, record)
            self._shows[label].add(fold_title(work.title) or str(work.ids))
            key = self._seen[at] = repr((label, who)) if label else who
            self._whose.setdefault(key, (label, who))
        return key

    @property
    def are_several(self) -> bool:
        return len({*self._called().values()}) > 1

    def names(self) -> Mapping[str, str]:
        """What people are to be called for each of those names; those of one list have one."""
        called, found = self._called(), dict[str, str]()
        taken = dict[str, tuple[Label, str]]()
        for key, (label, who) in self._whose.items():
            whole = called[label], who
            name = whose((*called[label], who))
            while taken.setdefault(name, whole) != whole:
                name += "'"
            found[key] = name
        return found

    def _called(self) -> Mapping[Label, Label]:
        """What each list is called. What all have in common says nothing.

        Ids that have a show each, and no two of them the same, are the shows'.
        """
        by_rest = defaultdict[Label, list[Label]](list)
        for label in self._shows:
            by_rest[tuple(one for one in label if not _ID.fullmatch(one))].append(label)
        named = {
            label: rest if self._are_shows(labels) else label
            for rest, labels in by_rest.items()
            for label in labels
        }
        common = set[str].intersection(*map(set, named.values())) if named else set[str]()
        return {label: tuple(one for one in of if one not in common) for label, of in named.items()}

    def _are_shows(self, labels: Sequence[Label]) -> bool:
        shows = [self._shows[label] for label in labels]
        each = set(chain.from_iterable(shows))
        return all(len(one) == 1 for one in shows) and len(each) == len(shows)
