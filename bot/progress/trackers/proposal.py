"""Proposals: what of a file can be taken over for one person, show by show, and what cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.progress.trackers.numbering import Paired, pair
from bot.progress.trackers.our_episodes import Titles
from bot.progress.trackers.reading import STRONGEST, Listed
from bot.progress.trackers.record import Entry, Said, Work
from bot.progress.trackers.shows import Matches
from data.points import Order
from data.story.show import Show


@dataclass(frozen=True, slots=True)
class Proposal:
    """`shows`: those that are here and have a story, by title."""

    shows: tuple[tuple[Show, Paired], ...]
    matches: Matches


def propose(
    matches: Matches,
    listed: Listed,
    ours: Mapping[str, tuple[Order, Titles]],
    *,
    counts: Collection[Said],
) -> Proposal:
    """Pair what a person watched with our episodes, by show.

    `ours` has the shows that may be matched, by slug; `counts` is what counts as watched.
    """
    of_show = dict[str, tuple[Show, list[Work]]]()
    for work, show in matches.found.items():
        if show.has_story and show.slug in ours:
            of_show.setdefault(show.slug, (show, []))[1].append(work)
    found = list[tuple[Show, Paired]]()
    for slug, (show, works) in of_show.items():
        order, titles = ours[slug]
        # A pack may tell of some seasons only, so that it having fewer proves nothing.
        total = max(work.total or 0 for work in works) if show.is_imported else None
        entries = _united(listed, works)
        found.append((show, pair(order, titles, entries, total=total, counts=counts)))
    found.sort(key=lambda one: (one[0].title.casefold(), one[0].slug))
    return Proposal(tuple(found), matches)


def _united(listed: Listed, works: Iterable[Work]) -> dict[Entry, Said]:
    united = dict[Entry, Said]()
    for work in works:
        for entry, said in listed[work].items():
            united[entry] = min((united.get(entry, said), said), key=STRONGEST.index)
    return united
