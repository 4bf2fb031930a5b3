"""Marks: tables that name the last episode of a show, or one line for each watched episode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.progress.trackers.columns import Columns
from bot.progress.trackers.fields import catalogue_id, code, first, number, title, year
from bot.progress.trackers.moments import happened
from bot.progress.trackers.record import Entry, Found, Left, Record, Said, Work, ids
from bot.progress.trackers.words import is_wish

ANIME = frozenset({"anime"})
FILMS = frozenset({"movie", "film"})

_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")


def is_betaseries_shows(columns: Columns) -> bool:
    return {"title", "archive", "episode", "remaining"} <= columns.known


def betaseries_shows(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    id = catalogue_id(row.get("thetvdbid", ""))
    work = Work(title(row.get("title", "")), ids=ids(tvdb=id))
    yield _mark(work, code(row.get("episode", "")))


def is_betaseries_episodes(columns: Columns) -> bool:
    return columns.known == frozenset({"id", "show", "episode", "title", "date"})


def betaseries_episodes(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    """Each line is an episode that was watched, and when; a mere day may be the one it aired."""
    at, name = code(row.get("episode", "")), title(row.get("show", ""))
    if at is None or not name:
        yield Left.OTHER
    else:
        entry = Entry(*at, title(row.get("title", "")), is_special=at[0] == 0)
        is_timed = bool(_TIME.search(row["date"])) and happened(row["date"])
        said = Said.WATCHED if is_timed else Said.NOTHING
        yield Record(Work(name), entry, said, dates=(("date", row["date"]),))


def is_simkl(columns: Columns) -> bool:
    return "lastepwatched" in columns.known


def simkl(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    kind = row.get("type", "").strip().casefold()
    if kind in FILMS:
        yield Left.FILM
        return
    named = {
        name: catalogue_id(first(row, (name, f"{name}id"))) for name in ("tvdb", "tmdb", "imdb")
    }
    is_cour = kind in ANIME or bool(first(row, ("malid", "mal")))
    work = Work(
        title(row.get("title", "")), year(row.get("year", "")), ids(**named), is_cour=is_cour
    )
    watchlist, last = row.get("watchlist", ""), row["lastepwatched"]
    episode = number(last)
    at = code(last) or (None if episode is None else (1, episode))
    if at is None:
        yield Left.OTHER if is_wish(watchlist) or not work.title else work
    else:
        yield Left.OTHER if is_wish(watchlist) else _mark(work, at)


def _mark(work: Work, at: tuple[int, int] | None) -> Record | Left:
    """The last episode of a show; S00E00 stands for none."""
    if at is None or not work.title or 0 in at:
        return Left.OTHER
    return Record(work, Entry(*at), Said.MARK)


def is_yamtrack(columns: Columns) -> bool:
    return {"mediaid", "source", "mediatype"} <= columns.known


def yamtrack(_: Columns, row: Mapping[str, str]) -> Iterator[Found]:
    """A line of the kind `episode` is there once it was watched; other lines are sums."""
    kind = row.get("mediatype", "").strip().casefold()
    season, episode = number(row.get("seasonnumber", "")), number(row.get("episodenumber", ""))
    name = title(row.get("title", ""))
    if kind != "episode" or season is None or episode is None or not name:
        yield Left.FILM if kind in FILMS else Left.OTHER
        return
    id = catalogue_id(row.get("mediaid", "")) if row.get("source") == "tmdb" else None
    entry = Entry(season, episode, is_special=season == 0)
    yield Record(Work(name, ids=ids(tmdb=id)), entry, Said.WATCHED)
