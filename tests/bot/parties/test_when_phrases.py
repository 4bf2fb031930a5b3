"""What when promises for spoken times, listings at night, and times with a zone beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.parties.clock_times import UNREADABLE_TIME, WHICH_NIGHT, MomentError
from bot.parties.time_phrases import WRONG_DAY, ZONE_NOT_NEEDED
from bot.parties.when import (
    EACH_ITS_ZONE,
    SEVERAL_MEANINGS,
    TIME_IS_PAST,
    AmbiguousTimeError,
    needs_zone,
    read_moments,
)

BERLIN = "Europe/Berlin"
HALVES = st.sampled_from("ap")
HOURS, MINUTES = st.integers(1, 12), st.integers(0, 59)


def at(wall: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).timestamp())


NOW = at("2026-11-18T15:00:20")  # a Wednesday


def meant(text: str, now: int = NOW) -> list[str]:
    """The times that a text means; after "?" those that are asked back."""
    try:
        return [moment.wall for moment in read_moments(text, BERLIN, now)]
    except AmbiguousTimeError as unclear:
        assert str(unclear) == SEVERAL_MEANINGS  # noqa: PT017 - it may be read as well
        return ["?", *(choice.wall for choice in unclear.choices)]


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("half past 8pm", "2026-11-18T20:30"),
        ("half past 8 o'clock pm", "2026-11-18T20:30"),
        ("quarter past eight p.m.", "2026-11-18T20:15"),
        ("a quarter to nine pm", "2026-11-18T20:45"),
        ("fri quarter of 9pm", "2026-11-20T20:45"),
        ("tonight quarter to 9", "2026-11-18T20:45"),
        ("quarter to 21", "2026-11-18T20:45"),
        ("quarter to 12am", "2026-11-18T23:45"),
        ("Friday the 4th 8pm", "2026-12-04T20:00"),
        ("8pm on the 4th", "2026-12-04T20:00"),
        ("the 31st 8pm", "2026-12-31T20:00"),
        ("the 18th 8pm", "2026-11-18T20:00"),
        ("the 18th 14:00", "2026-12-18T14:00"),
        ("fri 8-9pm", "2026-11-20T20:00"),
        ("fri from 8 to 9pm", "2026-11-20T20:00"),
        ("8\u20139.30pm fri", "2026-11-20T20:00"),
        ("fri 11-1am", "2026-11-20T23:00"),
        ("fri 11-1pm", "2026-11-20T11:00"),
        ("fri 8pm-10pm", "2026-11-20T20:00"),
        ("20:00-22:00", "2026-11-18T20:00"),
        ("24 dec 8-9pm", "2026-12-24T20:00"),
        ("dec 5-8pm", "2026-12-05T20:00"),
        ("in an hour and a half", "2026-11-18T16:30"),
        ("in two hours and a half", "2026-11-18T17:30"),
        ("2 and a half hours", "2026-11-18T17:30"),
        ("25:30", "2026-11-19T01:30"),
        ("fri 25:30", "2026-11-21T01:30"),
        ("24 dec 24:00", "2026-12-25T00:00"),
        ("tonight 25:30", "2026-11-19T01:30"),
        ("9pm ET", "2026-11-19T03:00"),
        ("tomorrow 9pm ET", "2026-11-20T03:00"),
        ("20:00 UTC", "2026-11-18T21:00"),
        ("1 jul 2027 20:00 PT", "2027-07-02T05:00"),
        ("8pm ET / 5pm PT", "2026-11-19T02:00"),
        ("2026-12-24T20:00Z", "2026-12-24T21:00"),
        ("2026-12-24T20:00:00.000-05:00", "2026-12-25T02:00"),
        ("2026-12-24 20:00+0530", "2026-12-24T15:30"),
    ],
)
def test_it_is_read(text: str, wall: str) -> None:
    assert meant(text) == [wall]


@pytest.mark.parametrize(
    ("text", "walls"),
    [
        ("quarter to 9", ["2026-11-18T20:45", "2026-11-19T08:45"]),
        ("quarter to one", ["2026-11-19T00:45", "2026-11-19T12:45"]),
        ("half past 10", ["2026-11-18T22:30", "2026-11-19T10:30"]),
        ("half past twelve", ["2026-11-19T00:30", "2026-11-19T12:30"]),
        ("fri quarter to 12am", ["2026-11-19T23:45", "2026-11-20T23:45"]),
        ("fri 10-8pm", ["2026-11-20T10:00", "2026-11-20T22:00"]),
        ("8:30-10:30", ["2026-11-18T20:30", "2026-11-19T08:30"]),
        ("fri 8 ET", ["2026-11-20T14:00", "2026-11-21T02:00"]),
    ],
)
def test_what_stays_unclear_is_asked_back(text: str, walls: list[str]) -> None:
    assert meant(text) == ["?", *walls]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Friday the 5th 8pm", WRONG_DAY),
        ("the 32nd 8pm", UNREADABLE_TIME),
        ("half 8", UNREADABLE_TIME),
        ("half past 8:15", UNREADABLE_TIME),
        ("quarter to 31", UNREADABLE_TIME),
        ("25:30pm", UNREADABLE_TIME),
        ("at 25", UNREADABLE_TIME),
        ("fri morning 25:30", UNREADABLE_TIME),
        ("tonight quarter past 1am", WHICH_NIGHT),
        ("13-15pm", UNREADABLE_TIME),
        ("fri 8-13pm", UNREADABLE_TIME),
        ("2026-02-30T20:00Z", UNREADABLE_TIME),
        ("2026-12-24T20:00+99:00", UNREADABLE_TIME),
        ("2020-12-24T20:00Z", TIME_IS_PAST),
        ("yesterday 9pm ET", UNREADABLE_TIME),
        ("8pm ET 5pm PT", ZONE_NOT_NEEDED),
        ("9pm EST", ZONE_NOT_NEEDED),
        ("fri 8pm or 9pm ET", EACH_ITS_ZONE),
        ("et", UNREADABLE_TIME),
    ],
)
def test_what_is_no_time_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(MomentError) as caught:
        read_moments(text, BERLIN, NOW)
    assert str(caught.value) == sentence


def test_the_day_of_a_listing_is_unclear_before_dawn() -> None:
    before_dawn = at("2026-11-19T00:30")

    assert meant("25:30", before_dawn) == ["?", "2026-11-19T01:30", "2026-11-20T01:30"]
    assert meant("tonight 25:30", before_dawn) == ["?", "2026-11-19T01:30", "2026-11-20T01:30"]
    assert meant("fri 25:30", before_dawn) == ["2026-11-21T01:30"]
    assert meant("25:30", at("2026-11-19T01:30")) == ["2026-11-20T01:30"]


def test_tomorrow_is_unclear_where_it_is_another_day() -> None:
    before_dawn = at("2026-11-19T02:00")  # in New York it is still Wednesday, 20:00

    assert meant("tomorrow 9pm ET", before_dawn) == ["?", "2026-11-20T03:00", "2026-11-21T03:00"]
    assert meant("9pm ET", before_dawn) == ["2026-11-19T03:00"]
    assert meant("21 nov 9pm ET", before_dawn) == ["2026-11-22T03:00"]


def test_a_date_with_its_weekday_never_becomes_one_on_another_weekday() -> None:
    over = at("2026-12-04T21:00")

    with pytest.raises(MomentError, match=TIME_IS_PAST):
        read_moments("Friday the 4th 8pm", BERLIN, over)
    with pytest.raises(MomentError, match=TIME_IS_PAST):
        read_moments("fri 4 dec 8pm", BERLIN, over)
    assert meant("4 dec 8pm", over) == ["2027-12-04T20:00"]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        *((exact, False) for exact in ("in 2 minutes", "now", "an hour and a half", "<t:1>")),
        *((exact, False) for exact in ("2026-12-24T20:00Z", "in 1 hour or in 2 hours")),
        *((spoken, True) for spoken in ("20:00", "in 2 days 8pm", "in 1 hour or 20:00", "2h", "")),
    ],
)
def test_a_zone_is_needed_only_for_what_depends_on_it(text: str, *, needs: bool) -> None:
    assert needs_zone(text, NOW) is needs


@given(
    HOURS, HALVES, st.sampled_from([("half past", 30), ("quarter past", 15), ("quarter to", -15)])
)
def test_a_spoken_time_is_that_far_from_its_hour(
    hour: int, half: str, spoken: tuple[str, int]
) -> None:
    words, shift = spoken
    noon = datetime(2026, 11, 20, hour % 12 + 12 * (half == "p")) + timedelta(minutes=shift)  # noqa: DTZ001
    found = meant(f"fri {words} {hour}{half}m")
    assert f"{noon:%Y-%m-%dT%H:%M}" in found
    assert len(found) == 1 or (hour, half) == (12, "a")  # midnight of which end of Friday?


@given(st.integers(24, 29), MINUTES)
def test_hours_past_24_are_of_the_next_day(hour: int, minute: int) -> None:
    assert meant(f"fri {hour}:{minute:02}") == [f"2026-11-21T{hour - 24:02}:{minute:02}"]


@given(HOURS, HOURS, HALVES)
def test_a_range_begins_in_one_half_or_is_asked_about(first: int, last: int, half: str) -> None:
    ends = last % 12 + 12 * (half == "p")
    starts = [first % 12, first % 12 + 12]
    near = [start for start in starts if 0 < (ends - start) % 24 <= 6]
    text = f"fri {first}-{last}{half}m"
    days = {moment[:10] for moment in meant(text)} - {"?"}
    hours = {int(moment[11:13]) for moment in meant(text) if moment != "?"}
    assert hours == set(near or starts)
    assert days <= {"2026-11-20", "2026-11-21"}


@given(
    st.datetimes(datetime(2026, 12, 1), datetime(2031, 10, 1)),  # noqa: DTZ001 - local times
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_with_an_offset_is_exact(wall: datetime, offset: int) -> None:
    sign, hours, minutes = "+-"[offset < 0], *divmod(abs(offset), 60)
    (moment,) = read_moments(
        f"{wall:%Y-%m-%dT%H:%M}{sign}{hours:02}:{minutes:02}", "Asia/Kathmandu", NOW
    )
    whole = wall.replace(second=0, microsecond=0, tzinfo=UTC)
    assert moment.starts_at == int((whole - timedelta(minutes=offset)).timestamp())


@given(
    st.datetimes(datetime(2026, 12, 1), datetime(2031, 10, 1)),  # noqa: DTZ001 - local times
    st.sampled_from(["America/New_York", "Asia/Tokyo", "Pacific/Apia"]),
)
def test_a_time_with_its_zone_is_the_same_for_everybody(wall: datetime, reader: str) -> None:
    try:
        (moment,) = read_moments(f"{wall:%Y-%m-%d %H:%M} ET", reader, NOW)
    except AmbiguousTimeError as unclear:
        assert len(unclear.choices) == 2  # noqa: PT017 - the clocks change
        return
    assert moment.starts_at == at(f"{wall:%Y-%m-%dT%H:%M}", "America/New_York")
    there = datetime.fromtimestamp(moment.starts_at, ZoneInfo(reader))
    assert moment.wall == f"{there:%Y-%m-%dT%H:%M}"
