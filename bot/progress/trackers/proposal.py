"""Proposals: what of a file can be taken over for one person, show by show, and what cannot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from bot.progress.trackers.numbering import Paired, pair
from bot.progress.trackers.our_episodes import Titles
from bot.progress.trackers.reading import STRONGEST, Listed
from bot.progress.trackers.record import Entry, Said, Work
from bot.progress.trackers.shows import Matches, Shows
from data.points import Order
from data.story.show import Show


@dataclass(frozen=True, slots=True)
class Proposal:
    """`shows`: those that are here and have a story, by title."""

    shows: tuple[tuple[Show, Paired], ...]
    matches: Matches


def propose(
    shows: Shows,
    listed: Listed,
    *,
    order: Callable[[str], Order],
    titles: Callable[[str], Titles],
    counts: Collection[Said],
) -> Proposal:
    """Match a person's shows with ours, and their episodes; `counts` is what counts as watched."""
    matches = shows.match([*listed])
    of_show = dict[str, tuple[Show, list[Work]]]()
    for work, show in matches.found.items():
        if show.has_story:
            of_show.setdefault(show.slug, (show, []))[1].append(work)
    found = [
        (
            show,
            pair(
                order(show.slug),
                titles(show.slug),
                _united(listed, works),
                total=max((work.total or 0 for work in works), default=None),
                counts=counts,
            ),
        )
        for show, works in of_show.values()
    ]
    found.sort(key=lambda one: (one[0].title.casefold(), one[0].slug))
    return Proposal(tuple(found), matches)


def _united(listed: Listed, works: Iterable[Work]) -> dict[Entry, Said]:
    united = dict[Entry, Said]()
    for work in works:
        for entry, said in listed[work].items():
            united[entry] = min((united.get(entry, said), said), key=STRONGEST.index)
    return united
