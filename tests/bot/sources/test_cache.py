"""What bot.sources.cache promises: no answer is used longer than its site and we allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.cache import LONGEST_LIFETIME, FreshAnswers, lifetime


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("public, max-age=3600", "", 3600),
        ("MAX-AGE=60", "", 60),
        ('max-age="60"', "", 60),
        ("max-age=3600", "600", 3000),
        ("max-age=60", "600", 0),
        ("max-age=60", "long", 60),
        ("max-age=86400", "", LONGEST_LIFETIME),
        ("max-age=" + "9" * 100, "", LONGEST_LIFETIME),
        ("max-age=-1", "", 0),
        ("s-maxage=60", "", 0),
        ("no-store, max-age=60", "", 0),
        ("max-age=60, no-cache", "", 0),
        ("", "", 0),
    ],
)
def test_the_time_an_answer_stays_fresh(control: str, age: str, seconds: int) -> None:
    assert lifetime({"Cache-Control": control, "Age": age}) == seconds


@given(st.text(), st.text())
def test_no_header_makes_it_longer_than_an_hour_or_is_a_fault(control: str, age: str) -> None:
    assert 0 <= lifetime({"Cache-Control": control, "Age": age}) <= LONGEST_LIFETIME


def test_a_clock_that_was_set_back_makes_nothing_fresh_again() -> None:
    fresh = FreshAnswers(most=4, room=100)
    fresh.keep("a", b"old", now=1000, lifetime=60)

    assert fresh.get("a", 1059) == b"old"
    assert fresh.get("a", 999) is None
    assert fresh.get("a", 1001) is None


def test_a_newer_answer_takes_the_place_of_an_older_one_even_if_it_may_not_stay() -> None:
    fresh = FreshAnswers(most=4, room=100)
    fresh.keep("a", b"old", now=0, lifetime=60)
    fresh.keep("a", b"new", now=1, lifetime=60)
    assert fresh.get("a", 2) == b"new"

    fresh.keep("a", b"newest", now=3, lifetime=0)
    assert fresh.get("a", 4) is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60))))
def test_what_is_kept_stays_within_its_number_and_its_bytes(kept: list[tuple[str, int]]) -> None:
    fresh = FreshAnswers(most=3, room=100)
    for address, size in kept:
        fresh.keep(address, bytes(size), now=0, lifetime=60)

    held = [body for body in (fresh.get(address, 1) for address in "abcdef") if body is not None]
    assert len(held) <= 3
    assert sum(map(len, held)) <= 100
    if kept:
        assert fresh.get(kept[-1][0], 1) == bytes(kept[-1][1])
