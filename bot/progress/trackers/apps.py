"""Apps: the backups of Showly, Watcharr and Serializd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.progress.trackers.fields import catalogue_id, number, rows, table, text, title, whose, year
from bot.progress.trackers.record import Entry, Found, Ids, Left, Record, Said, Work, ids

SHOWLY_SHOWS = frozenset({"cH", "cW", "cHid"})


def showly_ids(entry: Mapping[str, object], name: str) -> Ids:
    return ids(tmdb=catalogue_id(text(entry.get(name))))


def showly(entry: Mapping[str, object]) -> Iterator[Found]:
    """An episode in `pEp`, which lists those that were watched; its show has a number only."""
    season, at = number(text(entry.get("sN"))), number(text(entry.get("eN")))
    found = showly_ids(entry, "stmId")
    if season is None or at is None or not found:
        yield Left.OTHER
    else:
        yield Record(Work("", ids=found), Entry(season, at, is_special=season == 0), Said.WATCHED)


def is_watcharr(entry: Mapping[str, object]) -> bool:
    return isinstance(entry.get("content"), dict) and "watchedEpisodes" in entry


def watcharr(entry: Mapping[str, object]) -> Iterator[Found]:
    """A show; among its `watchedEpisodes` there are planned and dropped ones, too."""
    content = table(entry.get("content"))
    if text(content.get("type")) != "tv":
        yield Left.FILM
        return
    began = year(text(content.get("release_date"))[:4])
    found = ids(tmdb=catalogue_id(text(content.get("tmdbId"))))
    work = Work(title(text(content.get("title"))), began, found)
    for one in map(table, rows(entry.get("watchedEpisodes"))):
        season, at = number(text(one.get("seasonNumber"))), number(text(one.get("episodeNumber")))
        if season is None or at is None or not work.title:
            yield Left.OTHER
            continue
        is_finished = text(one.get("status")) == "FINISHED"
        said = Said.WATCHED if is_finished else Said.NOT_WATCHED
        yield Record(work, Entry(season, at, is_special=season == 0), said)


def is_serializd(entry: Mapping[str, object]) -> bool:
    return "showName" in entry and "episodeNumber" in entry


def serializd(entry: Mapping[str, object]) -> Iterator[Found]:
    """A log entry; the season's number stands in the list of seasons beside it."""
    at = number(text(entry.get("episodeNumber"))) or 0
    is_logged = entry.get("isLogged", entry.get("isLog")) is True
    numbers = {
        text(season.get("id")): number(text(season.get("seasonNumber")))
        for season in map(table, rows(entry.get("showSeasons")))
    }
    season = numbers.get(text(entry.get("seasonId")))
    name = title(text(entry.get("showName")))
    if at == 0 or season is None or not name or not is_logged:
        yield Left.OTHER
        return
    began = year(text(entry.get("showPremiereDate"))[:4])
    work = Work(name, began, ids(tmdb=catalogue_id(text(entry.get("showId")))))
    who = whose([text(entry.get("author"))])
    yield Record(work, Entry(season, at, is_special=season == 0), Said.WATCHED, who)
