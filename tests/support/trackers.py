"""Trackers: recorded files of other services, what is true of them, and the shows they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.progress.trackers.shows import Shows
from data.points import Order, Slot
from data.story.show import Show
from data.story.titles import EpisodeTitles
from tests.support import ROOT

RECORDED = ROOT.parent / "shared" / "reference" / "tracker-fixtures"
# Nothing where the recorded files are not at hand: tests that walk over them are skipped then.
IS_AT_HAND = RECORDED.is_dir()
EXPECTED: Mapping[str, Any] = (
    json.loads((RECORDED / "expected.json").read_text())["files"] if IS_AT_HAND else {}
)
CATALOGUE: list[Any] = (
    json.loads((RECORDED / "ours.json").read_text())["shows"] if IS_AT_HAND else []
)
NOW = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())


def _episodes(show: Any) -> list[tuple[Slot, str]]:
    found = list[tuple[Slot, str]]()
    for place, one in enumerate(show["episodes"], start=1):
        season, _, number = one["n"].removeprefix("S").partition("E")
        aired = date.fromisoformat(one["aired"])
        found.append((Slot(f"e{place:02}", int(season), int(number), aired), one["title"]))
    return found


def _show(show: Any) -> Show:
    return Show(
        slug=show["slug"],
        title=show["title"],
        network=None,
        premiered=date(int(show["premiered"]), 1, 1),
        premise="",
        aliases=tuple(show["aliases"]),
        has_story=True,
        tvmaze=show["ids"]["tvmaze"],
        tmdb=show["ids"]["tmdb"],
        thetvdb=show["ids"]["tvdb"],
        imdb=show["ids"]["imdb"],
    )


SHOWS = [_show(show) for show in CATALOGUE]
ORDERS = {show["slug"]: Order(slot for slot, _ in _episodes(show)) for show in CATALOGUE}
TITLES = {
    show["slug"]: EpisodeTitles((slot.id, title) for slot, title in _episodes(show))
    for show in CATALOGUE
}
OURS = Shows(SHOWS)


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()
