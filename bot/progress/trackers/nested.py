"""Nested JSON: shows with their seasons and episodes, and single episodes that name their show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.progress.trackers.columns import ELSE, columns_of
from bot.progress.trackers.fields import (
    first,
    number,
    person,
    row,
    rows,
    show_ids,
    table,
    text,
    title,
    whose,
    year,
)
from bot.progress.trackers.json_stream import Path
from bot.progress.trackers.moments import day
from bot.progress.trackers.plain import WATCHES
from bot.progress.trackers.record import Entry, Found, Left, Record, Said, Work
from bot.progress.trackers.words import count, flag, is_wish

CATALOGUES = ("imdb", "tvdb", "tmdb", "tvmaze")
ANIME_IDS = ("mal", "anidb", "anilist", "kitsu")
AIRED = ("firstaired", "aired", "airdate", "releasedate")


def show_of(entry: Mapping[str, object]) -> Work:
    """The show of an entry that is one, or holds one."""
    about = table(entry.get("show")) or entry
    found = dict(table(about.get("ids")) or table(about.get("id")))
    for kind in CATALOGUES:
        found.setdefault(kind, about.get(f"{kind}_id"))
    total = number(text(about.get("aired_episodes"))) or number(
        text(entry.get("total_episodes_count"))
    )
    is_cour = "anime_type" in entry or any(found.get(kind) for kind in ANIME_IDS)
    ids = show_ids(found)
    return Work(title(text(about.get("title"))), year(text(about.get("year"))), ids, total, is_cour)


def is_show(entry: Mapping[str, object]) -> bool:
    return isinstance(entry.get("show"), dict) or isinstance(entry.get("seasons"), list)


def seasons(path: Path, entry: Mapping[str, object]) -> Iterator[Found]:
    """A show with its seasons; in files of Trakt and Simkl an episode is listed once watched."""
    work, is_wished = show_of(entry), is_wish(text(entry.get("status")))
    if not work.title:
        yield Left.NAMELESS
        return
    if path[-1:] == ("anime",):
        work = replace(work, is_cour=True)
    if not rows(entry.get("seasons")):
        is_watched = "show" in entry and ("plays" in entry or "status" in entry) and not is_wished
        yield work if is_watched else Left.OTHER
        return
    is_list = "show" in entry and not is_wished and _is_of_watches(entry)
    for season in map(table, rows(entry.get("seasons"))):
        at = number(text(season.get("number", season.get("season"))))
        is_special = at == 0 or season.get("is_specials") is True
        of_season = row(season)
        whose_season = person(of_season, columns_of(tuple(of_season)).profiles)
        for one in map(table, rows(season.get("episodes"))):
            found = _episode(work, at, one, is_special=is_special, is_list=is_list)
            if whose_season and isinstance(found, Record):
                found = replace(found, profile=whose((whose_season, found.profile)))
            yield found


def _is_of_watches(entry: Mapping[str, object]) -> bool:
    """Whether the show is said to be watched, so that its listed episodes are those."""
    told = row(entry)
    is_played = bool(count(told.get("plays", "")))
    is_said = bool(first(told, ("lastwatchedat", "watchedat", "status")))
    return ELSE.isdisjoint(told) and (is_played or is_said)


def _episode(
    work: Work, season: int | None, one: Mapping[str, object], *, is_special: bool, is_list: bool
) -> Record | Left:
    told = row(one)
    at = number(first(told, ("number", "episode")))
    if season is None or at is None:
        return Left.OTHER
    columns = columns_of(tuple(told))
    said = columns.said(told)
    # A list of what was watched may leave the time out.
    is_dated_only = not any(columns.tiers[:-1]) and not first(told, columns.tiers[-1])
    if said is Said.NOTHING or (is_list and said is Said.NOT_WATCHED and is_dated_only):
        said = Said.WATCHED if is_list and not columns.is_of_else else Said.NOT_WATCHED
    if columns.is_far_ahead(told):
        said = Said.NOT_WATCHED
    is_special = is_special or bool(flag(first(told, ("special", "isspecial"))))
    name = title(first(told, ("title", "name")))
    aired = day(first(told, AIRED))
    dates = () if is_list else columns.dates(told)
    entry = Entry(season, at, name, aired, is_special)
    who = person(told, columns.profiles)
    unclear = columns.unclear(told) if said is Said.UNCLEAR else None
    return Record(work, entry, said, who, dates, unclear)


def is_history(entry: Mapping[str, object]) -> bool:
    return isinstance(entry.get("episode"), dict) and isinstance(entry.get("show"), dict)


def history(entry: Mapping[str, object]) -> Iterator[Found]:
    """One episode of a show: a watch, or a rating, a wish or half an episode."""
    episode, work = table(entry.get("episode")), show_of(entry)
    season, at = number(text(episode.get("season"))), number(text(episode.get("number")))
    told = row(entry)
    is_watch = told.get("action", "").casefold() in WATCHES
    if told.get("type", "episode") != "episode" or season is None or at is None or not is_watch:
        yield Left.OTHER
    elif not work.title:
        yield Left.NAMELESS
    else:
        name = title(text(episode.get("title")))
        found = Entry(season, at, name, day(text(episode.get("first_aired"))), season == 0)
        columns = columns_of(tuple(told))
        who = person(told, columns.profiles)
        said, dates = _said_of_event(told), columns.dates(told)
        yield Record(work, found, said, who, dates, columns.unclear(told))


def _said_of_event(told: Mapping[str, str]) -> Said:
    """One that calls itself a watch is one, whenever it was, if it has a time."""
    columns = columns_of(tuple(told))
    if told.get("action") and told.get("watchedat") and not any(columns.tiers[:-1]):
        return Said.WATCHED
    said = columns.said(told)
    return Said.NOT_WATCHED if said is Said.NOTHING else said
