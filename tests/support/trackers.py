"""Trackers: recorded files of other services, what is true of them, and the shows they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.progress.trackers.landing import land
from bot.progress.trackers.proposal import Proposal, propose
from bot.progress.trackers.reading import History, read
from bot.progress.trackers.record import Said, UnreadableError
from bot.progress.trackers.shows import Shows
from data.points import PREMISE, Order, Slot
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


ANY_ANSWER = frozenset({Said.WATCHED, Said.MARK, Said.NOTHING})
NO_ANSWER = frozenset({Said.WATCHED})


def history_of(name: str) -> History | None:
    """None: it is refused."""
    try:
        return read(recorded(name), name.rpartition("/")[2], OURS.has_titled)
    except UnreadableError:
        return None


def proposed(history: History, who: str, counts: frozenset[Said] = ANY_ANSWER) -> Proposal:
    listed = history.people[who]
    ours = {slug: (order, TITLES[slug]) for slug, order in ORDERS.items()}
    return propose(OURS.match([*listed]), listed, ours, counts=counts)


def landed(proposal: Proposal) -> Mapping[str, str]:
    """Where somebody who had watched nothing is after it, by show."""
    found = dict[str, str]()
    for show, paired in proposal.shows:
        order = ORDERS[show.slug]
        at = land(order, PREMISE, order.released(NOW), paired.seen).point
        found[show.slug] = order.label(at)
    return found
