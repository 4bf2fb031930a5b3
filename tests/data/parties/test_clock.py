"""The clock of a party: only what is over on it counts, whatever the machine's clock does."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from data.parties.clock import LONGEST_POSITION, MINUTE_SECONDS, PartyClock
from data.points import PREMISE, Order, Point, Slot

SHOW = Order([Slot(id, 1, n, date(2021, 8, 6)) for n, id in enumerate("abc", start=1)])
NOW = 1_628_000_000

MOMENTS = st.integers(NOW - 10_000, NOW + 200_000)
CLOCKS = st.builds(
    PartyClock,
    st.sampled_from("abc"),
    st.integers(0, LONGEST_POSITION),
    st.none() | st.integers(NOW - 9, NOW + 9),
)


def test_a_minute_is_reached_once_it_is_wholly_over() -> None:
    clock = PartyClock("b").running(NOW)

    points = [
        clock.point(SHOW, NOW + seconds) for seconds in (0, 59, 60, 119, 120, 24 * MINUTE_SECONDS)
    ]

    before = Point("a")
    assert points == [before, before, Point("b", 0), Point("b", 0), Point("b", 1), Point("b", 23)]


def test_before_the_first_minute_of_the_first_episode_nothing_is_known() -> None:
    assert PartyClock("a").running(NOW).point(SHOW, NOW + 59) == PREMISE


def test_it_stands_still_while_it_is_counted_down_and_while_it_is_paused() -> None:
    clock = PartyClock("b").running(NOW + 8)

    assert [clock.position(NOW + n) for n in (0, 8, 9)] == [0, 0, 1]
    assert clock.paused(NOW + 20).position(NOW + 9000) == 12


def test_who_is_behind_is_told_less_and_in_the_episode_before_only_what_went_before_that() -> None:
    clock = PartyClock("c").running(NOW)

    assert clock.point(SHOW, NOW + 600, lag=120) == Point("c", 7)
    assert clock.point(SHOW, NOW + 30, lag=40) == Point("a")


@given(CLOCKS, MOMENTS, st.integers(0, LONGEST_POSITION), st.integers(0, LONGEST_POSITION))
def test_nobody_behind_is_ever_further(clock: PartyClock, now: int, lag: int, more: int) -> None:
    ahead, behind = clock.point(SHOW, now, lag), clock.point(SHOW, now, lag + more)

    assert SHOW.reached(behind, ahead)


@given(CLOCKS, MOMENTS, st.integers(0, 100_000))
def test_it_never_runs_backwards_nor_past_what_a_point_can_say(
    clock: PartyClock, now: int, later: int
) -> None:
    assert clock.position(now) <= clock.position(now + later) <= LONGEST_POSITION
    assert SHOW.reached(clock.point(SHOW, now), clock.point(SHOW, now + later))
    assert (clock.point(SHOW, now).minute or 0) <= 999


@given(CLOCKS, MOMENTS, MOMENTS)
def test_to_pause_and_go_on_loses_and_gains_nothing(
    clock: PartyClock, now: int, later: int
) -> None:
    paused = clock.paused(now)

    assert paused.position(later) == clock.position(now)
    assert paused.running(later).position(later + 5) == min(
        clock.position(now) + 5, LONGEST_POSITION
    )


@given(CLOCKS, MOMENTS, st.integers(-5, 10 * LONGEST_POSITION))
def test_to_be_set_it_goes_there_and_goes_on_as_it_did(
    clock: PartyClock, now: int, seconds: int
) -> None:
    there = clock.at(seconds, now)

    assert there.position(now) == max(0, min(seconds, LONGEST_POSITION))
    assert (there.since is None) == (clock.since is None)
