"""What data.points promises: one way to write a point, many to read it, and one order for all."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.points import PREMISE, Order, Point, PointError, SeasonNeededError, Slot


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """A moment of that day in UTC, in epoch seconds."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


ALL = Point("c")  # what `all` means below
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

MOMENTS = st.integers(at(2019, 12, 1), at(2020, 4, 1))
MINUTES = st.none() | st.integers(0, 999)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """A show of up to eight episodes, in no order of their numbers."""
    numbers = st.tuples(st.integers(0, 9999), st.integers(0, 99999))
    places = draw(st.lists(numbers, min_size=1, max_size=8, unique=True))
    dates = st.none() | st.dates(date(2020, 1, 1), date(2020, 3, 1))
    when = st.none() | MOMENTS | st.just(at(2020, 2, 1, 12))
    slots = [Slot(f"e{i}", *place, draw(dates), draw(when)) for i, place in enumerate(places)]
    return Order(slots, is_over=draw(st.sampled_from([None, False, True])))


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

    assert order.parse(text, finished=ALL, season=season) == point


@given(shows(1))
def test_a_point_is_read_back_from_the_way_it_is_written(show: tuple[Order, list[Point]]) -> None:
    order, [point] = show
    label = order.label(point)

    assert order.parse(label, finished=ALL) == point
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
    assert SHOW.parse(text, finished=ALL) == point


@pytest.mark.parametrize(
    "text",
    [
        *("", "S1", "E2", "S1E3", "S3E1", "S1E2@", "S1E223m", "S1E2@1000", "S99999E1", "1-2", "-1"),
        *("S1E\u0662", "\uff11x2", "S1E2 and more", "s1e2 at 5", "premise 1"),
    ],
)
def test_what_is_no_place_in_the_show_is_refused(text: str) -> None:
    with pytest.raises(PointError) as raised:
        SHOW.parse(text, finished=ALL)
    assert not isinstance(raised.value, SeasonNeededError)


@given(orders(), st.text())
def test_any_text_is_a_point_of_the_show_or_refused(order: Order, text: str) -> None:
    with suppress(PointError):
        assert order.parse(text, finished=PREMISE) in order


def test_a_bare_number_needs_a_season_where_there_are_several() -> None:
    with pytest.raises(SeasonNeededError):
        SHOW.parse("2", finished=ALL)

    assert SHOW.parse("2", finished=ALL, season=1) == Point("b")
    assert SHOW.parse("2@7", finished=ALL, season=2) == Point("d", 7)
    with pytest.raises(PointError):
        SHOW.parse("2", finished=ALL, season=9)


def test_a_bare_number_counts_in_the_only_season_specials_aside() -> None:
    assert ONE_SEASON.parse("1", finished=ALL) == Point("a")
    assert ONE_SEASON.parse("2 5m", finished=ALL) == Point("b", 5)


@pytest.mark.parametrize(
    "text",
    [
        *("S2E1-2", "S2E1-E2", "s02e01-e02", "S02E01E02", "2x01-02", "2x1-2x2", "S2E1 to 2"),
        *("S2E1 \u2013 S2E2", "S2E1\u2014E2", "S2E1\u22122", "S2E1 \u2010 2", "S2 E1 & 2"),
        *("S2E1\u00a0to\u00a02", "\uff33\uff12\uff251-2", "S2E1 through S2E2", "S2E1..2"),
        *("S2E1 E2", "1-S2E2", "S2E01S02E02"),
    ],
)
def test_a_range_is_read_in_the_season_of_its_first_part(text: str) -> None:
    assert SHOW.parse_range(text, season=1) == (Point("c"), Point("d"))


def test_a_range_of_bare_numbers_needs_a_season_where_there_are_several() -> None:
    assert SHOW.parse_range("1-2", season=2) == (Point("c"), Point("d"))
    assert ONE_SEASON.parse_range("E1-E2") == (Point("a"), Point("b"))
    with pytest.raises(SeasonNeededError):
        SHOW.parse_range("1-2")


