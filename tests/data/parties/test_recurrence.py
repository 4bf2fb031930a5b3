"""What recurrence promises: the same evening a week on, with the episodes that come next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from data.parties.clock import PartyClock
from data.parties.local_time import UnknownZoneError
from data.parties.party import ENDED_FINISHED, Party
from data.parties.recurrence import next_week
from data.points import Order, Slot

BERLIN = "Europe/Berlin"
WALL = "2026-10-21T20:30"  # on the Sunday after it the clocks go back
WEEK = 7 * 24 * 60 * 60
ORDER = Order([Slot(f"e{number}", 1, number) for number in range(1, 6)])


def instant(wall: str) -> int:
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN)).timestamp())


NOW = instant("2026-10-21T23:00")
WATCHED = Party(
    id=5,
    guild_id=1,
    channel_id=2,
    show="show",
    host_id=3,
    first="e1",
    last="e2",
    state="running",
    starts_at=instant(WALL),
    zone=BERLIN,
    wall=WALL,
    weekly=True,
    touched_at=NOW,
    created_at=instant(WALL),
    agreed_by=4,
    clock=PartyClock("e2", 60),
    thread_id=6,
    event_id=7,
    revision=8,
    event_shown=8,
    ended=ENDED_FINISHED,
)


def after(
    party: Party, why: str = ENDED_FINISHED, order: Order | None = ORDER, now: int = NOW
) -> Party:
    found = next_week(party, why, order, now)
    assert found is not None
    return found


def test_it_goes_on_with_as_many_episodes_at_the_same_time_of_day() -> None:
    upcoming = after(WATCHED)

    assert upcoming == replace(
        WATCHED,
        id=upcoming.id,
        first="e3",
        last="e4",
        state="planned",
        starts_at=instant(WALL) + WEEK + 60 * 60,
        wall="2026-10-28T20:30",
        touched_at=NOW,
        created_at=NOW,
        agreed_by=None,
        clock=None,
        thread_id=None,
        event_id=None,
        revision=1,
        event_shown=0,
        ended=None,
    )
    assert upcoming.id != WATCHED.id


def test_the_last_evening_has_what_is_left_and_then_it_ends() -> None:
    last = after(replace(WATCHED, first="e3", last="e4"))

    assert (last.first, last.last) == ("e5", "e5")
    assert next_week(last, ENDED_FINISHED, ORDER, NOW) is None


@pytest.mark.parametrize(("why", "order"), [("cancelled", ORDER), (ENDED_FINISHED, None)])
def test_what_was_not_watched_to_its_end_or_is_of_no_known_show_comes_once_more(
    why: str, order: Order | None
) -> None:
    upcoming = after(WATCHED, why, order)

    assert (upcoming.first, upcoming.last) == ("e1", "e2")


def test_weeks_that_are_over_are_left_out() -> None:
    assert after(WATCHED, now=NOW + 3 * WEEK).wall == "2026-11-18T20:30"


def test_one_that_began_late_comes_back_when_it_was_meant_to() -> None:
    late = replace(WATCHED, starts_at=instant("2026-10-22T02:00"))

    assert after(late).wall == "2026-10-28T20:30"


@pytest.mark.parametrize(
    "party",
    [
        replace(WATCHED, weekly=False),
        replace(WATCHED, wall=None),
        replace(WATCHED, starts_at=None),
    ],
)
def test_what_does_not_come_back_has_no_next_week(party: Party) -> None:
    assert next_week(party, ENDED_FINISHED, ORDER, NOW) is None


def test_a_zone_that_there_is_no_more_is_told() -> None:
    with pytest.raises(UnknownZoneError):
        next_week(replace(WATCHED, zone="Mars/Olympus"), ENDED_FINISHED, ORDER, NOW)
