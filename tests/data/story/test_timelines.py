"""What data.story.timelines promises: a timeline is at every rank what would be made there anew."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, pairwise, product
from math import inf
from operator import ne
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from data.story.timelines import Batch, Timeline, Timelines, Viewpoint, combined, derived, timeline

T = TypeVar("T")
RANKS = st.tuples(st.integers(0, 4), st.sampled_from([0, 7, inf]))
Rank = tuple[int, float]
Maker = Callable[[Viewpoint], str | None]


@st.composite
def makers(draw: st.DrawFn) -> Maker:
    """Makes a text of what it has reached; whether it asks on depends on what it was answered."""
    asked = draw(st.lists(RANKS, max_size=5))
    stops_early = draw(st.booleans())

    def make(seen: Viewpoint) -> str | None:
        told = ""
        for rank in asked:
            is_reached = seen.has_reached(rank)
            if stops_early and not is_reached:
                break
            told += f"{rank}" if is_reached else "-"
        return told or None

    return make


@given(makers(), RANKS)
def test_it_is_what_would_be_made_there(make: Maker, rank: Rank) -> None:
    assert timeline(make).at(rank) == make(Viewpoint(rank))


@given(makers(), makers(), RANKS)
def test_what_looks_at_others_changes_when_they_do(one: Maker, other: Maker, rank: Rank) -> None:
    parts = timeline(one), timeline(other)

    both = timeline(lambda seen: [seen.look(part) for part in parts])

    assert both.at(rank) == [one(Viewpoint(rank)), other(Viewpoint(rank))]


@given(makers(), RANKS)
def test_what_is_drawn_of_it_is_drawn_there_and_changes_with_nothing_else(
    make: Maker, rank: Rank
) -> None:
    def draw(told: str | None) -> int:
        return len(told or "") // 20

    lengths = derived(timeline(make), draw)

    assert lengths.at(rank) == draw(make(Viewpoint(rank)))
    assert all(map(ne, lengths.made, lengths.made[1:]))


@given(st.lists(makers(), max_size=5), RANKS)
def test_together_are_those_that_there_are(parts: list[Maker], rank: Rank) -> None:
    made = tuple(text for make in parts if (text := make(Viewpoint(rank))) is not None)

    assert combined(map(timeline, parts)).at(rank) == made


ROWS = st.lists(makers(), max_size=12).map(lambda made: [timeline(make) for make in made])
SIZES = st.integers(1, 5)


@given(ROWS, SIZES, RANKS)
def test_a_long_row_is_one_of_them_all(
    many: list[Timeline[str | None]], size: int, rank: Rank
) -> None:
    assert (*Timelines(many, size).at(rank),) == combined(many).at(rank)


def itself(batch: Batch[T]) -> Batch[T]:
    return batch


@given(ROWS, SIZES)
def test_a_batch_is_another_only_where_something_in_it_is(
    many: list[Timeline[str | None]], size: int
) -> None:
    row = Timelines([derived(part, str) for part in many], size)
    every = product(range(5), [0.0, 7.0, inf])

    rows = [row.at(rank).each(itself) for rank in every]

    for before, after in pairwise(rows):
        for one, other in zip(before, after, strict=True):
            assert (one is other) == (one.these == other.these)


@given(ROWS, SIZES, SIZES, RANKS)
def test_how_a_lineup_is_parted_makes_no_difference(
    many: list[Timeline[str | None]], size: int, other: int, rank: Rank
) -> None:
    here, there = Timelines(many, size).at(rank), Timelines(many, other).at(rank)

    assert here == there
    assert [*here] == [*chain.from_iterable(batch.these for batch in there.each(itself))]


def test_nothing_together_is_nothing() -> None:
    assert combined([]).at((0, inf)) == ()
    assert not Timelines([], 1).at((0, inf))
