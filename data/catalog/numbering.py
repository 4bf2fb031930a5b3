"""Numbering: puts the episodes of a catalogue in watching order, each with a different number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from data.points import SPECIALS, Order, Slot, day_of, midnight

if TYPE_CHECKING:
    from data.catalog.listing import ListedEpisode


HIGHEST_SEASON, HIGHEST_NUMBER = 9999, 99999  # in a pack

Numbered = tuple[tuple[int, int], "ListedEpisode"]  # a season and a number in it


def in_order(episodes: Iterable[ListedEpisode]) -> tuple[Numbered, ...]:
    """The regular episodes by number, and specials by date, numbered as season 0.

    If several have one number, one keeps it and the others become specials next to it. Those that
    are no longer listed come before it, so that a point there does not count the episode that took
    their number as watched. A special without a date comes last.
    """
    regular = sorted((one for one in episodes if _is_regular(one)), key=_by_number)
    special = sorted((one for one in episodes if not _is_regular(one)), key=_by_date)
    return tuple(_with_numbers(_merged(regular, special)))


def count_out(numbered: Iterable[Numbered], by: date, *, is_over: bool) -> int:
    """How many of them, in that order, people may have watched by the end of a day."""
    slots = (Slot(one.key, *number, _day(one)) for number, one in numbered)
    order = Order(slots, is_over=is_over)
    return order.rank(order.watchable(midnight(by)))[0]


def _day(episode: ListedEpisode) -> date | None:
    """The day on which it airs: in UTC, or in the place where it is shown, the earlier of them."""
    if episode.airs is None:
        return episode.aired
    begun = day_of(episode.airs)
    if episode.aired is None:
        return begun
    # A moment more than a day earlier contradicts the listed day; then the day counts.
    return begun if episode.aired - begun == timedelta(days=1) else episode.aired


def _is_regular(episode: ListedEpisode) -> bool:
    if episode.is_special or episode.season is None or episode.number is None:
        return False
    return SPECIALS < episode.season <= HIGHEST_SEASON and 0 <= episode.number <= HIGHEST_NUMBER


def _by_number(episode: ListedEpisode) -> tuple[int, int, bool, date, int]:
    aired = episode.aired or date.max
    return episode.season or 0, episode.number or 0, not episode.is_gone, aired, episode.id


def _by_date(episode: ListedEpisode) -> tuple[date, int]:
    return episode.aired or date.max, episode.id


def _merged(
    regular: Sequence[ListedEpisode], special: Iterable[ListedEpisode]
) -> list[ListedEpisode]:
    following: dict[int, list[ListedEpisode]] = {}
    for one in special:
        following.setdefault(_place(one, regular), []).append(one)
    merged = following.get(0, [])
    for place, one in enumerate(regular, 1):
        merged += [one, *following.get(place, ())]
    return merged


def _place(special: ListedEpisode, regular: Sequence[ListedEpisode]) -> int:
    """How many regular episodes come before a special: those before the first with a later date."""
    if special.aired is None:
        return len(regular)
    before = 0
    for place, one in enumerate(regular, 1):
        if one.aired is not None and one.aired > special.aired:
            break
        if one.aired is not None:
            before = place
    return before


def _with_numbers(episodes: Sequence[ListedEpisode]) -> Iterator[Numbered]:
    held: dict[tuple[int, int], ListedEpisode] = {}
    for one in filter(_is_regular, episodes):
        number = _number(one)
        if number not in held or (held[number].is_gone and not one.is_gone):
            held[number] = one
    specials = count(1)
    for one in episodes:
        number = _number(one)
        yield number if held.get(number) is one else (SPECIALS, next(specials)), one


def _number(episode: ListedEpisode) -> tuple[int, int]:
    return episode.season or SPECIALS, episode.number or 0
