"""Netflix: titles of what was played, in which the show is found by the shows that we have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.progress.trackers.columns import Columns
from bot.progress.trackers.fields import title
from bot.progress.trackers.moments import happened
from bot.progress.trackers.record import Entry, Found, Left, Record, Said, Work

TITLES = frozenset({"title", "titel", "titre", "título", "titolo", "tytuł", "название"})
DATES = frozenset({"date", "datum", "fecha", "data", "dato", "дата"})
LEAST = 10 * 60  # seconds; whoever played less has not seen an episode
AUTOPLAYED = "autoplayed"

_COLON = re.compile(r"\s?:\s")
_SEASON = re.compile(
    r"(?:(?:season|series|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sezon|part|teil|"
    r"partie|parte|volume|vol\.|band|chapter|kapitel|chapitre|capítulo|book|buch|livre|libro|act|"
    r"collection)\s+\w{1,5}|[0-9]{4})",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"limited series|miniserie|mini-serie|mini-série|série limitée|serie limitada|miniserien?"
    r"|serie limitata",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\s*\((?:episode|folge|épisode|episodio|episódio)\s+[0-9]+\)$", re.IGNORECASE
)
_TIME = re.compile(r"([0-9]{1,3}):([0-9]{2}):([0-9]{2})")

IsOurs = Callable[[str], bool]


def is_history(columns: Columns) -> bool:
    return len(columns.names) == 2 and columns.names[0] in TITLES and columns.names[1] in DATES  # noqa: PLR2004


def history(columns: Columns, row: Mapping[str, str], *, is_ours: IsOurs) -> Iterator[Found]:
    titled, dated = columns.names
    told, day = _told(row.get(titled, ""), is_ours), row.get(dated, "")
    if isinstance(told, Record):
        said = told.said if happened(day) else Said.NOT_WATCHED
        told = replace(told, said=said, dates=((columns.spelt[dated], day),))
    yield told


def is_activity(columns: Columns) -> bool:
    return {"profilename", "title", "supplementalvideotype", "duration"} <= columns.known


def activity(_: Columns, row: Mapping[str, str], *, is_ours: IsOurs) -> Iterator[Found]:
    """All profiles of an account; a clip, and what was played for some minutes, is no episode."""
    played = max(_seconds(row.get(name, "")) for name in ("duration", "bookmark"))
    is_clip = bool(row["supplementalvideotype"].strip()) or played < LEAST
    told = Left.CLIP if is_clip else _told(row["title"], is_ours)
    if isinstance(told, Record):
        told = replace(told, profile=row["profilename"].strip()[:100])
    yield told


def _seconds(text: str) -> int:
    found = _TIME.fullmatch(text.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found else 0


def _told(text: str, is_ours: IsOurs) -> Record | Left:
    """Split at the last colon whose left side is a show of ours, else at the first one."""
    text = " ".join(text[:400].split())
    if text.startswith(":"):
        return Left.NAMELESS
    colons = [*_COLON.finditer(text)]
    if not colons:
        return Left.FILM
    ours = [one for one in colons if is_ours(text[: one.start()])]
    colon = ours[-1] if ours else colons[0]
    rest = _NUMBERED.sub("", text[colon.end() :])
    season, after, episode = rest.partition(": ")
    is_limited = bool(_LIMITED.fullmatch(season.strip()))
    if not after or not (is_limited or _SEASON.fullmatch(season.strip())):
        is_limited, episode = False, rest
    work = Work(title(text[: colon.start()]))
    return Record(work, Entry(None, None, title(episode), is_limited=is_limited), Said.WATCHED)
