"""Columns: what the columns of a table mean, by names of any case, spacing and language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from bot.progress.trackers import words
from bot.progress.trackers.moments import happened, is_date, is_far_ahead, said_or_dated
from bot.progress.trackers.record import Said, UnreadableError

NOT_UNDERSTOOD = (
    "I don't know how to read the column `{column}` in that file. If it says what was "
    "watched, call it `watched` and write `yes` or `no` there. If it doesn't, delete that "
    "column."
)
ONLY_BEGUN = (
    "The column `{column}` says when an episode was begun or last played, not that it was "
    "finished. Add a column `watched` with `yes` or `no`."
)

# Names in small letters without anything between words. Of several the first filled one counts.
SHOW = (
    *("show", "seriesname", "tvshowname", "showtitle", "showname", "tvshow", "seriestitle"),
    *("series", "serie", "série", "sendung", "programme", "serial", "сериал", "grandparenttitle"),
    *("dizi", "seriál", "sarja", "番組", "シリーズ", "剧集"),
    *("title", "name", "titel", "titre", "título", "titolo"),
)
SEASON = (
    *("season", "seasonnumber", "seasonno", "episodeseasonnumber", "seasonnum", "staffel"),
    *("saison", "temporada", "stagione", "sezon", "seizoen", "säsong", "сезон", "parentindex"),
    *("sæson", "sesong", "évad", "kausi", "シーズン", "季"),
)
EPISODE = (
    *("episode", "episodenumber", "epno", "episodeno", "ep", "episodenum", "folge", "épisode"),
    *("capítulo", "capitulo", "puntata", "jakso", "díl", "話", "エピソード", "集"),
    *("episodio", "episódio", "aflevering", "odcinek", "avsnitt", "bölüm", "серия", "index"),
)
EPISODE_TITLE = ("episodetitle", "episodename", "title", "name", "titel", "titre", "título")
YEAR = ("showyear", "seriesyear", "year")
AIRED = ("aired", "airdate", "originalairdate", "firstaired", "premieredate", "episodereleased")
SPECIAL = ("isspecial", "special", "isspecials")
KIND = ("mediatype", "entitytype", "type")
ACTION = ("action",)
PROFILE = (
    *("profilename", "profile", "friendlyname", "username", "user", "account", "userid"),
    *("person", "who", "member", "viewer", "watcher", "watchedby", "seenby", "viewedby", "profil"),
    *("accountid", "displayname", "nickname", "email", "benutzer", "benutzername", "nutzer", "wer"),
    *("utilisateur", "usuario", "usuário", "perfil", "utente", "profilo", "gebruiker", "profiel"),
    *("användare", "bruker", "bruger", "käyttäjä", "użytkownik", "пользователь", "профиль"),
)
OURS = ("cliffhangerid",)
SHOW_IDS: Mapping[str, Sequence[str]] = {
    kind: tuple(f"{before}{kind}{after}" for before in ("show", "series") for after in ("id", ""))
    for kind in ("imdb", "tvdb", "tmdb", "tvmaze")
}
BARE_IDS: Mapping[str, Sequence[str]] = {
    "imdb": ("imdbid", "imdb"),
    "tvdb": ("sid", "tvdbid", "thetvdbid", "tvdb", "thetvdb"),
    "tmdb": ("tmdbid", "tmdb"),
    "tvmaze": ("tvmazeid", "tvmaze"),
}

Reads = Callable[[str], bool | None]
FLAGS: Mapping[str, Reads] = dict.fromkeys(
    (
        *("iswatched", "watched", "haswatched", "watchedbyme", "seen", "isseen", "viewed"),
        *("isviewed", "played", "isplayed", "completed", "iscompleted", "finished", "isfinished"),
        *("gesehen", "geschaut", "angesehen", "vu", "vue", "visto", "vista", "bekeken", "gezien"),
        *("sett", "katsottu", "obejrzane", "assistido", "izlendi", "просмотрено", "done"),
        *("sedd", "視聴済み", "看过"),
    ),
    said_or_dated,
)
COUNTS: Mapping[str, Reads] = dict.fromkeys(
    (
        *("plays", "playcount", "viewcount", "watchcount", "watchedcount", "timeswatched"),
        *("timesseen", "numberofplays", "views"),
    ),
    words.count,
)


def _turned(text: str) -> bool | None:
    found = words.flag(text)
    return None if found is None else not found


TURNED: Mapping[str, Reads] = dict.fromkeys(
    ("unwatched", "isunwatched", "notwatched", "unseen", "ungesehen"), _turned
)
STATUSES: Mapping[str, Reads] = {
    **dict.fromkeys(("status", "watchstatus", "state"), words.status),
    "watchedstatus": words.share,
    **dict.fromkeys(
        (
            "progress",
            "percentcomplete",
            "percent",
            "percentage",
            "percentwatched",
            "watchedpercent",
            "completion",
        ),
        words.percent,
    ),
}
DATES: Mapping[str, Reads] = dict.fromkeys(
    (
        *("watchedat", "lastwatchedat", "lastwatched", "seendate", "seenat", "seenon"),
        *("datewatched", "watcheddate", "watchdate", "watchedon", "dateseen", "viewedat"),
        *("finishedat", "completedat", "gesehenam", "vule"),
    ),
    happened,
)
# From the strongest: where one says something, those after it are not asked.
TIERS = ({**FLAGS, **COUNTS, **TURNED}, STATUSES, DATES)
SKIPPED = "skipped"
BEGUN = frozenset(
    {"lastplayed", "lastplayeddate", "lastviewedat", "startedat", "startdate", "starttime"}
)
# When something was done.
DONE = frozenset(
    {
        *(*DATES, *BEGUN, "createdat", "updatedat", "addedat", "dateadded", "datecreated", "date"),
        *("started", "stopped", "backdate", "enddate", "progressedat", "ts", "dateupdated"),
    }
)
# Columns of Jellyfin and Emby, where a count comes with starting.
THEIR_COUNTS_BESIDE = frozenset(
    {"seriesname", "lastplayeddate", "parentindexnumber", "playedpercentage"}
)
# Lists of something else: wishes, ratings, collections, comments, half an episode.
ELSE = frozenset(
    {
        *(
            "collectedat",
            "lastcollectedat",
            "ratedat",
            "listedat",
            "watchlistedat",
            "pausedat",
            "hiddenat",
        ),
        *("votekey", "parentcommentid", "votetype"),
    }
)
OWNED = frozenset(
    {
        *("monitored", "hasfile", "owned", "collected", "path", "filepath", "filename", "file"),
        *("quality", "sizeondisk", "tvshowid", "episodeid", "mediainfo", "container"),
    }
)
# They look as if they said something about watching, and do not.
HARMLESS = frozenset(
    {
        *AIRED,
        *("createdat", "updatedat", "addedat", "dateadded", "datecreated", "dateupdated"),
        *("releasedate", "releasedat", "airdateutc", "date1", "rewatchcount", "iswatchlisted"),
        *("episodecount", "seasoncount", "isrewatch", "mediatype", "aireddate", "votecount"),
        *("updated", "showstatus", "seriesstatus", "ratingdate", "birthdate", "playlist"),
        *("airedepisodecount", "displayseason", "displayepisode", "viewers", "bulktype"),
    }
)
DATES_ELSEWHERE = frozenset({"datum", "fecha", "дата"})
EXPLAINED = frozenset(
    {
        *(
            *SHOW,
            *SEASON,
            *EPISODE,
            *EPISODE_TITLE,
            *YEAR,
            *SPECIAL,
            *KIND,
            *ACTION,
            *PROFILE,
            *OURS,
        ),
        *(name for kinds in (SHOW_IDS, BARE_IDS) for names in kinds.values() for name in names),
        *(*HARMLESS, *BEGUN, *ELSE, *OWNED),
    }
)
_BEGINS = re.compile(
    r"(?:un|is|has|last|my)?(?:watch|seen|played|plays|playback|view|progress"
    r"|gesehen|vist|assistid|bekeken|visionn|просм)"
)
_TELLING = re.compile(r"watch|\bseen|play|view|status|progress|complet|finish|gesehen|visto")
_ENDS = ("count", "date", "status", "progress", "percent", "complete", "completed", "finished")
_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|[0-9]+")
_PEOPLE = re.compile(
    r"(?:user|person|member|viewer|profile|account|watcher)(?:name|id|key|uuid|label)?"
    r"|.+(?:user|person|member|viewer|profile|account|watcher|whom|who)"
)
_JOINTS = re.compile(r"[\W_]+")


@lru_cache(maxsize=2048)
def plain(name: str) -> str:
    """A column's name in small letters and digits alone."""
    spelt = unicodedata.normalize("NFKC", name[:100]).replace("%", " percent ")
    return _JOINTS.sub("", spelt.casefold())


