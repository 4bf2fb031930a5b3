"""TV Time: the tables of its own data export, and those that programs made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.progress.trackers import plain
from bot.progress.trackers.columns import Columns
from bot.progress.trackers.fields import catalogue_id, first, number, title
from bot.progress.trackers.record import Entry, Found, Left, Record, Said, Work, ids

NO_EPISODES = (
    "That file of TV Time lists no episodes that you watched. In the same export there is "
    "`tracking-prod-records-v2.csv` (or, if it is missing, `tracking-prod-records.csv` or "
    "`seen_episode_source.csv`): attach that."
)
SEEN_FILES = ("seen_episode", "show_seen_episode", "watched_on_episode", "rewatched_episode")
SEEN_AT = ("createdat", "ts")
EVENTS = ("watch-episode", "rewatch-episode")
WATCHES = frozenset({"watch", "rewatch"})
# TV Time kept invented watches of some ten other shows under this one.
INVENTED = "10000018"


def is_v2(columns: Columns) -> bool:
    known = columns.known
    return "seriesname" in known and not known.isdisjoint({"key", "gsi"}) and "sid" in known


def v2(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    """An event, a show or a sum; only an event that is a watch counts."""
    is_watch = any(row.get(name, "").startswith(EVENTS) for name in ("key", "gsi"))
    yield _event(row, "sid", is_watch=is_watch)


def is_v1(columns: Columns) -> bool:
    return {"seriesname", "entitytype", "type"} <= columns.known


def v1(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    if row.get("entitytype") == "movie":
        yield Left.FILM
    else:
        is_watch = row.get("type") in WATCHES and row.get("entitytype") == "episode"
        yield _event(row, "seriesid", is_watch=is_watch)


def _event(row: Mapping[str, str], show_id: str, *, is_watch: bool) -> Record | Left:
    season = number(first(row, ("seasonnumber", "sno")))
    episode = number(first(row, ("episodenumber", "epno")))
    name, id = title(row.get("seriesname", "")), catalogue_id(row.get(show_id, ""))
    if not is_watch or season is None or episode is None or not name or id == INVENTED:
        return Left.OTHER
    is_special = season == 0 or row.get("isspecial") == "true"
    entry = Entry(season, episode, is_special=is_special)
    return Record(Work(name, ids=ids(tvdb=id)), entry, Said.WATCHED)


def is_seen(columns: Columns) -> bool:
    """What says of its lines whether they were watched is a table of somebody's own."""
    names = {"tvshowname", "episodeseasonnumber", "episodenumber"}
    return names <= columns.known and not columns.tells


def seen(columns: Columns, row: Mapping[str, str], *, is_named_so: bool) -> Iterator[Found]:
    """The file's own meaning is "seen", so it counts only under its own name."""
    said = Said.WATCHED if is_named_so and not columns.is_of_else else Said.NOTHING
    for record in plain.read(columns, row):
        if isinstance(record, Record) and not columns.is_of_else:
            dates = tuple((name, row[name]) for name in SEEN_AT if row.get(name))
            record = replace(record, said=said, dates=dates)  # noqa: PLW2901  # told better
        yield record


def is_other(columns: Columns) -> bool:
    """Follows, counters, wishes, lists and votes: no file with episodes that were watched."""
    known = columns.known
    is_of_theirs = not known.isdisjoint({"tvshowid", "tvshowname", "uuid", "seriesuuid"})
    return is_of_theirs and not columns.is_of_episodes


def is_liberator(columns: Columns) -> bool:
    return {"iswatched", "iswatchlisted", "isspecial", "type"} <= columns.known


def liberator(columns: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    yield from plain.read(columns, row, are_ids_of_episodes=True)
