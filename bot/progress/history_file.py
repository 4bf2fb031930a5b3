"""Watched: what a file from another service says somebody has seen, read from its bytes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO

from bot.sources.json_fields import rows, table
from bot.ui.text import clip
from data.points import SPECIALS

EMPTY = "That file is empty."
PACKED = (
    "That is a packed file. Open it and attach one file from it: from TV Time "
    "`tracking-prod-records-v2.csv` (or `seen_episode_source.csv`), from Trakt "
    "`watched-history-1.json`. If there are several of those, begin with the highest number."
)
EXCEL = "That is an Excel file. Save it as CSV and attach that."
NO_TEXT = "I can't read that as text. Attach a CSV or JSON file, saved as UTF-8 if you are asked."
BROKEN_TABLE = (
    "That CSV is broken: a quotation mark is never closed, or one line has no end. "
    "Save it again as CSV and attach that."
)
BROKEN_JSON = "That JSON is broken. Export it again and attach that."
WRONG_COLUMNS = (
    "I find no episodes in that file. A CSV needs a first line that names its columns, "
    "and then one line for each episode:\n```\nshow,season,episode\nLost,1,1\nLost,1,2\n```\n"
    "Exports of TV Time and Trakt have them under their own names. "
    "Netflix's history has no numbers of episodes, so I don't read it."
)
TOO_MANY = "That file lists more than 200,000 entries, and I read no more than that."
NONE_SEEN = (
    "That file does not say of any episode that you have watched it. "
    "From TV Time attach `tracking-prod-records-v2.csv` (or `seen_episode_source.csv`), "
    "from Trakt `watched-history-1.json`."
)

MOST = 200_000  # entries in one file; the longest histories that people tell of have a tenth
MOST_BRACKETS = 400_000  # in JSON, which has some seven for an entry; more take very long to read
LONGEST_LINE = 100_000  # characters; the csv module reads a line in one go, and nobody else runs
LONGEST_TITLE = 200
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
EXCEL_2003, IN_EXCEL = b"\xd0\xcf\x11\xe0", b"xl/workbook"  # its beginning; a file in it
BYTE_ORDERS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
HEADER = ("show", "season", "episode")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for one
GUARDED = tuple(f"'{mark}" for mark in FORMULAS)  # and how it is told not to

# What columns are called, in small letters without anything between words; the first one counts.
SHOW = ("show", "seriesname", "tvshowname", "showtitle", "showname", "series", "title")
SEASON = ("season", "seasonnumber", "episodeseasonnumber")
EPISODE = ("episode", "episodenumber")
YEAR = ("year", "showyear")
TMDB = ("tmdbid", "showtmdbid")
TVMAZE = ("tvmazeid", "showtvmazeid")

# What says that an episode was watched: a time or a count. Empty or 0, it says that it was not.
SEEN = ("watchedat", "lastwatchedat", "iswatched", "completed", "plays", "watchedcount")
NOT_SEEN = frozenset({"", "0", "false", "no", "null"})
# What only lists of something else have: wishes, ratings, collections, comments, half an episode.
ELSE = frozenset(
    {
        *("collectedat", "ratedat", "listedat", "watchlistedat", "pausedat", "hiddenat"),
        *("votekey", "parentcommentid"),
    }
)
TYPES = frozenset({"", "watch", "rewatch", "watched", "episode"})
EVENTS = ("watch-episode", "rewatch-episode")

_NUMBER = re.compile(r"\s*([0-9]{1,5})(?:\.0+)?\s*")
_WHOLE = re.compile(r"\s*([0-9]{1,15})\s*")
_WORD = re.compile(r"[\W_]+")

Number = tuple[int, int]  # of an episode: its season's (0 for specials), and its own in that
Record = Mapping[str, str]  # an entry, by what its columns are called


class UnreadableError(ValueError):
    """A file that tells of nothing watched; its message is for the person who attached it."""


@dataclass(frozen=True, slots=True)
class Work:
    """A show as a file names it, with the ids that it has in catalogues."""

    title: str
    year: int | None = None
    tmdb: int | None = None
    tvmaze: int | None = None


def read(data: bytes) -> dict[Work, set[Number]]:
    """The numbers of the episodes that were watched, by show; nothing else in the file is kept.

    Reads the CSV files of TV Time's data export and of Trakt, the JSON of Trakt and of *TV Time
    Out*, and a plain CSV. Raises `UnreadableError` for everything else, and nothing but that.
    """
    if data.startswith(EXCEL_2003) or (data.startswith(ZIP) and IN_EXCEL in data):
        raise UnreadableError(EXCEL)
    if data.startswith((ZIP, GZIP)):
        raise UnreadableError(PACKED)
    text = _decode(data)
    if not text.strip():
        raise UnreadableError(EMPTY)
    records = _in_json(text) if text.lstrip().startswith(("[", "{")) else _in_table(text)
    found = dict[Work, set[Number]]()
    for count, record in enumerate(records):
        if count == MOST:
            raise UnreadableError(TOO_MANY)
        if seen := _seen(record):
            found.setdefault(seen[0], set()).add(seen[1])
    if not found:
        raise UnreadableError(NONE_SEEN)
    return found


def write(watched: Iterable[tuple[str, int, int]]) -> bytes:
    """A CSV of titles, seasons and episodes: `read` reads it, and no spreadsheet computes it."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for title, season, episode in watched:
        writer.writerow((f"'{title}" if title.startswith(FORMULAS) else title, season, episode))
    return file.getvalue().encode("utf-8-sig", errors="replace")  # the mark is for spreadsheets


