"""Formats: the files that are read, what tells each of them apart, and what they lack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from bot.progress.trackers import apps, marks, nested, netflix, plain, servers, tvtime
from bot.progress.trackers.columns import Columns, columns_of
from bot.progress.trackers.decoding import ANIME_LIST
from bot.progress.trackers.fields import row, table
from bot.progress.trackers.json_stream import Path
from bot.progress.trackers.netflix import IsOurs
from bot.progress.trackers.record import Found, Left, UnreadableError

WRONG_COLUMNS = (
    "I find no episodes in that file. A CSV needs a first line that names its columns, and then "
    "one line for each episode:\n"
    "```\nshow,season,episode,watched\nLost,1,1,yes\nLost,1,2,yes\n```\n"
    "The files of TV Time, Trakt, Simkl, Netflix and others have them under their own names."
)
NONE_SEEN = (
    "Nothing in that file says of an episode that you have watched it. "
    "From TV Time attach `tracking-prod-records-v2.csv` (or `seen_episode_source.csv`), "
    "from Trakt `watched-history-1.json`."
)
TRAKT_LACKS = (
    "That file of Trakt doesn't say which episodes you have watched. In the same export there is "
    "`watched-history-1.json`: attach that. If there are several, begin with the highest number."
)
SIMKL_LACKS = (
    "That file of Simkl names no episodes that you watched, only shows. Attach Simkl's backup as "
    "JSON, made with the episodes."
)
NOT_PLAYED = (
    "No episode in that file is marked as watched: one that was begun doesn't count. If you have "
    "watched some, mark them there and export the file once more."
)
FILMS_ONLY = (
    "Letterboxd knows films only, and a film isn't the show of the same name, so there is "
    "nothing to import. If you keep shows on Serializd, Trakt or TV Time, their files work."
)
PLAYBACK = (
    "That is a backup of Playback Reporting. It says how many seconds everybody on a server "
    "played, but not how long an episode is. Attach the server's list of episodes instead: what "
    "`/Items` answers as JSON for your own user."
)
PLEX_LACKS = (
    "That file lists what is in the library, and nothing in it says what you watched. Export it "
    "with a column `View Count`, or attach Tautulli's `get_history`."
)
OWNED = (
    "That file lists episodes that somebody has or waits for (`{column}`), and nothing in it says "
    "which of them you watched. Add a column `watched` with `yes` or `no`."
)
WISHED = (
    "By its name that file lists episodes that are missing, wanted or collected, and nothing in it "
    "says which of them you watched. Add a column `watched` with `yes` or `no`."
)

_OTHER_LIST = re.compile(
    r"missing|wanted|wish|watch[-_ ]?list|collect|owned|unwatched|unseen|to[-_ ]?(?:do|watch|see)"
    r"|planned|planning|queue|backlog|later|upcoming|remaining|unaired|inventory|merkliste|fehlend"
    r"|geplant|ungesehen|not[-_ ]?(?:yet|watched|seen|started)"
)
_PLAYED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+$")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a file besides its text: its name, and which titles are shows of ours."""

    name: str
    is_ours: IsOurs


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; `key` is its row in the table of files that are read."""

    key: str
    service: str
    files: str
    lacks: str = NONE_SEEN  # what is said where it tells of nothing watched


TVTIME_V2 = Format("tvtime-v2", "TV Time", "`tracking-prod-records-v2.csv`", tvtime.NO_EPISODES)
TVTIME_V1 = Format("tvtime-v1", "TV Time", "`tracking-prod-records.csv`", tvtime.NO_EPISODES)
TVTIME_SEEN = Format(
    "tvtime-seen",
    "TV Time",
    "`seen_episode_source.csv`, `seen_episode.csv`, `watched_on_episode.csv`",
    tvtime.NO_EPISODES,
)
TVTIME_EXTENSION = Format(
    "tvtime-extension",
    "TV Time, by browser extensions",
    "`tvtime-series-episodes.csv`, `tvtime-series.json`",
    NOT_PLAYED,
)
TVTIME_LIBERATOR = Format(
    "tvtime-liberator", "TV Time Liberator", "`activity_history.csv`", NOT_PLAYED
)
TRAKT_HISTORY = Format("trakt-history", "Trakt", "`watched-history-1.json`", TRAKT_LACKS)
TRAKT_WATCHED = Format("trakt-watched", "Trakt, until 2026", "`watched-shows.json`", TRAKT_LACKS)
TRAKT_CSV = Format("trakt-csv", "Trakt, by other tools", "CSV of the history", TRAKT_LACKS)
SIMKL_JSON = Format("simkl-json", "Simkl", "the backup as JSON", SIMKL_LACKS)
SIMKL_CSV = Format("simkl-csv", "Simkl", "`SimklBackup.csv`", SIMKL_LACKS)
SERIESGUIDE = Format("seriesguide", "SeriesGuide", "`seriesguide-shows-backup.json`", NOT_PLAYED)
SHOWLY = Format("showly", "Showly", "`showly_export.json`", NOT_PLAYED)
WATCHARR = Format("watcharr", "Watcharr", "the export as JSON", NOT_PLAYED)
SERIALIZD = Format("serializd", "Serializd", "pages of the diary as JSON", NOT_PLAYED)
BETASERIES = Format("betaseries", "BetaSeries", "`episodes.csv`, `series.csv`")
YAMTRACK = Format("yamtrack", "Yamtrack", "the export as CSV")
NETFLIX = Format("netflix", "Netflix", "`NetflixViewingHistory.csv`, `ViewingActivity.csv`")
TAUTULLI = Format("tautulli", "Tautulli", "`get_history` as JSON", NOT_PLAYED)
JELLYFIN = Format("jellyfin-items", "Jellyfin, Emby", "`/Items` as JSON", NOT_PLAYED)
KODI = Format("kodi-rpc", "Kodi", "`VideoLibrary.GetEpisodes` as JSON", NOT_PLAYED)
PLEX = Format("plex-library", "Plex, by WebTools", "CSV with `View Count`", PLEX_LACKS)
OWN = Format("own", "Cliffhanger", "`watched.csv`, as *Export* in `/progress` writes it")
SHEET = Format(
    "sheets", "Any other", "CSV or JSON with a show, season and episode, and whether it was watched"
)
FORMATS = (
    *(TVTIME_V2, TVTIME_V1, TVTIME_SEEN, TVTIME_EXTENSION, TVTIME_LIBERATOR),
    *(
        TRAKT_HISTORY,
        TRAKT_WATCHED,
        TRAKT_CSV,
        SIMKL_JSON,
        SIMKL_CSV,
        SERIESGUIDE,
        SHOWLY,
        WATCHARR,
    ),
    *(SERIALIZD, BETASERIES, YAMTRACK, NETFLIX, TAUTULLI, JELLYFIN, KODI, PLEX, OWN, SHEET),
)
SERVICES: Mapping[str, str] = {one.key: one.service for one in FORMATS}

ReadRow = Callable[[Columns, Mapping[str, str]], Iterator[Found]]


def of_table(columns: Columns, context: Context) -> tuple[Format, ReadRow]:
    """The format of a table, and how its lines are read. Raises `UnreadableError`."""
    _refuse_foreign(columns)
    is_named_seen = context.name.casefold().startswith(tvtime.SEEN_FILES)
    for format_, is_it, read in (
        (TVTIME_V2, tvtime.is_v2, tvtime.v2),
        (TVTIME_V1, tvtime.is_v1, tvtime.v1),
        (TVTIME_SEEN, tvtime.is_seen, partial(tvtime.seen, is_named_so=is_named_seen)),
        (TVTIME_LIBERATOR, tvtime.is_liberator, tvtime.liberator),
        (BETASERIES, marks.is_betaseries_shows, marks.betaseries_shows),
        (BETASERIES, marks.is_betaseries_episodes, marks.betaseries_episodes),
        (SIMKL_CSV, marks.is_simkl, marks.simkl),
        (YAMTRACK, marks.is_yamtrack, marks.yamtrack),
        (NETFLIX, netflix.is_activity, partial(netflix.activity, is_ours=context.is_ours)),
        (NETFLIX, netflix.is_history, partial(netflix.history, is_ours=context.is_ours)),
    ):
        if is_it(columns):
            return format_, read
    return _sheet(columns, context), plain.read


def _refuse_foreign(columns: Columns) -> None:
    if any("letterboxd" in name for name in columns.known):
        raise UnreadableError(FILMS_ONLY)
    if any(_PLAYED.match(name) for name in columns.spelt.values()):
        raise UnreadableError(PLAYBACK)


def _sheet(columns: Columns, context: Context) -> Format:
    if not columns.is_of_episodes:
        raise UnreadableError(tvtime.NO_EPISODES if tvtime.is_other(columns) else WRONG_COLUMNS)
    if "cliffhangerid" in columns.known:
        return OWN
    columns.require_understood()
    _refuse_other_lists(columns, context)
    if {"action", "watchedat"} <= columns.known:
        return TRAKT_CSV
    if "seriestvdbid" in columns.known:
        return TVTIME_EXTENSION
    return PLEX if "seriestitle" in columns.known else SHEET


def _refuse_other_lists(columns: Columns, context: Context) -> None:
    """Raises `UnreadableError` for a list that nothing says is one of what was watched."""
    if columns.is_of_else:
        raise UnreadableError(NONE_SEEN)
    if columns.is_owned:
        if "seriestitle" in columns.known:
            raise UnreadableError(PLEX_LACKS)
        raise UnreadableError(OWNED.format(column=columns.owned))
    if not columns.tells and _OTHER_LIST.search(context.name.casefold()):
        raise UnreadableError(WISHED)


def is_film(path: Path, value: object) -> bool:
    return "movie" in table(value) or path[-1:] == ("movies",)


def of_entry(path: Path, value: object, context: Context) -> tuple[Format, Iterator[Found]] | None:
    """The format of an entry in JSON, and what it says; None where it says nothing."""
    entry = table(value)
    if not entry:
        return None
    if path[-1:] == ("pEp",):
        return SHOWLY, apps.showly(entry)
    for format_, is_it, read in (
        (TRAKT_HISTORY, nested.is_history, nested.history),
        (WATCHARR, apps.is_watcharr, apps.watcharr),
        (JELLYFIN, servers.is_jellyfin, servers.jellyfin),
        (TAUTULLI, servers.is_tautulli, servers.tautulli),
        (SERIALIZD, apps.is_serializd, apps.serializd),
    ):
        if is_it(entry):
            return format_, read(entry)
    if _is_anime(path, entry):
        raise UnreadableError(ANIME_LIST)
    if nested.is_show(entry):
        return _of_show(entry), nested.seasons(path, entry)
    if any(_OTHER_LIST.search(name.casefold()) for name in path):
        return SHEET, iter((Left.OTHER,))
    return _of_row(entry, context)


def _is_anime(path: Path, entry: Mapping[str, object]) -> bool:
    is_anilist = path[-1:] == ("lists",) or ("media" in entry and "progress" in entry)
    return is_anilist or "reconsumeCount" in table(entry.get("attributes"))


def _of_show(entry: Mapping[str, object]) -> Format:
    if "show" not in entry:
        return TVTIME_EXTENSION if "id" in entry else SERIESGUIDE
    return SIMKL_JSON if "status" in entry else TRAKT_WATCHED


def _of_row(entry: Mapping[str, object], context: Context) -> tuple[Format, Iterator[Found]] | None:
    told = row(entry)
    columns = columns_of(tuple(told))
    if not columns.is_of_episodes:
        return None
    if columns.is_of_else:
        return SHEET, iter((Left.OTHER,))
    format_ = KODI if "showtitle" in columns.known else _sheet(columns, context)
    if format_ is KODI:
        columns.require_understood()
        _refuse_other_lists(columns, context)
    return format_, plain.read(columns, told)
