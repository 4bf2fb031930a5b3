"""What data.timelines promises: a timeline is at every rank what would be made there anew."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from data.timelines import Row, Vantage, timeline, together

RANKS = st.tuples(st.integers(0, 4), st.sampled_from([0, 7, inf]))
Rank = tuple[int, float]
Maker = Callable[[Vantage], str | None]


@st.composite
def makers(draw: st.DrawFn) -> Maker:
    """Makes a text of what it has reached; whether it asks on depends on what it was answered."""
    asked = draw(st.lists(RANKS, max_size=5))
    stops_early = draw(st.booleans())

    def make(seen: Vantage) -> str | None:
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
    assert timeline(make).at(rank) == make(Vantage(rank))


@given(makers(), makers(), RANKS)
def test_what_looks_at_others_changes_when_they_do(one: Maker, other: Maker, rank: Rank) -> None:
    parts = timeline(one), timeline(other)

    both = timeline(lambda seen: [seen.look(part) for part in parts])

    assert both.at(rank) == [one(Vantage(rank)), other(Vantage(rank))]


@given(st.lists(makers(), max_size=5), RANKS)
def test_together_are_those_that_there_are(parts: list[Maker], rank: Rank) -> None:
    made = tuple(text for make in parts if (text := make(Vantage(rank))) is not None)

    assert together(map(timeline, parts)).at(rank) == made


@given(st.lists(makers(), max_size=5), st.integers(0, 90), RANKS)
def test_a_long_row_is_one_of_them_all(parts: list[Maker], number: int, rank: Rank) -> None:
    many = [timeline(make) for make in (parts * number)[:number]]

    assert Row(many).at(rank) == together(many).at(rank)


def test_nothing_together_is_nothing() -> None:
    assert together([]).at((0, inf)) == ()
    assert Row([]).at((0, inf)) == ()