@pytest.mark.parametrize(
    "text",
    [
        *("", "S2E1", "S2E1 2", "S2E1-", "-2", "S2-3", "S2E1@5-2", "S2E1-3", "S2E1-S3", "12"),
        *("S2E1--2", "S2E1-S0E2", "S2E12x1"),
    ],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(PointError):
        SHOW.parse_range(text, season=2)


@given(shows(0), st.data())
def test_any_spelling_of_a_pair_is_that_pair_or_refused(
    show: tuple[Order, list[Point]], data: st.DataObject
) -> None:
    order, _ = show
    first, last = (data.draw(st.sampled_from(order.slots)) for _ in range(2))
    whole = st.sampled_from(["S{0}E{1}", "s{0:02}e{1:02}", "{0}x{1:02}", "S{0} E{1}"])
    short = st.sampled_from(["{1}", "E{1}", "{1:02}"])
    begin = data.draw(whole).format(first.season, first.number)
    form = whole | short if first.season == last.season else whole
    end = data.draw(form).format(last.season, last.number)
    spaces = st.sampled_from(["", " ", "\u2009"])
    links = st.sampled_from([*"-\u2010\u2011\u2012\u2013\u2014\u2212,&", "to", "until", "..", ""])
    link = data.draw(spaces) + data.draw(links) + data.draw(spaces)
    hint = data.draw(st.none() | st.sampled_from(order.seasons))

    try:
        found = order.parse_range(begin + link + end, season=hint)
    except PointError:
        assert not link.strip() or link.strip().isalpha() or "," in link
        return
    assert found == (Point(first.id), Point(last.id))


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
    ("now", "released", "watchable"),
    [
        (at(2022, 12, 31, 9, 59), PREMISE, PREMISE),
        (at(2022, 12, 31, 10), PREMISE, Point("a")),  # the day begins, far in the east
        (at(2023, 1, 2, 11, 59), PREMISE, Point("a")),
        (at(2023, 1, 2, 12), Point("a"), Point("a")),  # it is over, far in the west
        (at(2024, 4, 30, 9), Point("x"), Point("x")),
        (at(2024, 5, 1), Point("x"), Point("c")),
        (at(2024, 5, 2, 12), Point("c"), Point("c")),
        (at(2030, 1, 1), Point("d"), Point("d")),
    ],
)
def test_a_day_has_to_be_over_everywhere_before_all_goes_past_it(
    now: int, released: Point, watchable: Point
) -> None:
    assert SHOW.released(now) == released
    assert SHOW.watchable(now) == watchable


def test_a_moment_decides_wherever_somebody_is() -> None:
    tokyo = Slot("a", 1, 1, date(2026, 1, 1), at(2025, 12, 31, 15, 30))
    new_york = Slot("b", 1, 2, date(2026, 1, 1), at(2026, 1, 2, 3))
    order = Order([tokyo, new_york])

    assert order.released(at(2025, 12, 31, 15, 29)) == PREMISE
    assert order.released(at(2025, 12, 31, 15, 30)) == Point("a")
    assert order.released(at(2026, 1, 2, 2, 59)) == order.watchable(at(2026, 1, 2, 2)) == Point("a")
    assert order.released(at(2026, 1, 2, 3)) == Point("b")
    assert not order.can_be_watched(Point("b", 1), at(2026, 1, 2, 2, 59))
    assert order.can_be_watched(Point("b", 1), at(2026, 1, 2, 3))


def test_noon_that_stands_for_some_hour_of_the_day_keeps_nobody_from_saying_so() -> None:
    order = Order([Slot("a", 1, 1, date(2026, 1, 1), at(2026, 1, 1, 12))])

    assert order.can_be_watched(Point("a"), at(2026, 1, 1, 8))
    assert order.released(at(2026, 1, 1, 8)) == PREMISE
    assert order.released(at(2026, 1, 1, 12)) == Point("a")


def test_an_episode_that_is_still_to_come_is_passed_by_nobody_who_says_all() -> None:
    special = Slot("x", 0, 1, date(2030, 1, 1))
    order = Order([Slot("a", 1, 1, date(2020, 1, 1)), special, Slot("b", 1, 2, date(2020, 1, 8))])

    assert order.released(at(2021, 1, 1)) == Point("a")
    assert order.watchable(at(2021, 1, 1)) == Point("b")
    assert order.can_be_watched(Point("b"), at(2021, 1, 1))
    assert not order.can_be_watched(Point("x"), at(2021, 1, 1))


