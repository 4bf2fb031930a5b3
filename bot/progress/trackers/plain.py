"""Plain tables: one episode a line, in columns that name themselves; JSON lists of such lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.progress.trackers.columns import Columns
from bot.progress.trackers.fields import catalogue_id, code, first, number, person, title, year
from bot.progress.trackers.moments import day
from bot.progress.trackers.record import OURS, Entry, Found, Left, Record, Said, Work, ids
from bot.progress.trackers.words import flag

EPISODES = frozenset({"", "episode", "ep", "episodes", "watch", "rewatch", "watched"})
FILMS = frozenset({"movie", "movies", "film", "films"})
WATCHES = frozenset({"", "history", "watch", "scrobble", "checkin", "watched"})


def read(
    columns: Columns, row: Mapping[str, str], *, are_ids_of_episodes: bool = False
) -> Iterator[Found]:
    """What a line says. `are_ids_of_episodes`: the ids that stand beside are not the show's."""
    kind = first(row, columns.kinds).casefold()
    if kind in FILMS:
        yield Left.FILM
    elif kind not in EPISODES or first(row, columns.actions).casefold() not in WATCHES:
        yield Left.OTHER
    elif entry := entry_of(columns, row):
        work = work_of(columns, row, with_ids=not are_ids_of_episodes)
        if work.title:
            who = person(row, columns.profiles)
            said, dates = columns.said(row), columns.dates(row)
            unclear = columns.unclear(row) if said is Said.UNCLEAR else None
            yield Record(work, entry, said, who, dates, unclear)
        else:
            yield Left.NAMELESS
    else:
        yield Left.OTHER


def work_of(columns: Columns, row: Mapping[str, str], *, with_ids: bool = True) -> Work:
    wanted: Mapping[str, Sequence[str]] = columns.ids if with_ids else {}
    found = {kind: catalogue_id(first(row, names)) for kind, names in wanted.items()}
    found[OURS] = first(row, columns.ours).partition(":")[0][:100] or None
    named_as = title(row.get(columns.show or "", ""))
    return Work(named_as, year(first(row, columns.years)), ids(**found))


def entry_of(columns: Columns, row: Mapping[str, str]) -> Entry | None:
    """The episode of a line; None where it names none."""
    ours = first(row, columns.ours).partition(":")[2][:100] or None
    at = first(row, columns.episodes)
    season, episode = code(at) or (number(first(row, columns.seasons)), number(at))
    if ours is None and (season is None or episode is None):
        return None
    is_special = season == 0 or any(flag(row.get(name, "")) for name in columns.specials)
    episode_title = title(row.get(columns.title, "")) if columns.title else ""
    aired = day(first(row, columns.aired))
    return Entry(season, episode, episode_title, aired, is_special, ours)
