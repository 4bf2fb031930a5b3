"""What data.news.confirmation promises: a source is believed slowly, and says everything once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog.listing import ListedSeason, Listing, Stage
from data.news.confirmation import NOTHING_SEEN, Claim, Confirmation, claim_of, observe, step
from data.news_kinds import OVER, NewsKind
from data.points import DAY, day_of

NOW = 1_628_000_000  # 2021-08-03
TODAY = day_of(NOW)
PAST, SOON, LATER = date(2020, 5, 1), date(2021, 10, 1), date(2022, 2, 1)
STAGES: tuple[Stage | None, ...] = ("running", "undecided", "ended", "cancelled", "planned", None)


def listing(stage: Stage | None, *seasons: ListedSeason) -> Listing:
    page = "https://www.tvmaze.com/shows/1"
    return Listing(1, "A Show", page, stage, PAST, None, None, seasons)


def season(number: int, premiere: date | None = None, end: date | None = None) -> ListedSeason:
    return ListedSeason(number, premiere, end)


OUT = (season(1, date(2019, 1, 1)), season(2, PAST))


@pytest.mark.parametrize(
    ("listed", "claim"),
    [
        (listing("running", *OUT), Claim("released", 2)),
        (listing("undecided", *OUT), Claim("undecided", 3)),
        (listing("ended", *OUT), Claim("ended")),
        (listing("cancelled", *OUT), Claim("cancelled")),
        (listing("planned", season(1, SOON)), None),
        (listing(None, *OUT), None),
        (listing(None, *OUT, season(3)), Claim("renewed", 3)),
        (listing("running", *OUT, season(3)), Claim("renewed", 3)),
        (listing("undecided", *OUT, season(3)), Claim("renewed", 3)),
        (listing("running", *OUT, season(3, SOON)), Claim("dated", 3, SOON)),
        (listing("running", *OUT, season(3, TODAY)), Claim("released", 3)),
        (listing("running", *OUT, season(3, TODAY), season(4)), Claim("renewed", 4)),
        (listing("running", season(4, LATER), season(3, SOON), *OUT), Claim("dated", 3, SOON)),
        (listing("ended", *OUT, season(3)), Claim("ended")),
        (listing("ended", *OUT, season(3, SOON)), Claim("dated", 3, SOON)),
        (listing("cancelled", *OUT, season(3, SOON)), Claim("dated", 3, SOON)),
        (listing("ended"), Claim("ended")),
        (listing("running"), None),
        (listing("undecided"), None),
        (listing("running", season(1)), None),
        (listing("running", season(1), season(2)), None),
        (listing("running", season(1, SOON)), Claim("dated", 1, SOON)),
    ],
)
def test_a_listing_says_one_thing(listed: Listing, claim: Claim | None) -> None:
    assert claim_of(listed, TODAY) == claim


@pytest.mark.parametrize(
    ("seasons", "claim"),
    [
        ((season(4), season(5)), Claim("renewed", 4)),
        ((season(4), season(5, LATER)), Claim("renewed", 4)),
        ((season(5),), Claim("released", 3)),
        ((season(5, LATER),), Claim("released", 3)),
        ((season(2022),), Claim("released", 3)),
        ((season(0),), Claim("released", 3)),
        ((season(0, SOON),), Claim("released", 3)),
    ],
)
def test_only_the_very_next_season_is_a_sign(
    seasons: tuple[ListedSeason, ...], claim: Claim
) -> None:
    listed = listing("running", *OUT, season(3, date(2021, 1, 1)), *seasons)

    assert claim_of(listed, TODAY) == claim


def test_years_as_numbers_may_leave_one_out() -> None:
    out = (season(2018, date(2018, 1, 1)), season(2020, date(2020, 1, 1)))

    assert claim_of(listing("running", *out), TODAY) == Claim("released", 2020)
    assert claim_of(listing("running", *out, season(2022)), TODAY) == Claim("renewed", 2022)
    assert claim_of(listing("running", season(2022, SOON)), TODAY) == Claim("dated", 2022, SOON)


def test_a_year_that_is_listed_no_more_is_the_one_that_is_undecided() -> None:
    listed = listing("running", season(2020, date(2020, 1, 1)))

    assert claim_of(listed, TODAY, Claim("renewed", 2022)) == Claim("undecided", 2022)
    assert claim_of(listed, TODAY, Claim("undecided", 2022)) == Claim("undecided", 2022)


def test_an_undated_season_before_one_that_is_out_is_out_too() -> None:
    listed = listing("running", season(1), season(2), season(3, PAST), season(4))

    assert claim_of(listed, TODAY) == Claim("renewed", 4)


def test_a_season_of_which_only_the_end_is_known_is_out_after_it() -> None:
    assert claim_of(listing("running", season(1, None, PAST)), TODAY) == Claim("released", 1)


@pytest.mark.parametrize("kind", ["undecided", "renewed", "dated", "revived"])
@pytest.mark.parametrize("stage", ["running", "undecided", "ended"])
def test_the_release_of_what_was_waited_for_is_said_before_what_follows(
    kind: NewsKind, stage: Stage
) -> None:
    awaited = Claim(kind, 3)
    listed = listing(stage, *OUT, season(3, PAST), season(4))

    assert claim_of(listed, TODAY, awaited) == Claim("released", 3)


@pytest.mark.parametrize(
    ("confirmed", "claim"),
    [
        (Claim("released", 2), Claim("released", 2)),
        (Claim("released", 3), Claim("released", 3)),
        (Claim("undecided", 3), Claim("undecided", 3)),
        (Claim("renewed", 3), Claim("undecided", 3)),
        (Claim("dated", 3, SOON), Claim("undecided", 3)),
        (Claim("ended"), Claim("undecided", 3)),
        (Claim("released", 1), Claim("released", 2)),
    ],
)
def test_a_mere_status_releases_nothing(confirmed: Claim, claim: Claim) -> None:
    """A season that is listed no more was not released, and one that is out is so once."""
    assert claim_of(listing("running", *OUT), TODAY, confirmed) == claim


CLAIMS: st.SearchStrategy[Claim | None] = st.sampled_from(
    (
        None,
        Claim("renewed", 2),
        Claim("dated", 2, SOON),
        Claim("dated", 2, LATER),
        Claim("released", 2),
        Claim("undecided", 3),
        Claim("ended"),
        Claim("cancelled"),
    )
)
# Mostly hours and days; now and then the clock is turned back, or far ahead.
PAUSES = st.sampled_from((DAY, DAY + 60, 40 * DAY, DAY - 1, 3600, 0, -3600, -9 * DAY, 4000 * DAY))
# In runs: what is seen once only is never told, which would be told of nearly all.
RUNS = st.lists(st.tuples(CLAIMS, st.lists(PAUSES, min_size=1, max_size=4)), min_size=4, max_size=9)
LOOKS = RUNS.map(lambda runs: [(claim, pause) for claim, pauses in runs for pause in pauses])


def seen(looks: list[tuple[Claim | None, int]]) -> list[tuple[Confirmation, Claim | None, int]]:
    """Every hint, with what was confirmed by that look, and when."""
    hint, now, found = NOTHING_SEEN, NOW, list[tuple[Confirmation, Claim | None, int]]()
    for claim, pause in looks:
        now = max(NOW - 100 * DAY, now + pause)
        hint, confirmed = step(hint, claim, now)
        found.append((hint, confirmed, now))
    return found


@given(LOOKS)
def test_nothing_is_told_twice_without_another_between(
    looks: list[tuple[Claim | None, int]],
) -> None:
    told = [confirmed for _, confirmed, _ in seen(looks) if confirmed is not None]

    assert all(one != other for one, other in pairwise(told))


@given(LOOKS)
def test_what_is_told_was_seen_twice_a_day_apart_and_nothing_else_between(
    looks: list[tuple[Claim | None, int]],
) -> None:
    found = seen(looks)
    for last, (_, confirmed, now) in enumerate(found):
        if confirmed is None:
            continue
        first = last
        while first and looks[first - 1][0] == looks[last][0]:
            first -= 1
        assert any(now - found[at][2] >= DAY for at in range(first, last))


@given(LOOKS)
def test_the_first_that_is_confirmed_is_no_news(looks: list[tuple[Claim | None, int]]) -> None:
    before = NOTHING_SEEN
    for hint, confirmed, _ in seen(looks):
        if before.confirmed is None:
            assert confirmed is None
            assert not hint.is_told
        before = hint


@given(LOOKS)
def test_only_what_was_told_has_changed_what_is_confirmed(
    looks: list[tuple[Claim | None, int]],
) -> None:
    before = NOTHING_SEEN
    for hint, confirmed, _ in seen(looks):
        changed = before.confirmed is not None and hint.confirmed != before.confirmed
        assert changed == (confirmed is not None)
        assert confirmed in {None, hint.confirmed}
        before = hint


@given(LOOKS)
def test_a_season_after_the_end_is_a_revival(looks: list[tuple[Claim | None, int]]) -> None:
    before = NOTHING_SEEN
    for hint, confirmed, _ in seen(looks):
        if before.confirmed and before.confirmed.kind in OVER and confirmed:
            assert confirmed.kind not in {"renewed", "dated"}
        before = hint


def confirmed_in_turn(*claims: Claim) -> tuple[Confirmation, list[Claim]]:
    """Two looks at each, a day apart; what was told, and the hint at last."""
    hint, now, told = NOTHING_SEEN, NOW, list[Claim]()
    for claim in claims:
        for _ in range(2):
            hint, confirmed = step(hint, claim, now)
            now += DAY
            if confirmed is not None:
                told.append(confirmed)
    return hint, told


def test_a_revival_keeps_its_name_until_it_says_more() -> None:
    hint, told = confirmed_in_turn(
        Claim("ended"), Claim("renewed", 3), Claim("renewed", 3), Claim("dated", 3, SOON)
    )

    assert told == [Claim("revived", 3), Claim("dated", 3, SOON)]
    assert hint.confirmed == Claim("dated", 3, SOON)


def test_a_revival_that_had_a_day_is_corrected_with_its_day() -> None:
    first, _ = confirmed_in_turn(Claim("cancelled"), Claim("dated", 3, SOON))
    second, told = confirmed_in_turn(
        Claim("cancelled"), Claim("dated", 3, SOON), Claim("dated", 3, LATER)
    )

    assert told == [Claim("revived", 3, SOON), Claim("revived", 3, LATER)]
    assert second.first_on == first.first_on


def test_another_day_of_a_told_premiere_keeps_the_day_it_was_first_seen() -> None:
    hint, told = confirmed_in_turn(
        Claim("released", 2), Claim("dated", 3, SOON), Claim("dated", 3, LATER)
    )

    assert told == [Claim("dated", 3, SOON), Claim("dated", 3, LATER)]
    assert hint.first_on == TODAY + timedelta(days=2)


def test_another_day_of_a_premiere_that_was_no_news_is_news_of_its_own_day() -> None:
    hint, told = confirmed_in_turn(Claim("dated", 3, SOON), Claim("dated", 3, LATER))

    assert told == [Claim("dated", 3, LATER)]
    assert hint.first_on == TODAY + timedelta(days=2)


def test_another_look_between_begins_the_wait_anew() -> None:
    hint, _ = confirmed_in_turn(Claim("released", 2))
    moment = NOW + 9 * DAY
    hint, _ = step(hint, Claim("renewed", 3), moment)
    hint, _ = step(hint, Claim("released", 2), moment + DAY)

    assert step(hint, Claim("renewed", 3), moment + 2 * DAY)[1] is None


def test_a_clock_that_was_ahead_begins_the_wait_anew() -> None:
    hint, _ = confirmed_in_turn(Claim("released", 2))
    hint, _ = step(hint, Claim("renewed", 3), NOW + 4000 * DAY)
    hint, confirmed = step(hint, Claim("renewed", 3), NOW + 5 * DAY)

    assert confirmed is None
    assert hint.since == NOW + 5 * DAY
    assert step(hint, Claim("renewed", 3), NOW + 6 * DAY)[1] == Claim("renewed", 3)


def test_what_follows_a_release_begins_to_wait_with_the_look_that_confirmed_it() -> None:
    hint, _ = confirmed_in_turn(Claim("released", 1), Claim("renewed", 2))
    listed = listing("running", *OUT, season(3))
    hint, _ = observe(hint, listed, NOW + 9 * DAY)
    hint, told = observe(hint, listed, NOW + 10 * DAY)

    assert told == Claim("released", 2)
    assert (hint.waiting, hint.since) == (Claim("renewed", 3), NOW + 10 * DAY)
    assert observe(hint, listed, NOW + 11 * DAY)[1] == Claim("renewed", 3)


SEASONS = st.lists(
    st.builds(
        ListedSeason,
        st.sampled_from((0, 1, 2, 3, 5, 2019, 2021)),
        st.none() | st.sampled_from((PAST, SOON, LATER)),
        st.none() | st.sampled_from((PAST, LATER)),
    ),
    max_size=5,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(STAGES), SEASONS, st.sampled_from((3600, DAY, 40 * DAY))),
        max_size=20,
    )
)
def test_a_listing_that_stays_as_it_is_comes_to_rest(
    changes: list[tuple[Stage | None, list[ListedSeason], int]],
) -> None:
    """However it came to be so: after some days nothing more is told of it."""
    hint, now = NOTHING_SEEN, NOW
    listed = listing("running")
    for stage, seasons, pause in changes:
        listed = replace(listed, stage=stage, seasons=tuple(seasons))
        now += pause
        hint, _ = observe(hint, listed, now)
    listed = replace(listed, seasons=tuple(s for s in listed.seasons if s.premiere != LATER))
    now += 400 * DAY
    for days in range(9):
        hint, _ = observe(hint, listed, now + days * DAY)

    assert hint.waiting is None
    assert observe(hint, listed, now + 20 * DAY) == (hint, None)


@given(st.sampled_from(STAGES), SEASONS)
def test_the_order_in_which_seasons_are_listed_never_matters(
    stage: Stage | None, seasons: list[ListedSeason]
) -> None:
    by_number = list({one.number: one for one in seasons}.values())

    forward, backward = listing(stage, *by_number), listing(stage, *reversed(by_number))
    assert claim_of(forward, TODAY) == claim_of(backward, TODAY)