class Columns:
    """The columns of one table. Raises `UnreadableError` for one that is not understood."""

    def __init__(self, names: Iterable[str]) -> None:
        given = [name.strip() for name in names]
        self.names = [plain(name) for name in given]
        self.spelt = dict(zip(self.names, given, strict=True))
        self.known = frozenset(self.names)
        self.show = self._first(SHOW)
        titles = (name for name in EPISODE_TITLE if name != self.show and name in self.known)
        self.title = next(titles, None)
        self.years = self._present(
            YEAR if "seriestitle" not in self.known else ()
        )  # Plex: no show's
        self.seasons, self.episodes = self._present(SEASON), self._present(EPISODE)
        self.kinds, self.actions = self._present(KIND), self._present(ACTION)
        self.specials, self.aired = self._present(SPECIAL), self._present(AIRED)
        self.profiles, self.ours = [*filter(_is_of_people, self.names)], self._present(OURS)
        self.ids = self._id_columns()
        telling = self.known - self._begun
        self.tiers = [[name for name in telling if name in tier] for tier in TIERS]
        self._telling = (*self.actions, *(name for names in self.tiers for name in names))
        self._done = [name for name in self.names if name in DONE]
        self._unnamed = [
            name
            for name in dict.fromkeys(self.names)
            if name not in EXPLAINED and name not in self.profiles
        ]

    def _present(self, wanted: Iterable[str]) -> Sequence[str]:
        return [name for name in wanted if name in self.known]

    def _first(self, wanted: Iterable[str]) -> str | None:
        return next((name for name in wanted if name in self.known), None)

    def _id_columns(self) -> Mapping[str, Sequence[str]]:
        """The columns with the show's ids; beside those, ids without `show` are the episode's."""
        named = {name for names in SHOW_IDS.values() for name in names}
        kinds = BARE_IDS if named.isdisjoint(self.known) else SHOW_IDS
        present = {kind: self._present(names) for kind, names in kinds.items()}
        return {kind: names for kind, names in present.items() if names}

    @property
    def _begun(self) -> frozenset[str]:
        """Columns that are filled once an episode is begun: of Jellyfin and Emby the count, too."""
        begun = self.known & BEGUN
        is_theirs = not self.known.isdisjoint(THEIR_COUNTS_BESIDE)
        return begun | (self.known & frozenset(COUNTS) if is_theirs else frozenset[str]())

    @property
    def is_of_episodes(self) -> bool:
        return self.show is not None and not self.known.isdisjoint(EPISODE)

    @property
    def tells(self) -> bool:
        """Whether there is a column that says whether an episode was watched."""
        return any(self.tiers)

    @property
    def is_of_else(self) -> bool:
        return not self.tells and not ELSE.isdisjoint(self.known)

    @property
    def is_owned(self) -> bool:
        return not self.tells and not OWNED.isdisjoint(self.known)

    @property
    def owned(self) -> str:
        """A column, as it is spelt, that only lists of what somebody has are known to have."""
        return quoted(next(self.spelt[name] for name in self.names if name in OWNED))

    @property
    def unnamed(self) -> Sequence[str]:
        """Columns that no name explains, where none says whether an episode was watched."""
        return () if self.tells else self._unnamed

    @property
    def of_listed(self) -> Sequence[str]:
        """Columns with dates that a list of watched episodes may have, unless they are to come."""
        return [*self.aired, *(name for name in self.unnamed if not name.startswith("next"))]

    def require_understood(self) -> None:
        """Raises `UnreadableError` where a column may say what was watched in unknown words."""
        strange = [name for name in self.names if self._is_strange(name)]
        if strange:
            raise UnreadableError(NOT_UNDERSTOOD.format(column=quoted(self.spelt[strange[0]])))
        begun = self._begun
        if begun and not self.tells:
            raise UnreadableError(ONLY_BEGUN.format(column=quoted(self.spelt[min(begun)])))

    def _is_strange(self, name: str) -> bool:
        if any(name in tier for tier in TIERS) or name in HARMLESS | BEGUN | ELSE | OWNED:
            return False
        if name in {*KIND, *ACTION, *self.profiles, *SHOW, SKIPPED} or not looks_telling(
            self.spelt[name]
        ):
            return False
        return not self.tells or bool(_TELLING.search(name))

    def said(self, row: Mapping[str, str]) -> Said:
        """Whether a row says that its episode was watched: by positive evidence alone."""
        if words.flag(row.get(SKIPPED, "")):
            return Said.NOT_WATCHED
        for tier, names in zip(TIERS, self.tiers, strict=True):
            told = [tier[name](row[name]) for name in names if row.get(name, "").strip()]
            if told:
                return _weighed(told)
        return Said.NOT_WATCHED if self.tells or self.is_of_else else Said.NOTHING

    def is_far_ahead(self, row: Mapping[str, str]) -> bool:
        """Whether something is said to have been done years from now: that says nothing."""
        return any(is_far_ahead(row.get(name, "")) for name in self._done)

    def dates(self, row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The dates of a row, where nothing else in it says whether its episode was watched."""
        found = list[tuple[str, str]]()
        for name in self._telling:
            if cell := row.get(name, "").strip():
                if name not in DATES and not is_date(cell):
                    return ()
                found.append((self.spelt[name], cell))
        return tuple(found)

    def is_header(self, row: Mapping[str, str]) -> bool:
        """Whether a line names columns once more, as where two tables are put into one file."""
        return any(plain(row.get(name, "")) in EPISODE for name in self.episodes)

    def unclear(self, row: Mapping[str, str]) -> tuple[str, str] | None:
        """The column, as it is spelt, and the value of a row that is not understood, if any."""
        for tier, names in zip(TIERS, self.tiers, strict=True):
            for name in names:
                value = row.get(name, "").strip()
                if value and tier[name](value) is None:
                    return self.spelt[name], value
        return None


@lru_cache(maxsize=256)
def columns_of(names: tuple[str, ...]) -> Columns:
    return Columns(names)


def _weighed(told: Sequence[bool | None]) -> Said:
    if False in told:
        return Said.NOT_WATCHED
    return Said.UNCLEAR if None in told else Said.WATCHED


def looks_telling(name: str) -> bool:
    """Whether a column of that name may say that something was watched."""
    folded = unicodedata.normalize("NFKC", name)
    parts = [part.casefold() for part in _WORDS.findall(folded)]
    return any(
        _BEGINS.match(part)
        or (part.endswith(_ENDS) and part not in HARMLESS and part != "update")
        or part in DATES_ELSEWHERE
        for part in (*parts, plain(name))
    )


def _is_of_people(name: str) -> bool:
    """Whether a column says whose a line is, by its plain name."""
    return name in PROFILE or bool(_PEOPLE.fullmatch(name))


def quoted(name: str) -> str:
    return " ".join(name.replace("`", "'").split())[:60]