def _decode(data: bytes) -> str:
    """As UTF-16 where it begins so, else as UTF-8, else as Windows writes it in Western Europe."""
    is_utf_16 = data.startswith(BYTE_ORDERS)
    try:
        text = data.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        if is_utf_16:
            raise UnreadableError(NO_TEXT) from None
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise UnreadableError(NO_TEXT)
    return text


def _in_table(text: str) -> Iterator[Record]:
    """The lines of a CSV. Raises `UnreadableError`."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)  # spreadsheets use what their country uses
    table_rows = csv.reader(_lines(text.lstrip()), delimiter=delimiter, strict=True)
    try:
        names = [_plain(name) for name in next(table_rows)]
        if not all(set(wanted) & set(names) for wanted in (SHOW, SEASON, EPISODE)):
            raise UnreadableError(WRONG_COLUMNS)
        for row in table_rows:
            yield dict(zip(names, row, strict=False))
    except csv.Error:
        raise UnreadableError(BROKEN_TABLE) from None


def _lines(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > LONGEST_LINE:
            raise UnreadableError(BROKEN_TABLE)
        yield line


def _in_json(text: str) -> Iterator[Record]:
    """The entries of a list in JSON. Raises `UnreadableError`."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise UnreadableError(TOO_MANY)
    try:
        whole: object = json.loads(
            text, parse_int=_short, parse_float=_nothing, parse_constant=_nothing
        )
    except (ValueError, RecursionError):
        raise UnreadableError(BROKEN_JSON) from None
    for entry in rows(whole) or [whole]:
        yield from _records(table(entry))


def _records(entry: Mapping[str, object]) -> Iterator[Record]:
    """What an entry says: a show with its seasons, one episode of a show, or a line of a table."""
    about, episode = table(entry.get("show")), table(entry.get("episode"))
    seasons = rows(entry.get("seasons"))
    if seasons:
        show = _about(about or entry)
        for season in map(table, seasons):
            number = str(SPECIALS) if season.get("is_specials") is True else season.get("number")
            for one in map(table, rows(season.get("episodes"))):
                yield _told(one, show, number, one.get("number"))
    elif about and episode:
        yield _told(entry, _about(about), episode.get("season"), episode.get("number"))
    else:
        yield _scalars(entry)


def _about(show: Mapping[str, object]) -> Mapping[str, object]:
    tmdb = table(show.get("ids")).get("tmdb")
    return {"show": show.get("title"), "year": show.get("year"), "tmdbid": tmdb}


def _told(
    entry: Mapping[str, object], show: Mapping[str, object], season: object, number: object
) -> Record:
    """An entry as a line of a table; empty unless it says whether the episode was watched."""
    told = _scalars(entry)
    # Specials among the others are counted by themselves, and would be taken for the others.
    is_misplaced = told.get("special") == "true" and season != str(SPECIALS)
    if is_misplaced or not any(name in told for name in SEEN):
        return {}
    told.pop("title", None)  # the episode's
    return told | _scalars(show) | _scalars({"season": season, "episode": number})


def _scalars(entry: Mapping[str, object]) -> dict[str, str]:
    """Texts, numbers (which were read as texts) and yes or no, by their names."""
    told = dict[str, str]()
    for name, value in entry.items():
        if isinstance(value, bool):
            told[_plain(name)] = "true" if value else "false"
        elif value is None or isinstance(value, str):
            told[_plain(name)] = value or ""
    return told


def _seen(record: Record) -> tuple[Work, Number] | None:
    """The episode that an entry tells of, if it tells that somebody has watched one."""
    season, episode = _number(_first(record, SEASON)), _number(_first(record, EPISODE))
    title = _title(_first(record, SHOW))
    if season is None or episode is None or not title or not _is_seen(record):
        return None
    year, tmdb, tvmaze = (_whole(_first(record, names)) for names in (YEAR, TMDB, TVMAZE))
    return Work(title, year, tmdb, tvmaze), (season, episode)


def _is_seen(record: Record) -> bool:
    """Whether it was watched; a list that says nothing of it is one of what was."""
    said = [record[name].strip().casefold() for name in SEEN if name in record]
    if any(word in NOT_SEEN for word in said) or (not said and not ELSE.isdisjoint(record)):
        return False
    if record.get("type", "").strip().casefold() not in TYPES:
        return False
    # TV Time keeps all that anybody did in one table.
    keys = [record[name] for name in ("key", "gsi") if name in record and "seriesname" in record]
    return not keys or any(key.startswith(EVENTS) for key in keys)


def _first(record: Record, names: Iterable[str]) -> str:
    for name in names:
        if found := record.get(name):
            return found
    return ""


def _title(text: str) -> str:
    title = clip(text[: LONGEST_TITLE * 2].strip(), LONGEST_TITLE)
    return title[1:] if title.startswith(GUARDED) else title


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _whole(text: str) -> int | None:
    """An id or a year; None for 0, which stands for none in some exports."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) or None if found else None


@lru_cache(maxsize=1024)  # a file has few names, and each of them again and again
def _plain(name: str) -> str:
    return _WORD.sub("", name[:100]).casefold()


def _short(digits: str) -> str:
    return digits[:20]


def _nothing(_: str) -> None:
    return None
