"""What data.points promises: one way to write a point, many to read it, and one order for all."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from data.points import PREMISE, Order, Point, PointError, SeasonNeededError, Slot

TODAY = date(2024, 5, 1)
# A special between the seasons, and an undated episode before a dated one.
SHOW = Order(
    [
        Slot("a", 1, 1, date(2023, 1, 1)),
        Slot("b", 1, 2),
        Slot("x", 0, 1, date(2023, 6, 1)),
        Slot("c", 2, 1, date(2024, 5, 1)),
        Slot("d", 2, 2, date(2024, 5, 8)),
        Slot("e", 2, 10),
    ]
)
ONE_SEASON = Order([Slot("x", 0, 1), Slot("a", 1, 1), Slot("b", 1, 2)])

MINUTES = st.none() | st.integers(0, 999)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """A show of up to eight episodes, in no order of their numbers."""
    numbers = st.tuples(st.integers(0, 9999), st.integers(0, 99999))
    places = draw(st.lists(numbers, min_size=1, max_size=8, unique=True))
    dates = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
    return Order(Slot(f"e{i}", *place, draw(dates)) for i, place in enumerate(places))


def points(order: Order) -> st.SearchStrategy[Point]:
    ids = st.sampled_from([slot.id for slot in order.slots])
    return st.just(PREMISE) | st.builds(Point, ids, MINUTES)


@st.composite
def shows(draw: st.DrawFn, count: int) -> tuple[Order, list[Point]]:
    order = draw(orders())
    return order, [draw(points(order)) for _ in range(count)]


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Order, Point, str, int | None]:
    """A point of a show, one of the ways to write it, and the season it needs beside it."""
    order = draw(orders())
    slot = draw(st.sampled_from(order.slots))
    minute = draw(MINUTES)
    zeros = "0" * draw(st.integers(0, 1))
    season = zeros[: 4 - len(str(slot.season))] + str(slot.season)
    number = zeros[: 5 - len(str(slot.number))] + str(slot.number)
    forms = [f"S{season}E{number}", f"S{season} e{number}", f"{season}x{number}", number]
    place = draw(st.sampled_from(forms))
    minutes = ["@{}", "@{}m", " @ {}", " {}m", " @{}M"]
    after = "" if minute is None else draw(st.sampled_from(minutes)).format(minute)
    text = draw(st.sampled_from([place, place.lower(), place.upper()])) + after
    regular = {slot.season for slot in order.slots} - {0}
    hint = slot.season if place == number else None
    if len(regular) == 1 and hint is not None and hint not in regular:
        text = f"S{season}E{number}{after}"
    return order, Point(slot.id, minute), draw(st.sampled_from(["", " "])) + text + " ", hint


@given(spellings())
def test_every_accepted_spelling_of_a_point_is_read(
    spelt: tuple[Order, Point, str, int | None],
) -> None:
    order, point, text, season = spelt

    assert order.parse(text, today=TODAY, season=season) == point


@given(shows(1))
def test_a_point_is_read_back_from_the_way_it_is_written(show: tuple[Order, list[Point]]) -> None:
    order, [point] = show
    label = order.label(point)

    assert order.parse(label, today=TODAY) == point
    assert order.at(label) == point
    assert point in order


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("S1E2", Point("b")),
        ("s01e02", Point("b")),
        ("1x02", Point("b")),
        ("1X2", Point("b")),
        ("S2E10", Point("e")),
        ("S0E1", Point("x")),
        ("S1E2@23", Point("b", 23)),
        ("S1E2 23m", Point("b", 23)),
        ("S1E2@0", Point("b", 0)),
        ("premise", PREMISE),
        (" None ", PREMISE),
        ("NOTHING", PREMISE),
        ("all", Point("c")),
        ("Finished", Point("c")),
    ],
)
def test_what_people_type_is_understood(text: str, point: Point) -> None:
    assert SHOW.parse(text, today=TODAY) == point


@pytest.mark.parametrize(
    "text",
    [
        *("", "S1", "E2", "S1E3", "S3E1", "S1E2@", "S1E223m", "S1E2@1000", "S99999E1", "1-2", "-1"),
        *("S1E\u0662", "\uff11x2", "S1E2 and more", "s1e2 at 5", "premise 1"),
    ],
)
def test_what_is_no_place_in_the_show_is_refused(text: str) -> None:
    with pytest.raises(PointError) as raised:
        SHOW.parse(text, today=TODAY)
    assert not isinstance(raised.value, SeasonNeededError)


@given(orders(), st.text())
def test_any_text_is_a_point_of_the_show_or_refused(order: Order, text: str) -> None:
    with suppress(PointError):
        assert order.parse(text, today=TODAY) in order


def test_a_bare_number_needs_a_season_where_there_are_several() -> None:
    with pytest.raises(SeasonNeededError):
        SHOW.parse("2", today=TODAY)

    assert SHOW.parse("2", today=TODAY, season=1) == Point("b")
    assert SHOW.parse("2@7", today=TODAY, season=2) == Point("d", 7)
    with pytest.raises(PointError):
        SHOW.parse("2", today=TODAY, season=9)


def test_a_bare_number_counts_in_the_only_season_specials_aside() -> None:
    assert ONE_SEASON.parse("1", today=TODAY) == Point("a")
    assert ONE_SEASON.parse("2 5m", today=TODAY) == Point("b", 5)


@pytest.mark.parametrize("known", ["S1E3", "S01E02", "1x2", "", "all", "Premise"])
def test_a_pack_writes_a_point_in_one_way_only(known: str) -> None:
    with pytest.raises(PointError):
        SHOW.at(known)


@given(shows(3))
def test_points_have_one_order(show: tuple[Order, list[Point]]) -> None:
    order, [a, b, c] = show

    assert order.reached(a, a)
    assert order.reached(a, b) or order.reached(b, a)
    if order.reached(a, b) and order.reached(b, a):
        assert a == b
    if order.reached(a, b) and order.reached(b, c):
        assert order.reached(a, c)


@given(shows(3))
def test_the_earliest_point_is_reached_by_all(show: tuple[Order, list[Point]]) -> None:
    order, chosen = show
    earliest = order.earliest(*chosen)

    assert earliest in chosen
    assert all(order.reached(earliest, point) for point in chosen)


@given(shows(1))
def test_the_premise_comes_first_and_the_last_episode_last(
    show: tuple[Order, list[Point]],
) -> None:
    order, [point] = show

    assert order.reached(PREMISE, point)
    assert order.reached(point, Point(order.slots[-1].id))


@given(orders(), st.integers(0, 999), st.integers(0, 999))
def test_minutes_lie_between_the_episode_before_and_its_end(
    order: Order, early: int, late: int
) -> None:
    before = PREMISE
    for slot in order.slots:
        inside = Point(slot.id, early)
        assert order.reached(before, inside)
        assert not order.reached(inside, before)
        assert not order.reached(Point(slot.id), inside)
        assert order.reached(inside, Point(slot.id, late)) == (early <= late)
        before = Point(slot.id)


def test_order_is_the_packs_and_not_that_of_the_numbers() -> None:
    assert SHOW.reached(Point("b"), Point("x"))
    assert SHOW.reached(Point("x"), Point("c"))
    assert not SHOW.reached(Point("x"), Point("b"))
    assert SHOW.seasons == (1, 0, 2)


@given(shows(1), st.none() | st.integers(0, 999))
def test_a_point_the_show_does_not_have_is_the_premise(
    show: tuple[Order, list[Point]], minute: int | None
) -> None:
    order, [point] = show
    lost = Point("gone", minute)

    assert lost not in order
    assert order.label(lost) == "premise"
    assert order.slot(lost) is None
    assert order.reached(lost, PREMISE)
    assert order.reached(point, lost) == (point == PREMISE)


@given(shows(1))
def test_what_comes_after_a_point_is_the_nearest_end_of_an_episode(
    show: tuple[Order, list[Point]],
) -> None:
    order, [point] = show
    ends = [Point(slot.id) for slot in order.slots]

    later = [end for end in ends if not order.reached(end, point)]

    assert order.after(point) == (later[0] if later else None)


@given(shows(2))
def test_between_two_points_lie_the_episodes_that_end_there(
    show: tuple[Order, list[Point]],
) -> None:
    order, [low, high] = show

    assert list(order.between(low, high)) == [
        slot
        for slot in order.slots
        if order.reached(Point(slot.id), high) and not order.reached(Point(slot.id), low)
    ]


@pytest.mark.parametrize(
    ("days", "last"), [(-1000, PREMISE), (-1, Point("x")), (0, Point("c")), (900, Point("d"))]
)
def test_released_is_what_is_out_that_day(days: int, last: Point) -> None:
    assert SHOW.released(TODAY + timedelta(days=days)) == last


def test_without_any_date_all_is_released() -> None:
    assert ONE_SEASON.released(TODAY) == Point("b")
    assert Order([]).released(TODAY) == PREMISE


DAYS = st.dates(date(2019, 1, 1), date(2031, 1, 1))


@given(orders(), DAYS)
def test_the_last_that_is_out_is_released_with_all_before_it(order: Order, day: date) -> None:
    out = [Point(slot.id) for slot in order.slots if slot.aired and slot.aired <= day]
    assume(any(slot.aired for slot in order.slots))

    assert order.released(day) == (out[-1] if out else PREMISE)


@given(orders(), DAYS, st.integers(0, 500))
def test_what_was_released_stays_released(order: Order, day: date, days: int) -> None:
    assert order.reached(order.released(day), order.released(day + timedelta(days=days)))


@given(shows(1))
def test_a_point_survives_being_a_token(show: tuple[Order, list[Point]]) -> None:
    _, [point] = show

    assert Point.from_token(point.token) == point


@given(orders(), st.text())
@example(Order([]), "e01@soon")
def test_a_forged_token_is_refused_or_a_point_that_can_be_checked(order: Order, token: str) -> None:
    try:
        point = Point.from_token(token)
    except ValueError:
        assert "@" in token
        return

    assert (point in order) == (point == PREMISE or point.episode in {s.id for s in order.slots})


def test_a_show_without_episodes_has_the_premise_only() -> None:
    empty = Order([])

    assert empty.parse("premise", today=TODAY) == PREMISE
    assert empty.label(PREMISE) == "premise"
    assert empty.after(PREMISE) is None
    assert empty.between(PREMISE, PREMISE) == ()
    with pytest.raises(PointError):
        empty.parse("S1E1", today=TODAY)


@pytest.mark.parametrize("known", ["S9E9", "S1E1@", "S1E1@x", "S1E1@-1", ""])
def test_what_no_pack_may_write_is_no_point(known: str) -> None:
    with pytest.raises(PointError):
        Order([Slot("a", 1, 1)]).at(known)
