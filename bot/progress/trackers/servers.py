"""Media servers: what Jellyfin, Emby and Tautulli write about what was played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.progress.trackers.fields import number, table, text, title, whose
from bot.progress.trackers.moments import day
from bot.progress.trackers.record import Entry, Found, Left, Record, Said, Work

MOST_IN_ONE = 50  # episodes in one file


def is_jellyfin(entry: Mapping[str, object]) -> bool:
    return "SeriesName" in entry and "IndexNumber" in entry


def jellyfin(entry: Mapping[str, object]) -> Iterator[Found]:
    """An item; only `Played` proves something: counts and dates come with starting it."""
    season = number(text(entry.get("ParentIndexNumber")))
    first = number(text(entry.get("IndexNumber")))
    name = title(text(entry.get("SeriesName")))
    if text(entry.get("Type")) not in {"", "Episode"} or season is None or first is None:
        yield Left.OTHER
        return
    if not name:
        yield Left.NAMELESS
        return
    last = number(text(entry.get("IndexNumberEnd"))) or first
    is_played = table(entry.get("UserData")).get("Played") is True
    said = Said.WATCHED if is_played else Said.NOT_WATCHED
    # The title of a file with several episodes is the first one's.
    called, aired = title(text(entry.get("Name"))), day(text(entry.get("PremiereDate")))
    for at in range(first, min(last, first + MOST_IN_ONE) + 1):
        own = (called, aired) if at == first else ("", None)
        yield Record(Work(name), Entry(season, at, *own, is_special=season == 0), said)


def is_tautulli(entry: Mapping[str, object]) -> bool:
    return "grandparent_title" in entry and "watched_status" in entry


def tautulli(entry: Mapping[str, object]) -> Iterator[Found]:
    """One play of somebody who uses the server; 1 in `watched_status` is a whole one."""
    if text(entry.get("media_type")) == "movie":
        yield Left.FILM
        return
    season = number(text(entry.get("parent_media_index")))
    at = number(text(entry.get("media_index")))
    name = title(text(entry.get("grandparent_title")))
    if season is None or at is None or not name:
        yield Left.OTHER
        return
    is_whole = text(entry.get("watched_status")) in {"1", "1.0"}
    said = Said.WATCHED if is_whole else Said.NOT_WATCHED
    who = whose(text(entry.get(name)) for name in ("friendly_name", "user", "user_id"))
    found = Entry(season, at, title(text(entry.get("title"))), is_special=season == 0)
    yield Record(Work(name), found, said, who)
