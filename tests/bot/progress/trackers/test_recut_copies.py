"""What holds of copies of the recorded files in which every episode stands in halves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.progress.trackers.landing import land
from bot.progress.trackers.proposal import propose
from bot.progress.trackers.reading import Listed
from bot.progress.trackers.record import Entry, Said
from data.points import PREMISE
from tests.support.trackers import (
    ANY_ANSWER,
    EXPECTED,
    NOW,
    ORDERS,
    OURS,
    TITLES,
    history_of,
    landed,
)

LONGEST = 12  # episodes in the longest season that is recorded
CATALOGUE = {slug: (order, TITLES[slug]) for slug, order in ORDERS.items()}
READ = [name for name in EXPECTED if history_of(name) is not None]


def halved(entry: Entry) -> list[Entry]:
    """The two halves of an episode, as a catalogue has them that counts half-hours."""
    if entry.number is None or entry.is_special:
        return [entry]
    number, title = entry.number, entry.title
    return [
        replace(entry, number=2 * number - 2 + half, title=f"{title} ({half})" if title else "")
        for half in (1, 2)
    ]


def recut(listed: Listed) -> Listed:
    """The same, with the last half of each season, that nobody has watched, in sight."""
    found = Listed()
    for work, entries in listed.items():
        halves = {half: said for entry, said in entries.items() for half in halved(entry)}
        seasons = {entry.season for entry in halves if entry.number and not entry.is_special}
        last = {Entry(season, 2 * LONGEST): Said.NOT_WATCHED for season in seasons}
        found[work] = {**last, **halves}
    return found


def lands(listed: Listed) -> Mapping[str, str]:
    return landed(propose(OURS.match([*listed]), listed, CATALOGUE, counts=ANY_ANSWER))


def lands_by_number(listed: Listed) -> Mapping[str, str]:
    """Where somebody got who took the numbers of a file for ours."""
    found = dict[str, str]()
    for work, show in OURS.match([*listed]).found.items():
        order = ORDERS[show.slug]
        numbers = {
            (one.season, one.number) for one, said in listed[work].items() if said in ANY_ANSWER
        }
        seen = {slot.id for slot in order.slots if (slot.season, slot.number) in numbers}
        found[show.slug] = order.label(land(order, PREMISE, order.released(NOW), seen).point)
    return found


def is_further(slug: str, at: str, than: str) -> bool:
    order = ORDERS[slug]
    return not order.reached(order.at(at), order.at(than))


@pytest.mark.parametrize("name", READ)
def test_a_copy_in_halves_takes_nobody_further(name: str) -> None:
    history = history_of(name)
    assert history is not None
    for listed in history.people.values():
        whole = lands(listed)
        for slug, at in lands(recut(listed)).items():
            assert not is_further(slug, at, whole.get(slug, "premise"))


@pytest.mark.skipif(not READ, reason="the recorded files are not at hand")
def test_by_number_such_copies_would_take_people_further() -> None:
    taken = set[str]()
    for name in READ:
        history = history_of(name)
        assert history is not None
        for listed in history.people.values():
            whole = lands(listed)
            found = lands_by_number(recut(listed)).items()
            taken |= {
                name for slug, at in found if is_further(slug, at, whole.get(slug, "premise"))
            }

    assert len(taken) > len(READ) / 2