def test_one_without_a_date_at_the_end_of_a_show_that_goes_on_can_be_watched_by_nobody() -> None:
    assert not SHOW.can_be_watched(Point("e"), at(2030, 1, 1))
    assert SHOW.can_be_watched(Point("d"), at(2030, 1, 1))


def test_a_moment_before_the_day_itself_is_not_believed() -> None:
    order = Order([Slot("a", 1, 1, date(2020, 1, 5), airs=at(2020, 1, 1))])

    assert order.released(at(2020, 1, 4, 9, 59)) == PREMISE
    assert order.released(at(2020, 1, 4, 10)) == Point("a")  # the day begins on Kiribati


def test_what_is_sealed_at_a_point_that_is_gone_opens_at_the_very_end_alone() -> None:
    gone = Point("z")

    assert not any(SHOW.opens(gone, Point(id)) for id in "abxcd")
    assert not SHOW.opens(gone, PREMISE)
    assert not SHOW.opens(gone, Point("e", 50))
    assert SHOW.opens(gone, Point("e"))
    assert not Order([]).opens(gone, PREMISE)


@pytest.mark.parametrize(
    ("is_over", "dated", "undated"),
    [(True, "c", "b"), (False, "a", None), (None, "a", "b")],
)
def test_undated_episodes_are_out_once_a_show_has_ended(
    *, is_over: bool | None, dated: str, undated: str | None
) -> None:
    begun = [Slot("a", 1, 1, date(2020, 1, 1)), Slot("b", 1, 2), Slot("c", 1, 3)]
    never = [Slot("a", 1, 1), Slot("b", 1, 2)]

    assert Order(begun, is_over=is_over).released(at(2021, 1, 1)) == Point(dated)
    assert Order(never, is_over=is_over).released(at(2021, 1, 1)) == Point(undated)
    assert Order(never, is_over=is_over).watchable(at(2021, 1, 1)) == Point("b")
    assert Order([], is_over=is_over).released(at(2021, 1, 1)) == PREMISE


ZONES = [timezone(timedelta(hours=hours)) for hours in (-12, -5, 0, 9, 14)]


@given(orders(), MOMENTS)
def test_nothing_is_out_before_its_moment_in_any_zone(order: Order, now: int) -> None:
    for slot in order.between(PREMISE, order.released(now)):
        if slot.airs is not None:
            assert slot.airs <= now
        elif slot.aired is not None:
            assert all(datetime.fromtimestamp(now, zone).date() > slot.aired for zone in ZONES)
    last = order.slot(order.watchable(now))
    if last is not None and last.aired is not None and last.airs is None:
        assert any(datetime.fromtimestamp(now, zone).date() >= last.aired for zone in ZONES)


@given(orders(), MOMENTS, st.integers(0, 100 * 24 * 3600))
def test_what_is_out_stays_out(order: Order, now: int, later: int) -> None:
    then = now + later

    assert order.reached(order.released(now), order.released(then))
    assert order.reached(order.watchable(now), order.watchable(then))
    assert order.reached(order.released(now), order.watchable(now))
    for slot in order.slots:
        if order.can_be_watched(Point(slot.id), now):
            assert order.can_be_watched(Point(slot.id), then)


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

    assert empty.parse("premise", finished=ALL) == PREMISE
    assert empty.label(PREMISE) == "premise"
    assert empty.after(PREMISE) is None
    assert empty.between(PREMISE, PREMISE) == ()
    with pytest.raises(PointError):
        empty.parse("S1E1", finished=ALL)


@pytest.mark.parametrize("known", ["S9E9", "S1E1@", "S1E1@x", "S1E1@-1", ""])
def test_what_no_pack_may_write_is_no_point(known: str) -> None:
    with pytest.raises(PointError):
        Order([Slot("a", 1, 1)]).at(known)
